import { readdirSync } from 'node:fs';
import { createClient, NoSuchProcessError, ZombieProcessError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { ps, stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('a process that waits is sleeping', async () => {
  using process = await sleeper();
  await until('it sleeps', () => stateOf(process.pid) === 'S');
  expect(await client.state(process.pid)).toBe('sleeping');
});

test('a process that works is running', async () => {
  using python = await Python.start();
  // A child in a busy loop until it is ended.
  const worker = await python.run<number>('fork(lambda: any(iter(int, 1)))');
  await until('it is seen running', async () => (await client.state(worker)) === 'running');
  expect(await client.state(worker)).toBe('running');
});

test('a process that was sent SIGSTOP is stopped, and sleeps again after SIGCONT', async () => {
  using spawned = await sleeper();
  spawned.child.kill('SIGSTOP');
  await until('it is stopped', () => stateOf(spawned.pid) === 'T');
  expect(await client.state(spawned.pid)).toBe('stopped');
  spawned.child.kill('SIGCONT');
  await until('it goes on', () => stateOf(spawned.pid) === 'S');
  expect(await client.state(spawned.pid)).toBe('sleeping');
});

test('a process that its tracer stopped is tracing-stop', async () => {
  using python = await Python.start();
  const PTRACE_TRACEME = 0;
  const traced = await python.run<number>(
    `fork(lambda: (libc.ptrace(${PTRACE_TRACEME}, 0, 0, 0), os.kill(os.getpid(), signal.SIGSTOP)))`,
  );
  await until('it is stopped by its tracer', () => stateOf(traced) === 't');
  expect(await client.state(traced)).toBe('tracing-stop');
});

test('a thread of the kernel that has no work is idle', async ({ skip }) => {
  const idle = readdirSync('/proc')
    .map(Number)
    .find((pid) => pid > 2 && stateOf(pid) === 'I');
  skip(idle === undefined, 'no kernel thread is seen from here');
  expect(await client.state(idle as number)).toBe('idle');
});

describe('a zombie', () => {
  test('has the state that ps shows as Z', async () => {
    using python = await Python.start();
    const zombie = await zombieOf(python);
    expect(await client.state(zombie)).toBe('zombie');
    expect(ps(zombie, 'stat')[0]).toMatch(/^Z/);
  });

  test('still has its ids, group, session, parent, name and limits', async () => {
    using python = await Python.start();
    const zombie = await zombieOf(python);
    const [pgid, sid, ppid] = ps(zombie, 'pgid', 'sid', 'ppid').map(Number);
    expect(await client.pgid(zombie)).toBe(pgid);
    expect(await client.sid(zombie)).toBe(sid);
    expect(await client.ppid(zombie)).toBe(ppid);
    expect(await client.name(zombie)).toBe('python3');
    expect((await client.uids(zombie)).real).toBe(process.getuid?.());
    expect(await client.groups(zombie)).toEqual(await python.run('os.getgroups()'));
  });

  test('has signal sets, as ps shows them', async () => {
    using python = await Python.start();
    const zombie = await zombieOf(python);
    const [blocked, ignored] = ps(zombie, 'blocked', 'ignored').map((mask) => BigInt(`0x${mask}`));
    const masks = await client.sigmasks(zombie);
    expect([masks.blocked?.mask, masks.ignored?.mask]).toEqual([blocked, ignored]);
  });

  test('is running as a Process until it has been waited for', async () => {
    using python = await Python.start();
    const zombie = await zombieOf(python);
    const held = await client.process(zombie);
    expect(await held.isRunning()).toBe(true);
    await python.run(`os.waitpid(${zombie}, 0)`);
    expect(await held.isRunning()).toBe(false);
  });

  test('has no umask: ZombieProcessError, which is a NoSuchProcessError', async () => {
    using python = await Python.start();
    const zombie = await zombieOf(python);
    const error = await rejection(client.umask(zombie));
    expect(error).toBeInstanceOf(ZombieProcessError);
    expect(error).toBeInstanceOf(NoSuchProcessError);
    expect(error).toMatchObject({ name: 'ZombieProcessError', code: 'ESRCH', errno: -3, pid: zombie });
  });

  test('leaves the other fields of its snapshot be', async () => {
    using python = await Python.start();
    const zombie = await zombieOf(python);
    const snapshot = await client.snapshot(zombie, { fallback: 'lost' });
    expect(snapshot).toMatchObject({ pid: zombie, umask: 'lost', pgid: Number(ps(zombie, 'pgid')[0]) });
  });
});

async function zombieOf(python: Python): Promise<number> {
  const pid = await python.run<number>('zombie()');
  await until('the child is a zombie', () => stateOf(pid) === 'Z');
  return pid;
}
