import { createClient, NoSuchProcessError, type Process } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';
import { OF_THREADS, SETTERS, setValue } from './setters.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** A process, and its `Process`, whose PID is then given to another one that begins in the same clock tick. */
async function replaced(reused: Compiled, meanwhile?: (first: Process) => Promise<void>): Promise<Process> {
  return until('two processes begin in one tick', async () => {
    const [pid, began] = (await reused.line('first')).split(' ').map(Number);
    const first = await client.process(pid as number);
    await meanwhile?.(first);
    const second = (await reused.line('swap')).split(' ').map(Number);
    expect(second[0]).toBe(pid);
    return second[1] === began ? first : undefined;
  });
}

test('a thousand times another process of the same tick has the PID of a Process, and no call takes it for that', async ({
  skip,
}) => {
  skip(...lacking.reuseOfPid);
  skip(...lacking.pidfs);
  using reused = new Compiled('reused.c');
  for (let i = 0; i < 1000; i++) {
    const first = await replaced(reused);
    const calls = [
      first.umask(),
      first.snapshot(),
      first.getrlimit('RLIMIT_RSS'),
      first.rlimit('RLIMIT_RSS', { soft: 7, hard: Number.POSITIVE_INFINITY }),
      client.process(first),
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ reason: expect.any(NoSuchProcessError) });
    }
    expect(await first.isRunning()).toBe(false);
    expect((await client.scan({ pids: [first], fields: ['umask'] })).length).toBe(0);
    expect(await reused.line('limit')).toBe('2000');
  }
}, 120_000);

test('a scope of the number is not taken for one of the Process that had it in the same tick', async ({ skip }) => {
  skip(...lacking.reuseOfPid);
  skip(...lacking.pidfs);
  using reused = new Compiled('reused.c');
  for (let i = 0; i < 50; i++) {
    const first = await replaced(reused);
    await client.oneshot(first.pid, async (scope) => {
      // The scope knows its start, and that it began before the scope's first read.
      expect(await scope.startTime()).toBe(first.startTime);
      expect(await scope.umask()).toBe(0o222);
      expect(await rejection(client.umask(first))).toBeInstanceOf(NoSuchProcessError);
      const set = client.rlimit(first, 'RLIMIT_RSS', { soft: 7, hard: Number.POSITIVE_INFINITY });
      expect(await rejection(set)).toBeInstanceOf(NoSuchProcessError);
    });
    expect(await reused.line('limit')).toBe('2000');
  }
});

test('a set through a Process never reaches another process that has its PID', async ({ skip }) => {
  skip(...lacking.reuseOfPid);
  skip(...lacking.pidfs);
  using reused = new Compiled('reused.c');
  for (let i = 0; i < 50; i++) {
    const first = await replaced(reused);
    const before = SETTERS.map(({ shown }) => shown(first.pid));
    for (const setter of SETTERS) {
      for (const options of [undefined, { allThreads: true }]) {
        if (options !== undefined && !OF_THREADS.includes(setter)) continue;
        expect(await rejection(setValue(client, setter, first, setter.values[0], options))).toBeInstanceOf(
          NoSuchProcessError,
        );
      }
    }
    expect(SETTERS.map(({ shown }) => shown(first.pid))).toEqual(before);
  }
}, 60_000);

test('two Processes of one process are one to a scope, and share what it has read', async () => {
  const [one, two] = [await client.process(process.pid), await client.process(process.pid)];
  await client.oneshot(one, async () => {
    await client.umask(one);
    const { messages } = client.stats();
    expect(await client.umask(two)).toBe(process.umask());
    expect(client.stats().messages).toBe(messages);
  });
});

test('a Process has the start time that a scan has, in whole milliseconds', async () => {
  const held = await client.process(process.pid);
  const table = await client.scan({ pids: [held], fields: ['startTime'] });
  expect(table.get(process.pid)?.startTime).toBe(held.startTime);
  expect(Number.isInteger(held.startTime)).toBe(true);
});
