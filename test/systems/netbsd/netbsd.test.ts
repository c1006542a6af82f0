import { loadAddon, run } from '@psutil-extra/native';
import { rlimitAction, STATES } from '@psutil-extra/native/protocol';
import {
  AccessDeniedError,
  createClient,
  NoSuchProcessError,
  NotSupportedError,
  ZombieProcessError,
} from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { describeKinfo } from '../kinfo.js';
import { describeKqueueWaits } from '../kinfo-waits.js';
import { SimulatedWorld, signals } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { describeWalks } from '../walks.js';
import { promised } from './promised.js';

/** What NetBSD alone does: sys/kern/kern_proc.c and kern_resource.c, as the simulated kernel answers. */
const CALLS = { one: 'kern.proc2.pid', everyone: 'kern.proc2.all' };
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

const PID = 77;
const core = (soft: number, hard: number) => ({ soft, hard });
const set = (soft: number, hard: number) => client.rlimit(PID, 'RLIMIT_CORE', core(soft, hard));
const many = (length: number) => Uint32Array.from({ length }, (_, i) => 500 + i);

const busy = (error: Error) => expect(error).toMatchObject({ name: 'ProcessError', code: 'EBUSY' });

describeKinfo(promised, CALLS);
describeWalks(promised, CALLS);
describeKqueueWaits(promised, CALLS, { findZombies: false, denied: 'error', identifiesZombies: false });

describe('one process', () => {
  test('has 128 signals, and the name of each is NetBSD’s', async () => {
    world.put({ pid: PID, signals: signals({ blocked: [1, 30, 32, 33, 34, 63, 64, 65, 128] }) });
    const { blocked } = await client.sigmasks(PID);
    expect([...(blocked ?? [])]).toEqual([1, 30, 32, 33, 34, 63, 64, 65, 128]);
    expect(blocked?.names().slice(0, 6)).toEqual([
      'SIGHUP',
      'SIGUSR1',
      'SIGPWR',
      'SIGRTMIN',
      'SIGRTMIN+1',
      'SIGRTMIN+30',
    ]);
  });

  test.each([
    ['running', 'running'],
    ['sleeping', 'sleeping'],
    ['disk-sleep', 'disk-sleep'],
    ['stopped', 'stopped'],
    ['tracing-stop', 'tracing-stop'],
    ['zombie', 'zombie'],
    ['dead', 'zombie'], // nearly
    ['idle', 'idle'],
    ['parked', 'stopped'], // its thread is suspended
  ] as const)('that is %s in the table has the state %s', async (state, expected) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(expected);
  });

  test('has sixteen groups at most, and no part of a longer list is returned as all', async () => {
    world.put({ pid: PID, groups: many(16) });
    expect(await client.groups(PID)).toEqual([...many(16)]);
    for (const count of [17, 4000]) {
      world.put({ pid: PID, groups: many(count) });
      expect(await rejection(client.groups(PID))).toBeInstanceOf(NotSupportedError);
      expect((await client.scan({ fields: ['groups', 'pgid'] })).get(PID)).toMatchObject({
        pid: PID,
        groups: null,
        pgid: PID,
      });
    }
    world.put({ pid: PID, groups: new Uint32Array() });
    expect(await client.groups(PID)).toEqual([]);
  });

  test('whose name fills its place ends there', async () => {
    world.put({ pid: PID, name: Buffer.from('twenty-four characters..and more') });
    expect(await client.name(PID)).toBe('twenty-four characters..');
  });
});

