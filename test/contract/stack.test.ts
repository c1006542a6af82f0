import { createClient, type Process } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** The first frame of a stack. */
function firstFrame(error: Error): string {
  return error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '';
}

type Call = (pid: number) => Promise<unknown>;
const CALLS: [string, Call][] = [
  [
    'umask',
    async function caller(pid) {
      return await client.umask(pid);
    },
  ],
  [
    'pgid',
    async function caller(pid) {
      return await client.pgid(pid);
    },
  ],
  [
    'rlimits',
    async function caller(pid) {
      return await client.rlimits(pid);
    },
  ],
  [
    'getrlimit',
    async function caller(pid) {
      return await client.getrlimit(pid, 'RLIMIT_CORE');
    },
  ],
  [
    'rlimit',
    async function caller(pid) {
      return await client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 });
    },
  ],
  [
    'snapshot',
    async function caller(pid) {
      return await client.snapshot(pid);
    },
  ],
  [
    'process',
    async function caller(pid) {
      return await client.process(pid);
    },
  ],
  [
    'a scope’s umask',
    async (pid) =>
      client.oneshot(pid, async function caller(scope) {
        return await scope.umask();
      }),
  ],
  [
    'a bad argument',
    async function caller() {
      return await client.umask('1' as never);
    },
  ],
  [
    'a bad scan',
    async function caller() {
      return await client.scan({ fields: ['x' as never] });
    },
  ],
];

describe.each(CALLS)('the stack of an error of %s', (_, call) => {
  test('begins where the caller called', async () => {
    const error = await rejection(call(UNUSED_PID));
    expect(firstFrame(error)).toMatch(/\bcaller\b.*stack\.test/);
  });

  test('has the header that names class and message', async () => {
    const error = await rejection(call(UNUSED_PID));
    expect(error.stack?.startsWith(`${error.name}: ${error.message}\n`)).toBe(true);
  });
});

test('callers who share a message each have their own frames', async () => {
  const errors = await Promise.all([rejection(first()), rejection(second())]);
  expect(errors.map(firstFrame)).toEqual([expect.stringContaining('first'), expect.stringContaining('second')]);
  expect(errors[0]).not.toBe(errors[1]);
});

test('the stack of an error of a Process begins at its caller', async () => {
  using spawned = await sleeper();
  const held: Process = await client.process(spawned.pid);
  await spawned.end();
  async function caller() {
    return await held.umask();
  }
  expect(firstFrame(await rejection(caller()))).toMatch(/\bcaller\b.*stack\.test/);
});

async function first(): Promise<number> {
  return await client.umask(UNUSED_PID);
}

async function second(): Promise<number> {
  return await client.umask(UNUSED_PID);
}
