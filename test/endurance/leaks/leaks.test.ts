import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { report, scaled } from '../scale.js';
import { openWorld, SUBJECTS } from './subjects.mjs';

const CALLS = scaled(200, 100_000);
/** What a round of calls may leave: less than a word a call, and the pages that an allocator keeps for later. */
const LIMITS = {
  heap: scaled(8 * 1024, 100 * 1024),
  threads: scaled(8 * 1024, 100 * 1024),
  rss: 1024 * 1024,
  descriptors: 0,
  tasks: 0,
};
const MOST_MS = scaled(90_000, 3_600_000);
const GROUPS = ['Client', 'Process', 'Oneshot', 'ProcessTable', 'Remote'];

type Kind = keyof typeof LIMITS;

type Measured = { readonly [kind in Kind]: number } & {
  readonly name: string;
  /** In a round, and in all rounds. */
  readonly calls: number;
  readonly made: number;
  readonly failed: number;
};

const world = await openWorld();
afterAll(() => world.client.close());

/** A file beside this one. */
function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** The public methods of an object: those that its class and the classes above it have. */
function methodsOf(kind: string, object: object): string[] {
  const names: string[] = [];
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Reflect.ownKeys(at)) {
      const { value } = Object.getOwnPropertyDescriptor(at, name) ?? {};
      if (typeof value !== 'function' || name === 'constructor') continue;
      // A Process has a number of that name.
      if (kind === 'Process' && name === 'startTime') continue;
      names.push(typeof name === 'string' ? `${kind}.${name}` : `${kind}[${nameOf(name)}]`);
    }
  }
  return names;
}

function nameOf(symbol: symbol): string {
  if (symbol === inspect.custom) return 'inspect';
  return symbol === Symbol.asyncDispose ? 'Symbol.asyncDispose' : String(symbol.description);
}

test('every public method has a test of leaks', () => {
  const objects = { Client: world.client, Process: world.held, Oneshot: world.scope, ProcessTable: world.table };
  const methods = Object.entries(objects).flatMap(([kind, object]) => methodsOf(kind, object));
  expect(methods.length).toBeGreaterThan(50);
  expect(methods.filter((method) => SUBJECTS[method] === undefined)).toEqual([]);
});

describe.each(GROUPS)('after many calls, half of them failing, of each method of a %s', (group) => {
  const names = Object.keys(SUBJECTS).filter((name) => name.split(/[ .[]/)[0] === group);

  test('heap, memory, descriptors and threads are where they were', { timeout: MOST_MS }, async () => {
    const measured = await measure(names);
    expect(measured.map(({ name }) => name)).toEqual(names);
    const made = measured.reduce((sum, each) => sum + each.made, 0);
    const failed = measured.reduce((sum, each) => sum + each.failed, 0);
    report(`${group}: ${names.length} methods, ${made} calls, ${failed} of them failing`);
    for (const { name, calls, heap, threads, rss, descriptors, tasks } of measured) {
      report(
        `  ${name}: ${calls} calls, heap ${heap}, thread's heap ${threads}, rss ${rss}, fds ${descriptors}, threads ${tasks}`,
      );
    }
    const kinds = Object.entries(LIMITS) as [Kind, number][];
    const leaking = measured.filter((each) => kinds.some(([kind, most]) => each[kind] > most));
    expect(leaking).toEqual([]);
  });

  test('they fail where they are meant to', async () => {
    for (const name of names) {
      const { fails } = SUBJECTS[name] ?? {};
      if (fails !== undefined) await expect(async () => fails(world), name).rejects.toThrow();
    }
  });
});

async function measure(names: readonly string[]): Promise<Measured[]> {
  const args = [
    '--expose-gc',
    '--require',
    here('thread.cjs'),
    here('measure.mjs'),
    String(CALLS),
    JSON.stringify(LIMITS),
    ...names,
  ];
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: MOST_MS });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured);
}