describe('a process that is in exec', () => {
  beforeEach(() => {
    world.put({ pid: 76, start: 42 });
    world.put({ pid: PID, ending: true });
    world.put({ pid: 78 });
  });

  test('has its own values, and neither start nor signals', async () => {
    expect(await client.pgid(PID)).toBe(PID);
    expect(await client.state(PID)).toBe('running');
    busy(await rejection(client.startTime(PID)));
    busy(await rejection(client.sigmasks(PID)));
    busy(await rejection(client.rlimits(PID)));
    busy(await rejection(client.rlimit(PID, 'RLIMIT_CORE', { soft: 0, hard: 0 })));
  });

  test('does not have the start of the one before it in the list', async () => {
    const table = await client.scan({ fields: ['startTime', 'pgid', 'sigmasks'] });
    expect(table.get(PID)).toMatchObject({ pid: PID, startTime: null, pgid: PID, sigmasks: null });
    busy(table.error(PID, 'startTime') as Error);
    expect(table.get(78)?.startTime).toBe(await client.startTime(78));
    expect(table.get(76)?.startTime).toBe(await client.startTime(76));
  });

  test('is distinguished from one that began at the same time as the one before it', async () => {
    world.put({ pid: 79, start: 9000 });
    world.put({ pid: 80, start: 9000 });
    kernel.calls();
    const table = await client.scan({ fields: ['startTime', 'pgid'] });
    expect(table.get(80)?.startTime).toBe(table.get(79)?.startTime);
    // Each of the two is read alone.
    expect(kernel.calls()['kern.proc2.pid']).toBe(2);
  });

  test('is for that moment no Process', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    world.put({ ...world.member(PID), ending: true });
    busy(await rejection(process.pgid()));
    world.put({ ...world.member(PID), ending: false });
    expect(await process.pgid()).toBe(PID);
  });

  test('and then ends is gone', async () => {
    kernel.on({ call: 'kern.proc2.pid', kind: 'remove', victim: PID });
    expect((await client.scan({ fields: ['startTime'] })).get(PID)).toBeUndefined();
    world.put({ pid: PID });
    kernel.on({ call: 'proc.rlimit', kind: 'remove', victim: PID });
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(NoSuchProcessError);
  });
});

test('a process that is dying does not have the start of the one before it in the list', async () => {
  world.put({ pid: 76, start: 42 });
  world.put({ pid: PID, state: STATES.indexOf('dead') });
  const table = await client.scan({ fields: ['startTime', 'state'] });
  expect(table.get(PID)).toMatchObject({ state: 'zombie', startTime: null });
  expect(table.error(PID, 'startTime')).toBeInstanceOf(ZombieProcessError);
});

test('a process that ends while the kernel walks is missed, and found alone', async () => {
  const pids = Array.from({ length: 30 }, (_, i) => 3000 + i);
  for (const pid of pids) world.put({ pid });
  kernel.on({ call: 'kern.proc2.all', times: 2, kind: 'patch', number: 3011 });
  expect([...(await client.scan({ fields: ['pgid'], pids })).pids]).toEqual(pids);
});

