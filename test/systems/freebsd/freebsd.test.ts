import { STATES } from '@psutil-extra/native/protocol';
import { createClient, NoSuchProcessError, NotSupportedError, ProcessError, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { describeKinfo } from '../kinfo.js';
import { describeKqueueWaits } from '../kinfo-waits.js';
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

const CALLS = { one: 'kern.proc.pid', everyone: 'kern.proc.proc', boot: 'kern.boottime' };
describeKinfo(promised, CALLS);
describeKqueueWaits(promised, CALLS, { findZombies: true, denied: 'status', identifiesZombies: true });

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

  test('that grow while they are read are read again, a limited number of times', async () => {
    world.put({ pid: PID, groups: many(100) });
    kernel.on({ call: 'kern.proc.groups', skip: 1, times: 3, kind: 'error', error: 'ENOMEM' });
    expect(await client.groups(PID)).toEqual([...many(100)]);
    kernel.on({ call: 'kern.proc.groups', times: 1000, kind: 'error', error: 'ENOMEM' });
    const error = await rejection(client.groups(PID));
    expect(error).toBeInstanceOf(ProcessError);
    expect(error.code).toBe('ENOMEM');
  });

  test('of a process that has gone meanwhile are no other’s', async () => {
    for (const fields of [['groups'], ['groups', 'umask']] as const) {
      world.put({ pid: PID, groups: many(20) });
      kernel.on({ call: 'kern.proc.groups', kind: 'remove', victim: PID });
      expect(await rejection(client.snapshot(PID, { fields }))).toBeInstanceOf(NoSuchProcessError);
      world.put({ pid: PID, groups: many(20) });
      kernel.on({ call: 'kern.proc.groups', kind: 'remove', victim: PID });
      expect((await client.scan({ fields: ['groups'] })).get(PID)).toBeUndefined();
    }
  });

  test('that are none make gids unsupported', async () => {
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
  test('of another size than the headers say is not supported', async () => {
    kernel.on({ call: 'kern.proc.proc', times: 2, kind: 'patch', number: 1096 });
    expect(await rejection(client.pids())).toBeInstanceOf(NotSupportedError);
  });
});

describe('one process', () => {
  test('is not the one that a thread of this number is of', async () => {
    world.put({ pid: PID, threadId: 100_123 });
    kernel.calls();
    for (const field of promised.supported) {
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
  ] as const)('that is %s in the table has the state %s', async (state, expected) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(expected);
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

  test('whose answers are short lacks those fields, rather than having zeros', async () => {
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
});

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
});
