import { inspect } from 'node:util';
import { createClient, NoSuchProcessError, Process, ZombieProcessError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { prlimit, ps, startTicks, ticksSinceBoot } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('a Process has the PID and the start time that the field has', async () => {
  using spawned = await sleeper();
  const held = await client.process(spawned.pid);
  expect(held).toBeInstanceOf(Process);
  expect(held.pid).toBe(spawned.pid);
  expect(held.startTime).toBe(await client.startTime(spawned.pid));
});

test('every field is a method of a Process', async () => {
  using spawned = await sleeper(['setsid']);
  const held = await client.process(spawned.pid);
  const fields = [
    'name',
    'ppid',
    'state',
    'uids',
    'gids',
    'groups',
    'umask',
    'sigmasks',
    'pgid',
    'sid',
    'threads',
    'rlimits',
  ] as const;
  for (const field of fields) expect(await held[field](), field).toEqual(await client[field](spawned.pid));
  expect(await held.pgid()).toBe(Number(ps(spawned.pid, 'pgid')[0]));
});

test('getrlimit, rlimit and snapshot are methods of a Process', async () => {
  using spawned = await sleeper(['prlimit', '--nofile=5:10']);
  const held = await client.process(spawned.pid);
  expect(await held.getrlimit('RLIMIT_NOFILE')).toEqual({ soft: 5, hard: 10 });
  expect(await held.rlimit('RLIMIT_NOFILE', { soft: 4, hard: 8 })).toEqual({ soft: 5, hard: 10 });
  expect(prlimit(spawned.pid, 'nofile')).toEqual({ soft: 4, hard: 8 });
  expect(await held.snapshot({ fields: ['umask'] })).toEqual(await client.snapshot(spawned.pid, { fields: ['umask'] }));
});

test('a Process is taken wherever a PID is', async () => {
  using spawned = await sleeper(['prlimit', '--nofile=5:10']);
  const held = await client.process(spawned.pid);
  expect(await client.pgid(held)).toBe(await client.pgid(spawned.pid));
  expect(await client.getrlimit(held, 'RLIMIT_NOFILE')).toEqual({ soft: 5, hard: 10 });
  expect((await client.snapshot(held)).pid).toBe(spawned.pid);
  expect((await client.process(held)).startTime).toBe(held.startTime);
  expect([...(await client.scan({ pids: [held] })).pids]).toEqual([spawned.pid]);
});

test('a Process prints as its PID and when it began, and is both as JSON', async () => {
  const self = await client.process(process.pid);
  expect(inspect(self)).toMatch(/^Process \{ pid: \d+, startTime: \d{4}-.*Z \}$/);
  expect(JSON.parse(JSON.stringify(self))).toEqual({ pid: process.pid, startTime: self.startTime });
});

test('process() rejects for a PID that no process has', async () => {
  expect(await rejection(client.process(UNUSED_PID))).toBeInstanceOf(NoSuchProcessError);
});

test('isRunning is true until the process has ended', async () => {
  using spawned = await sleeper();
  const held = await client.process(spawned.pid);
  expect(await held.isRunning()).toBe(true);
  await spawned.end();
  expect(await held.isRunning()).toBe(false);
});

test('through a Process that has ended every read and every set rejects', async () => {
  using spawned = await sleeper();
  const held = await client.process(spawned.pid);
  await spawned.end();
  const calls = [
    held.umask(),
    held.snapshot(),
    held.getrlimit('RLIMIT_CORE'),
    held.rlimit('RLIMIT_CORE', { soft: 0, hard: 0 }),
  ];
  for (const call of calls) {
    const error = await rejection(call);
    expect(error).toBeInstanceOf(NoSuchProcessError);
    expect(error).not.toBeInstanceOf(ZombieProcessError);
    expect(error).toMatchObject({ code: 'ESRCH', pid: spawned.pid });
  }
});

describe('through a Process whose PID another process has been given', () => {
  test('no read reaches the new one', async ({ skip }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    const { first } = await recycled(python);
    const fields = [
      'name',
      'ppid',
      'state',
      'uids',
      'gids',
      'groups',
      'umask',
      'sigmasks',
      'pgid',
      'sid',
      'threads',
      'rlimits',
    ] as const;
    const answers = await Promise.allSettled(fields.map((field) => first[field]()));
    for (const answer of answers) expect(answer).toMatchObject({ reason: expect.any(NoSuchProcessError) });
    expect(await rejection(first.snapshot())).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(first.getrlimit('RLIMIT_CORE'))).toBeInstanceOf(NoSuchProcessError);
    expect(await first.isRunning()).toBe(false);
  });

  test('no set reaches the new one', async ({ skip }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    const { pid, first } = await recycled(python);
    const before = prlimit(pid, 'nofile');
    expect(await rejection(first.rlimit('RLIMIT_NOFILE', { soft: 7, hard: 7 }))).toBeInstanceOf(NoSuchProcessError);
    expect(prlimit(pid, 'nofile')).toEqual(before);
  });

  test('a scope opened for it reads and sets nothing of the new one', async ({ skip }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    const { pid, first } = await recycled(python);
    const before = prlimit(pid, 'nofile');
    await using scope = await client.oneshot(first);
    expect(await rejection(scope.umask())).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(scope.rlimit('RLIMIT_NOFILE', { soft: 7, hard: 7 }))).toBeInstanceOf(NoSuchProcessError);
    expect(prlimit(pid, 'nofile')).toEqual(before);
  });

  test('a scan leaves it out, and has the new one by its number', async ({ skip }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    const { pid, first } = await recycled(python);
    expect((await client.scan({ pids: [first] })).length).toBe(0);
    expect((await client.scan({ pids: [pid] })).length).toBe(1);
  });

  test('in one scan, the PID is the new process and the Process is gone', async ({ skip }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    const { pid, first } = await recycled(python);
    const [byNumber, byProcess] = await Promise.allSettled([client.pgid(pid), client.pgid(first)]);
    expect(byNumber).toEqual({ status: 'fulfilled', value: Number(ps(pid, 'pgid')[0]) });
    expect(byProcess).toMatchObject({ reason: expect.any(NoSuchProcessError) });
  });

  test('in a scope of the number, no value of the new one is returned as the Process’s', async ({ skip }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    await retried(async () => {
      const pid = await python.run<number>('fork(lambda: None)');
      const first = await client.process(pid);
      // Only of a process that began before the scope's first read can a scope of the number be certain.
      await until('it is older than a tick', () => ticksSinceBoot() > startTicks(pid) + 1);
      return client.oneshot(pid, async () => {
        await client.umask(first);
        if (!(await python.run<boolean>(`recycle(${pid})`))) return undefined;
        expect(await rejection(client.getrlimit(first, 'RLIMIT_NOFILE'))).toBeInstanceOf(NoSuchProcessError);
        return pid;
      });
    });
  });

  test('in a scope of the number that read the first one, its Process does not return the first’s values', async ({
    skip,
  }) => {
    skip(...lacking.choiceOfPid);
    using python = await Python.start();
    await retried(async () => {
      await python.run('os.umask(0o011)');
      const pid = await python.run<number>('fork(lambda: None)');
      await python.run('os.umask(0o022)');
      return client.oneshot(pid, async (scope) => {
        expect(await scope.umask()).toBe(0o011);
        if (!(await python.run<boolean>(`recycle(${pid})`))) return undefined;
        expect(await client.umask(await client.process(pid))).toBe(0o022);
        expect(await scope.umask()).toBe(0o011);
        return pid;
      });
    });
  });
});

/** Gives a child's PID to another child; resolves with it and with the Process of the first. */
async function recycled(python: Python): Promise<{ pid: number; first: Process }> {
  const { pid, first, began } = await retried(async () => {
    const child = await python.run<number>('fork(lambda: None)');
    const made = { pid: child, first: await client.process(child), began: startTicks(child) };
    return (await python.run<boolean>(`recycle(${child})`)) ? made : undefined;
  });
  // The PID is the same, the process is not.
  expect(startTicks(pid)).not.toBe(began);
  expect(await client.pgid(pid)).toBe(Number(ps(pid, 'pgid')[0]));
  return { pid, first };
}

/** Tries again if an unrelated process got the PID. */
function retried<T>(attempt: () => Promise<T | undefined>): Promise<NonNullable<T>> {
  return until('no other process takes the PID', attempt);
}