describe('limits', () => {
  const RESOURCE = 4;
  const stands = (soft: number, hard: number) => {
    const limits = (world.put({ pid: PID }).limits as BigUint64Array).slice();
    limits[RESOURCE * 2] = BigInt(soft);
    limits[RESOURCE * 2 + 1] = BigInt(hard);
    world.put({ pid: PID, limits });
  };
  const now = () => [...(kernel.limits(PID) as BigUint64Array).subarray(RESOURCE * 2, RESOURCE * 2 + 2)];

  test.each([
    [
      [10, 100],
      [5, 50],
    ],
    [
      [80, 100],
      [5, 50],
    ],
    [
      [80, 100],
      [50, 50],
    ],
    [
      [10, 100],
      [90, 95],
    ],
    [
      [0, 100],
      [100, 100],
    ],
    [
      [100, 100],
      [0, 0],
    ],
    [
      [10, 100],
      [10, 100],
    ],
  ] as const)('of %j become %j by two writes that each leave soft below hard', async ([soft, hard], after) => {
    stands(soft, hard);
    kernel.calls();
    expect(await set(after[0], after[1])).toEqual(core(soft, hard));
    expect(now()).toEqual([BigInt(after[0]), BigInt(after[1])]);
    const { 'kern.proc2.pid': found, ...calls } = kernel.calls();
    expect(calls).toEqual({ 'proc.rlimit': 2, 'proc.rlimit.soft=': 1, 'proc.rlimit.hard=': 1 });
    expect(found).toBe(1);
  });

  test('that are raised are raised from above, to no more than the kernel gives', async () => {
    stands(10, 100);
    kernel.on({ call: 'proc.rlimit.hard=', kind: 'patch', number: 150 });
    expect(await set(200, 300)).toEqual(core(10, 100));
    expect(now()).toEqual([150n, 150n]);
    stands(10, 100);
    kernel.on({ call: 'proc.rlimit.hard=', kind: 'patch', number: 1000 });
    await set(200, 300);
    expect(now()).toEqual([200n, 300n]);
  });

  test('of which the second is refused are put back, and the call rejects', async () => {
    stands(10, 100);
    kernel.on({ call: 'proc.rlimit.hard=', kind: 'error', error: 'EPERM' });
    expect(await rejection(set(5, 50))).toBeInstanceOf(AccessDeniedError);
    expect(now()).toEqual([10n, 100n]);
    for (const call of ['proc.rlimit.soft=', 'proc.rlimit']) {
      stands(10, 100);
      kernel.on({ call: 'proc.rlimit.hard=', kind: 'patch', number: 1000 });
      // Two reads come first: of what stands there.
      kernel.on({ call, skip: call === 'proc.rlimit' ? 2 : 0, kind: 'error', error: 'EPERM' });
      expect(await rejection(set(200, 300))).toBeInstanceOf(AccessDeniedError);
      expect(now()).toEqual([10n, 100n]);
    }
  });

  test('of which the first is refused are not changed', async () => {
    stands(10, 100);
    for (const call of ['proc.rlimit', 'proc.rlimit.soft=']) {
      kernel.on({ call, kind: 'error', error: 'EPERM' });
      expect(await rejection(set(5, 50))).toBeInstanceOf(AccessDeniedError);
    }
    expect(await rejection(set(500, 600))).toBeInstanceOf(AccessDeniedError);
    expect(now()).toEqual([10n, 100n]);
    expect(kernel.calls()['proc.rlimit.soft=']).toBe(1);
  });

  test('that no kernel can have are refused before any is read or written', () => {
    stands(10, 100);
    const { Reader } = loadAddon();
    kernel.calls();
    for (const [resource, soft] of [
      [-1, 1n],
      [12, 1n],
      [2 ** 31 - 1, 1n],
      [RESOURCE, 3n],
    ] as const) {
      const action = rlimitAction(resource, soft, 2n);
      expect(run(new Reader('/proc'), { op: 'act', pid: PID, start: -1, action })).toMatchObject({ code: 'EINVAL' });
    }
    expect(kernel.calls()).toEqual({ 'kern.proc2.pid': 4 });
  });

  test('of a PID that became another’s meanwhile are an error, for reads and for sets', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.on({ call: 'proc.rlimit', kind: 'recycle', victim: PID });
    expect(await rejection(process.rlimits())).toBeInstanceOf(NoSuchProcessError);
    world.put({ pid: PID });
    kernel.on({ call: 'proc.rlimit.hard=', kind: 'recycle', victim: PID });
    expect(await rejection(process.rlimit('RLIMIT_CORE', core(1, 2)))).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(process.rlimits())).toBeInstanceOf(NoSuchProcessError);
  });

  test('of a zombie are neither read nor set', async () => {
    const pid = await world.zombie();
    expect(await rejection(client.rlimits(pid))).toBeInstanceOf(ZombieProcessError);
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', core(1, 2)))).toBeInstanceOf(ZombieProcessError);
  });

  test('of one that becomes a zombie meanwhile are lost with it', async () => {
    world.put({ pid: PID, ending: true });
    kernel.on({ call: 'proc.rlimit', kind: 'zombie', victim: PID });
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(ZombieProcessError);
  });

  test('of a kernel that knows fewer resources than the headers are those it knows', async () => {
    const { limits } = world.put({ pid: PID });
    world.put({ pid: PID, limits: (limits as BigUint64Array).subarray(0, 22) });
    const all = await client.rlimits(PID);
    expect(Object.keys(all)).not.toContain('RLIMIT_NTHR');
    expect(Object.keys(all)).toContain('RLIMIT_AS');
    expect(await rejection(client.getrlimit(PID, 'RLIMIT_NTHR'))).toBeInstanceOf(NotSupportedError);
  });

  test('that are short are an error, rather than zeros', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'proc.rlimit', kind: 'cut', number: 4 });
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(NotSupportedError);
  });
});
