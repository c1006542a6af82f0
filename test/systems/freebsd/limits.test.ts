import {
  AccessDeniedError,
  createClient,
  NoSuchProcessError,
  NotSupportedError,
  ZombieProcessError,
} from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { SimulatedWorld } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { promised } from './promised.js';

/** Limits on FreeBSD, and what it does when the least that it needs is refused. */
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

const PID = 77;
const kernels = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name !== 'kern.boottime'));

describe('limits', () => {
  const LIMITS = { soft: 1, hard: 2 };

  test('are exchanged in one call, between a check of the process before and one after', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.calls();
    await process.rlimit('RLIMIT_CORE', LIMITS);
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.pid': 2, 'kern.proc.rlimit=': 1 });
    await client.rlimit(PID, 'RLIMIT_CORE', LIMITS);
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.pid': 1, 'kern.proc.rlimit=': 1 });
  });

  test('that reached another process than was meant are an error', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.on({ call: 'kern.proc.rlimit=', kind: 'recycle', victim: PID });
    expect(await rejection(process.rlimit('RLIMIT_CORE', LIMITS))).toBeInstanceOf(NoSuchProcessError);
  });

  test('of a zombie are not set', async () => {
    expect(await rejection(client.rlimit(await world.zombie(), 'RLIMIT_CORE', LIMITS))).toBeInstanceOf(
      ZombieProcessError,
    );
  });

  test('of a kernel that knows fewer resources than the headers are those it knows', async () => {
    const { limits } = world.put({ pid: PID });
    world.put({ pid: PID, limits: (limits as BigUint64Array).subarray(0, 30) });
    const all = await client.rlimits(PID);
    expect(Object.keys(all)).not.toContain('RLIMIT_PIPEBUF');
    expect(Object.keys(all)).toHaveLength(15);
    expect(Object.keys(await client.rlimits(PID, { bigint: true }))).toHaveLength(15);
    expect(await rejection(client.getrlimit(PID, 'RLIMIT_PIPEBUF'))).toBeInstanceOf(NotSupportedError);
    expect(
      (await client.scan({ fields: ['rlimits'], pids: [PID] })).column('rlimits').RLIMIT_PIPEBUF?.soft[0],
    ).toBeNaN();
    expect(await rejection(client.rlimit(PID, 'RLIMIT_PIPEBUF', LIMITS))).toMatchObject({ code: 'EINVAL' });
  });

  test('beyond the system’s numbers are none', async () => {
    const { pid } = await world.own();
    const hard = 2n ** 63n + 5n;
    await client.rlimit(pid, 'RLIMIT_PIPEBUF', { soft: 2n ** 63n - 1n, hard });
    expect(await client.getrlimit(pid, 'RLIMIT_PIPEBUF')).toEqual({ soft: Infinity, hard: Infinity });
  });

  test('of one’s own process are read and set without looking it up', async () => {
    const { pid } = await world.own();
    kernel.calls();
    await client.rlimits(pid);
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.pid': 1, getrlimit: 16 });
    await client.rlimit(pid, 'RLIMIT_CORE', { soft: 1, hard: 2 });
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.pid': 1, getrlimit: 1, setrlimit: 1 });
  });

  test('of one’s own process that the system refuses are refused', async () => {
    const { pid, limits } = await world.own();
    kernel.on({ call: 'getrlimit', kind: 'error', error: 'EPERM' });
    expect(await rejection(client.rlimits(pid))).toBeInstanceOf(AccessDeniedError);
    kernel.on({ call: 'getrlimit', kind: 'error', error: 'EPERM' });
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', LIMITS))).toMatchObject({ syscall: 'getrlimit' });
    kernel.on({ call: 'setrlimit', kind: 'error', error: 'EPERM' });
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', LIMITS))).toMatchObject({ syscall: 'setrlimit' });
    expect(await client.getrlimit(pid, 'RLIMIT_CORE')).toEqual(limits.RLIMIT_CORE);
    const process = { limits: new BigUint64Array(30) };
    world.put({ pid, ...process });
    expect(Object.keys(await client.rlimits(pid))).toHaveLength(15);
  });
});

function failing(skip = 0): void {
  kernel.on({ call: 'kern.boottime', skip, kind: 'error', error: 'EPERM' });
}

describe('what nothing can be told without', () => {
  test('the boot time: every call says that it failed', async () => {
    world.put({ pid: PID });
    failing();
    expect(await rejection(client.pgid(PID))).toBeInstanceOf(AccessDeniedError);
    failing(1);
    expect(await rejection(client.pgid(PID))).toBeInstanceOf(AccessDeniedError);
    failing();
    expect(await rejection(client.scan({ fields: ['pgid'] }))).toBeInstanceOf(AccessDeniedError);
    failing();
    expect(await rejection(client.rlimit(PID, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toBeInstanceOf(AccessDeniedError);
    const process = await client.process(PID);
    world.put({ pid: PID, start: 9 });
    failing(1);
    expect(await rejection(process.pgid())).toBeInstanceOf(AccessDeniedError);
  });

  test('the time: a oneshot does without', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'clock_gettime', kind: 'error', error: 'EINVAL' });
    expect(await client.oneshot(PID, (process) => process.pgid())).toBe(PID);
  });

  test('its own /proc: another root means other processes', async () => {
    await using elsewhere = createClient({ threads: 1, procRoot: '/host/proc' });
    expect(['pgid', 'umask', 'scan', 'rlimit'].filter((name) => elsewhere.supports(name))).toEqual([]);
    for (const work of [
      () => elsewhere.pgid(1),
      () => elsewhere.pids(),
      () => elsewhere.scan({ fields: ['pgid'] }),
      () => elsewhere.rlimit(1, 'RLIMIT_CORE', { soft: 0, hard: 0 }),
    ]) {
      expect(await rejection(work())).toBeInstanceOf(NotSupportedError);
    }
  });

  test('a thread in a hurry is not held up by a scan of given PIDs', async () => {
    for (let pid = 3000; pid < 3300; pid++) world.put({ pid });
    const scan = client.scan({ fields: ['pgid', 'umask'], pids: Array.from({ length: 300 }, (_, i) => 3000 + i) });
    expect(await client.pgid(3001)).toBe(3001);
    expect(await scan).toHaveLength(300);
  });
});
