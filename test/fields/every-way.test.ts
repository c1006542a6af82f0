import { type Client, createClient, FIELDS, type Field, type Process, type ProcessTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sleeper } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';

/** One process that sleeps in a file, a session and a folder: nothing of it changes. */
let steady: Spawned;
beforeAll(async () => {
  steady = await sleeper(['setsid']);
});
afterAll(() => steady[Symbol.dispose]());

/** What others map too, and the rest of the machine, change of themselves. */
const UNSTEADY = ['memoryFootprint', 'memoryMaps', 'oomScore'] as const;
const STEADY = FIELDS.filter((field) => !(UNSTEADY as readonly Field[]).includes(field));

describe.each([
  ['auto', 1],
  ['procfs', 2],
] as const)('by %s', (source, threads) => {
  let client: Client;
  let all: ProcessTable;
  beforeAll(async () => {
    client = createClient({ source, threads });
    all = await client.scan({ fields: FIELDS });
  });
  afterAll(() => client.close());

  test.each(STEADY)('%s has one value, whichever way it is read', async (field) => {
    const { pid } = steady;
    const value = await client[field](pid);
    expect(value).toBeDefined();
    const held = await client.process(pid);
    if (field === 'startTime') expect(held.startTime).toEqual(value);
    else expect(await readOf(held, field)).toEqual(value);
    expect(await client.oneshot(pid, (scope): Promise<unknown> => scope[field]())).toEqual(value);
    expect(await client.oneshot(held, (scope): Promise<unknown> => scope[field]())).toEqual(value);
    for (const fields of [[field], FIELDS]) {
      expect((await client.snapshot(pid, { fields }))[field]).toEqual(value);
      expect((await client.scan({ fields, pids: [pid] })).get(pid)?.[field]).toEqual(value);
    }
    expect(await client.oneshot(pid, async (scope) => (await scope.snapshot({ fields: [field] }))[field])).toEqual(
      value,
    );
    expect(all.get(pid)?.[field]).toEqual(value);
    expect(all.error(pid, field)).toBeUndefined();
  });

  test.each(UNSTEADY)('%s has the same members, whichever way it is read', async (field) => {
    const { pid } = steady;
    const expected = shape(await client[field](pid));
    expect(shape(await (await client.process(pid))[field]())).toEqual(expected);
    expect(shape(await client.oneshot(pid, (scope): Promise<unknown> => scope[field]()))).toEqual(expected);
    expect(shape((await client.snapshot(pid, { fields: [field] }))[field])).toEqual(expected);
    expect(shape((await client.scan({ fields: [field], pids: [pid] })).get(pid)?.[field])).toEqual(expected);
    expect(shape(all.get(pid)?.[field])).toEqual(expected);
  });
});

/** By its own method: startTime is none. */
function readOf(held: Process, field: Exclude<Field, 'startTime'>): Promise<unknown> {
  return held[field]();
}

/** The type of a value, or of the members of the first one. */
function shape(value: unknown): unknown {
  return shapeOf(Array.isArray(value) ? value[0] : value);
}

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, member === null ? null : typeof member]),
  );
}

test('every field of this system is supported, and no other name', async () => {
  await using client = createClient({ threads: 1 });
  expect(FIELDS.filter((field) => !client.supports(field))).toEqual([]);
  expect(client.supports('cmdLine')).toBe(false);
});
