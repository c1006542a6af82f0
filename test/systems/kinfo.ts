import { AsyncResource } from 'node:async_hooks';
import { AccessDeniedError, createClient, NoSuchProcessError, NotSupportedError, ProcessError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { SimulatedWorld } from './simulated-world.js';
import { simulation } from './simulation.js';
import type { Promised } from './world.js';

/** What the simulated kernel of a system names the calls of its backend. */
export interface Calls {
  /** One process. */
  readonly one: string;
  /** Every process. */
  readonly everyone: string;
  /** The boot time, where starts count from there. */
  readonly boot?: string;
  /** Fields of a scan of every process that take other calls. */
  readonly apart?: readonly string[];
}

const PID = 77;
const LIMITS = { soft: 1, hard: 2 };

/** What the BSDs and macOS do alike: packages/native/src/platform/kinfo, over the simulated kernel of one of them. */
export function describeKinfo(promised: Promised, calls: Calls): void {
  describe('as on every system of this kind', () => everySystem(promised, calls));
}

function everySystem(promised: Promised, { one, everyone, boot, apart = [] }: Calls): void {
  const kernel = simulation();
  const client = createClient({ threads: 1 });
  afterAll(() => client.close());

  let world: SimulatedWorld;
  beforeEach(() => {
    world = new SimulatedWorld(promised);
  });

  const kernels = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).filter(([name]) => name !== boot));

  describe('every process', () => {
    test('is listed and scanned by one call for the size and one for the data', async () => {
      world.put({ pid: PID });
      kernel.calls();
      await client.pids();
      expect(kernels(kernel.calls())).toEqual({ [everyone]: 2 });
      await client.scan({ fields: promised.bulk.filter((field) => !apart.includes(field)) });
      expect(kernels(kernel.calls())).toEqual({ [everyone]: 2 });
    });

    test('is returned in the order of the PIDs', async () => {
      for (const pid of [50, 7, 3000, 12]) world.put({ pid });
      expect([...(await client.pids())]).toEqual([1, 7, 12, 50, 3000]);
      expect([...(await client.scan({ fields: ['pgid'] })).column('pgid')]).toEqual([1, 7, 12, 50, 3000]);
    });

    test('is there also where processes come between the two', async () => {
      kernel.on({ call: everyone, skip: 1, kind: 'add', number: 50 });
      expect(await client.pids()).toHaveLength(51);
      kernel.on({ call: everyone, skip: 1, kind: 'add', number: 200 });
      expect(await client.scan({ fields: ['pgid'] })).toHaveLength(251);
    });

    test('fails with the system’s error where they never stop coming', async () => {
      kernel.on({ call: everyone, times: 1000, kind: 'error', error: 'ENOMEM' });
      for (const work of [client.pids(), client.scan({ fields: ['pgid'] })]) {
        expect(await rejection(work)).toMatchObject({ name: 'ProcessError', code: 'ENOMEM', syscall: 'sysctl' });
      }
      expect(kernel.calls()[everyone]).toBeLessThan(30);
    });

    test('is an error where the system refuses, and the error is the system’s', async () => {
      for (const [error, type] of [
        ['EPERM', AccessDeniedError],
        ['ENOSYS', NotSupportedError],
        ['EIO', ProcessError],
      ] as const) {
        kernel.on({ call: everyone, kind: 'error', error });
        expect(await rejection(client.pids())).toBeInstanceOf(type);
        kernel.on({ call: everyone, skip: 1, kind: 'error', error });
        expect(await rejection(client.scan({ fields: ['pgid'] }))).toBeInstanceOf(type);
      }
    });

    test('of which the last is cut off is not supported', async () => {
      kernel.on({ call: everyone, times: 2, kind: 'cut', number: 300 });
      expect(await rejection(client.pids())).toBeInstanceOf(NotSupportedError);
    });

    test('can be none', async () => {
      kernel.reset();
      expect(await client.pids()).toHaveLength(0);
      expect(await client.scan({ fields: ['pgid'] })).toHaveLength(0);
    });
  });

  describe('one process', () => {
    test.each(['sigmasks', 'threads'] as const)('that is cut off has no %s', async (field) => {
      world.put({ pid: PID, threads: 1 });
      kernel.on({ call: one, times: 2, kind: 'cut', number: 300 });
      expect(await rejection(client[field](PID))).toBeInstanceOf(NotSupportedError);
    });

    test('of which the system returns nothing does not exist', async () => {
      world.put({ pid: PID });
      kernel.on({ call: one, kind: 'cut', number: 0 });
      expect(await rejection(client.pgid(PID))).toBeInstanceOf(NoSuchProcessError);
    });

    test('denied by the system is denied here, with what to do about it', async () => {
      kernel.on({ call: one, kind: 'error', error: 'EPERM' });
      const error = await rejection(client.pgid(1));
      expect(error).toBeInstanceOf(AccessDeniedError);
      expect(error.message).toBe('EPERM: not permitted, sysctl (pgid of PID 1); run as its user or as root');
    });
  });

  describe('a Process', () => {
    test('stays the same one when the clock is set', async () => {
      world.put({ pid: PID });
      const process = await client.process(PID);
      kernel.on({ call: one, kind: 'clock', number: 3_600_000_000 });
      expect(await process.isRunning()).toBe(true);
      expect(await process.isRunning()).toBe(true);
      // Between the boot time and the process.
      kernel.on({ call: one, kind: 'clock', number: 5_000_000 });
      expect(await process.pgid()).toBe(PID);
      const own = await client.process((await world.own()).pid);
      kernel.on({ call: one, kind: 'clock', number: 5_000_000 });
      expect(await own.rlimit('RLIMIT_CORE', LIMITS)).toBeDefined();
      kernel.on({ call: one, kind: 'clock', number: 5_000_000 });
      // A start that counts from the boot follows the clock, as on Linux; elsewhere it is what the clock said then.
      const moved = boot === undefined ? 0 : 3_615_000;
      expect(await client.startTime(PID)).toBeCloseTo(process.startTime + moved, 2);
    });

    test('is not the process of a oneshot that began before it', async () => {
      world.put({ pid: PID, start: 100 });
      const outside = new AsyncResource('outside');
      await client.oneshot(PID, async (scope) => {
        const pgid = await scope.pgid();
        world.put({ pid: PID, start: 2_000_000_000, pgid: 5 });
        const process = await outside.runInAsyncScope(() => client.process(PID));
        expect(await process.pgid()).toBe(5);
        expect(await scope.pgid()).toBe(pgid);
      });
    });
  });

  describe('limits of one’s own process', () => {
    test('are read and set by calls that need no PID', async () => {
      const { pid, limits } = await world.own();
      const count = Object.keys(limits).length;
      kernel.calls();
      await client.rlimits(pid);
      // After the last one in the headers, no further one is requested.
      expect(kernels(kernel.calls())).toEqual({ [one]: 1, getrlimit: count });
      await client.rlimit(pid, 'RLIMIT_CORE', LIMITS);
      expect(kernels(kernel.calls())).toEqual({ [one]: 1, getrlimit: 1, setrlimit: 1 });
    });

    test('that the system refuses reject', async () => {
      const { pid, limits } = await world.own();
      kernel.on({ call: 'getrlimit', kind: 'error', error: 'EPERM' });
      expect(await rejection(client.rlimits(pid))).toBeInstanceOf(AccessDeniedError);
      kernel.on({ call: 'getrlimit', kind: 'error', error: 'EPERM' });
      expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', LIMITS))).toMatchObject({ syscall: 'getrlimit' });
      kernel.on({ call: 'setrlimit', kind: 'error', error: 'EPERM' });
      expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', LIMITS))).toMatchObject({ syscall: 'setrlimit' });
      expect(await client.getrlimit(pid, 'RLIMIT_CORE')).toEqual(limits.RLIMIT_CORE);
    });

    test('are those of the kernel, if it is older than the headers', async () => {
      const { pid, limits } = await world.own();
      world.put({ pid, limits: new BigUint64Array((Object.keys(limits).length - 1) * 2) });
      expect(Object.keys(await client.rlimits(pid))).toHaveLength(Object.keys(limits).length - 1);
    });

    test('beyond the system’s largest number are unlimited', async () => {
      const { pid, limits } = await world.own();
      const last = Object.keys(limits).at(-1) as 'RLIMIT_NOFILE';
      await client.rlimit(pid, last, { soft: 2n ** 63n - 1n, hard: 2n ** 63n + 5n });
      expect(await client.getrlimit(pid, last)).toEqual({ soft: Infinity, hard: Infinity });
    });
  });

  describe('what no field can be read without', () => {
    const failing = (skip = 0) => kernel.on({ call: boot as string, skip, kind: 'error', error: 'EPERM' });

    test.runIf(boot !== undefined)('the boot time: every call says that it failed', async () => {
      world.put({ pid: PID });
      failing();
      expect(await rejection(client.pgid(PID))).toBeInstanceOf(AccessDeniedError);
      failing(1);
      expect(await rejection(client.pgid(PID))).toBeInstanceOf(AccessDeniedError);
      failing();
      expect(await rejection(client.scan({ fields: ['pgid'] }))).toBeInstanceOf(AccessDeniedError);
      failing();
      expect(await rejection(client.rlimit(PID, 'RLIMIT_CORE', LIMITS))).toBeInstanceOf(AccessDeniedError);
      const process = await client.process(PID);
      world.put({ pid: PID, start: 9 });
      failing(1);
      expect(await rejection(process.pgid())).toBeInstanceOf(AccessDeniedError);
    });

    test('the time: a oneshot works without it', async () => {
      world.put({ pid: PID });
      kernel.on({ call: 'clock_gettime', kind: 'error', error: 'EINVAL' });
      expect(await client.oneshot(PID, (process) => process.pgid())).toBe(PID);
    });

    test('its own /proc: with another root no call is supported', async () => {
      await using elsewhere = createClient({ threads: 1, procRoot: '/host/proc' });
      expect(['pgid', 'sid', 'scan', 'rlimit'].filter((name) => elsewhere.supports(name))).toEqual([]);
      for (const work of [
        () => elsewhere.pgid(1),
        () => elsewhere.pids(),
        () => elsewhere.scan({ fields: ['pgid'] }),
        () => elsewhere.rlimit(1, 'RLIMIT_CORE', LIMITS),
      ]) {
        expect(await rejection(work())).toBeInstanceOf(NotSupportedError);
      }
    });

    test('a scan of given PIDs makes way for waiting calls', async () => {
      for (let pid = 3000; pid < 3300; pid++) world.put({ pid });
      const scan = client.scan({ fields: promised.supported, pids: Array.from({ length: 300 }, (_, i) => 3000 + i) });
      expect(await client.pgid(3001)).toBe(3001);
      expect(await scan).toHaveLength(300);
    });
  });
}
