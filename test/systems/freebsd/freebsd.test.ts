import { AsyncResource } from 'node:async_hooks';
import { STATES } from '@psutil-extra/native';
import {
  AccessDeniedError,
  createClient,
  NoSuchProcessError,
  NotSupportedError,
  ProcessError,
  ZombieProcessError,
} from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { SimulatedWorld, signals } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { promised } from './promised.js';

/** What FreeBSD alone does: sys/kern/kern_proc.c, as the simulated kernel answers. */
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

const many = (count: number) => Uint32Array.from({ length: count }, (_, i) => 500 + i);

describe('groups', () => {
  test('that fit come with everything else', async () => {
    world.put({ pid: PID, groups: many(16) });
    kernel.calls();
    expect(await client.groups(PID)).toEqual([...many(16)]);
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.pid': 1 });
  });

  test('past sixteen are read by a call of their own, in a snapshot and in a scan of everything', async () => {
    world.put({ pid: PID, groups: many(1024) });
    expect(await client.groups(PID)).toEqual([...many(1024)]);
    expect((await client.scan({ fields: ['groups', 'gids'] })).get(PID)?.groups).toEqual([...many(1024)]);
    expect((await client.gids(PID)).effective).toBe(500);
  });

  test('that grow while they are read are read again, and not for ever', async () => {
    world.put({ pid: PID, groups: many(100) });
    kernel.on({ call: 'kern.proc.groups', skip: 1, times: 3, kind: 'error', error: 'ENOMEM' });
    expect(await client.groups(PID)).toEqual([...many(100)]);
    kernel.on({ call: 'kern.proc.groups', times: 1000, kind: 'error', error: 'ENOMEM' });
    const error = await rejection(client.groups(PID));
    expect(error).toBeInstanceOf(ProcessError);
    expect(error.code).toBe('ENOMEM');
  });

  test('of a process that has gone meanwhile are nobody’s', async () => {
    for (const fields of [['groups'], ['groups', 'umask']] as const) {
      world.put({ pid: PID, groups: many(20) });
      kernel.on({ call: 'kern.proc.groups', kind: 'remove', victim: PID });
      expect(await rejection(client.snapshot(PID, { fields }))).toBeInstanceOf(NoSuchProcessError);
      world.put({ pid: PID, groups: many(20) });
      kernel.on({ call: 'kern.proc.groups', kind: 'remove', victim: PID });
      expect((await client.scan({ fields: ['groups'] })).get(PID)).toBeUndefined();
    }
  });

  test('that are none leave the effective group untold', async () => {
    world.put({ pid: PID, groups: new Uint32Array() });
    expect(await client.groups(PID)).toEqual([]);
    expect(await rejection(client.gids(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('that are denied leave the rest', async () => {
    world.put({ pid: PID, groups: many(20), name: Buffer.from('there') });
    world.deny({ pid: PID }, 'groups');
    expect(await client.snapshot(PID, { fields: ['name', 'groups'] })).toEqual({
      pid: PID,
      name: 'there',
      groups: null,
    });
  });
});

describe('every process', () => {
  test('is listed and scanned by one call for the size and one for the data', async () => {
    world.put({ pid: PID });
    kernel.calls();
    await client.pids();
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.proc': 2 });
    await client.scan({ fields: promised.bulk });
    expect(kernels(kernel.calls())).toEqual({ 'kern.proc.proc': 2 });
  });

  test('is there also where processes come between the two', async () => {
    kernel.on({ call: 'kern.proc.proc', skip: 1, kind: 'add', number: 50 });
    expect(await client.pids()).toHaveLength(51);
    kernel.on({ call: 'kern.proc.proc', skip: 1, kind: 'add', number: 200 });
    expect(await client.scan({ fields: ['pgid'] })).toHaveLength(251);
  });

  test('is given up where they come for ever, as an error of the system', async () => {
    kernel.on({ call: 'kern.proc.proc', times: 1000, kind: 'error', error: 'ENOMEM' });
    for (const work of [client.pids(), client.scan({ fields: ['pgid'] })]) {
      expect(await rejection(work)).toMatchObject({ name: 'ProcessError', code: 'ENOMEM', syscall: 'sysctl' });
    }
    expect(kernel.calls()['kern.proc.proc']).toBeLessThan(30);
  });

  test('is not told where the system refuses, and the refusal is', async () => {
    for (const [error, type] of [
      ['EPERM', AccessDeniedError],
      ['ENOSYS', NotSupportedError],
      ['EIO', ProcessError],
    ] as const) {
      kernel.on({ call: 'kern.proc.proc', kind: 'error', error });
      expect(await rejection(client.pids())).toBeInstanceOf(type);
      kernel.on({ call: 'kern.proc.proc', skip: 1, kind: 'error', error });
      expect(await rejection(client.scan({ fields: ['pgid'] }))).toBeInstanceOf(type);
    }
  });

  test('of another size than the headers say is not supported', async () => {
    kernel.on({ call: 'kern.proc.proc', times: 2, kind: 'patch', number: 1096 });
    expect(await rejection(client.pids())).toBeInstanceOf(NotSupportedError);
    kernel.on({ call: 'kern.proc.proc', times: 2, kind: 'cut', number: 1000 });
    expect(await rejection(client.pids())).toBeInstanceOf(NotSupportedError);
  });

  test('can be none', async () => {
    kernel.reset();
    expect(await client.pids()).toHaveLength(0);
    expect(await client.scan({ fields: ['pgid'] })).toHaveLength(0);
  });
});

describe('one process', () => {
  test('is not the one that a thread of this number is of', async () => {
    world.put({ pid: PID, threadId: 100_123 });
    kernel.calls();
    for (const field of promised.tells) {
      expect(await rejection(client[field as 'umask'](100_123)), field).toBeInstanceOf(NoSuchProcessError);
    }
    expect(await rejection(client.rlimit(100_123, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toBeInstanceOf(
      NoSuchProcessError,
    );
    expect(kernel.calls()['kern.proc.rlimit=']).toBeUndefined();
  });

  test.each([
    ['short', 'cut', 1000],
    ['longer than the headers say', 'cut', 1096],
    ['of a size that it says is another', 'patch', 1096],
  ] as const)('whose kinfo_proc is %s is not supported', async (_, kind, number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.pid', kind, number });
    expect(await rejection(client.pgid(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('of which nothing is told is none', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.pid', kind: 'cut', number: 0 });
    expect(await rejection(client.pgid(PID))).toBeInstanceOf(NoSuchProcessError);
  });

  test('has 128 signals, and the name of each is FreeBSD’s', async () => {
    world.put({ pid: PID, signals: signals({ blocked: [1, 30, 33, 64, 65, 66, 126, 128] }) });
    const { blocked } = await client.sigmasks(PID);
    expect([...(blocked ?? [])]).toEqual([1, 30, 33, 64, 65, 66, 126, 128]);
    expect(blocked?.names()).toEqual([
      'SIGHUP',
      'SIGUSR1',
      'SIGLIBRT',
      'SIG64',
      'SIGRTMIN',
      'SIGRTMIN+1',
      'SIGRTMIN+61',
      'SIG128',
    ]);
    expect(blocked?.has('SIGRTMAX')).toBe(true);
  });

  test.each([
    ['running', 'running'],
    ['sleeping', 'sleeping'],
    ['disk-sleep', 'disk-sleep'],
    ['stopped', 'stopped'],
    ['tracing-stop', 'tracing-stop'],
    ['zombie', 'zombie'],
    ['idle', 'idle'],
    ['parked', 'disk-sleep'], // blocked on a lock of the kernel
  ] as const)('that is %s in the table is told to be %s', async (state, told) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(told);
  });

  test('whose name fills its place ends there', async () => {
    world.put({ pid: PID, name: Buffer.from('nineteen characters') });
    expect(await client.name(PID)).toBe('nineteen characters');
  });

  test('of PID 0 is the kernel, whose umask is not taken for the caller’s', async () => {
    world.put({ pid: 0, name: Buffer.from('kernel') });
    expect(await client.name(0)).toBe('kernel');
    expect(await rejection(client.umask(0))).toBeInstanceOf(NotSupportedError);
    expect(kernel.calls()['kern.proc.umask']).toBeUndefined();
  });

  test('that is about to end has lost what a zombie has lost', async () => {
    world.put({ pid: PID, ending: true });
    expect(await rejection(client.umask(PID))).toBeInstanceOf(ZombieProcessError);
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(ZombieProcessError);
    expect(await client.snapshot(PID, { fields: ['umask', 'pgid'] })).toEqual({ pid: PID, umask: null, pgid: PID });
  });

  test('that ends between two calls is gone altogether', async () => {
    for (const [field, call] of [
      ['umask', 'kern.proc.umask'],
      ['rlimits', 'kern.proc.rlimit'],
    ] as const) {
      world.put({ pid: PID });
      kernel.on({ call, kind: 'remove', victim: PID });
      expect(await rejection(client.snapshot(PID, { fields: ['pgid', field] }))).toBeInstanceOf(NoSuchProcessError);
    }
  });

  test('denied by the system is denied here, with what to do about it', async () => {
    kernel.on({ call: 'kern.proc.pid', kind: 'error', error: 'EPERM' });
    const error = await rejection(client.pgid(1));
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(error.message).toBe('EPERM: not permitted, sysctl (pgid of PID 1); run as its user or as root');
  });

  test('whose answers are short tells those fields not, rather than zeros', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.umask', kind: 'cut', number: 1 });
    expect(await rejection(client.umask(PID))).toBeInstanceOf(NotSupportedError);
    kernel.on({ call: 'kern.proc.rlimit', kind: 'cut', number: 8 });
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(NotSupportedError);
  });
});

describe('a Process', () => {
  test.each([
    ['umask', 'kern.proc.umask'],
    ['rlimits', 'kern.proc.rlimit'],
  ] as const)('whose PID becomes another’s while its %s is read is gone', async (field, call) => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.on({ call, kind: 'recycle', victim: PID });
    expect(await rejection(process[field]())).toBeInstanceOf(NoSuchProcessError);
  });

  test('stays the same one when the clock is set', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.on({ call: 'kern.boottime', kind: 'clock', number: 3_600_000_000 });
    expect(await process.isRunning()).toBe(true);
    // Between the boot time and the process.
    kernel.on({ call: 'kern.proc.pid', kind: 'clock', number: 5_000_000 });
    expect(await process.pgid()).toBe(PID);
    kernel.on({ call: 'kern.proc.rlimit=', kind: 'clock', number: 5_000_000 });
    expect(await process.rlimit('RLIMIT_CORE', { soft: 1, hard: 1 })).toBeDefined();
    kernel.on({ call: 'kern.proc.pid', kind: 'clock', number: 5_000_000 });
    expect(await client.startTime(PID)).toBe(process.startTime);
  });

  test('is what a oneshot begun before it was cannot be about', async () => {
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
