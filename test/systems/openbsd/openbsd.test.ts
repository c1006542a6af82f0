import { STATES } from '@psutil-extra/native/protocol';
import { createClient, NoSuchProcessError, NotSupportedError, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { describeKinfo } from '../kinfo.js';
import { describeKqueueWaits } from '../kinfo-waits.js';
import { SimulatedWorld, signals } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { describeWalks } from '../walks.js';
import { promised } from './promised.js';

/** What OpenBSD alone does: sys/kern/kern_sysctl.c, as the simulated kernel answers. */
const CALLS = { one: 'kern.proc.pid', everyone: 'kern.proc.kthread', boot: 'kern.boottime' };
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

const PID = 77;
const many = (length: number) => Uint32Array.from({ length }, (_, i) => 500 + i);

describeKinfo(promised, CALLS);
describeWalks(promised, CALLS);
describeKqueueWaits(promised, CALLS, { findZombies: false, denied: 'error', identifiesZombies: false });

describe('one process', () => {
  test('has 32 signals, and no bytes behind them are taken for one', async () => {
    const all = Array.from({ length: 32 }, (_, i) => i + 1);
    world.put({ pid: PID, signals: signals({ pending: [32], blocked: all, caught: [31] }) });
    const { pending, blocked, ignored, caught } = await client.sigmasks(PID);
    expect([...(blocked ?? [])]).toEqual(all);
    expect([...(pending ?? [])]).toEqual([32]);
    expect([...(ignored ?? [])]).toEqual([]);
    expect([...(caught ?? [])]).toEqual([31]);
    expect(pending?.names()).toEqual(['SIGTHR']);
  });

  test.each([
    ['running', 'running'],
    ['sleeping', 'sleeping'],
    ['disk-sleep', 'disk-sleep'],
    ['stopped', 'stopped'],
    ['tracing-stop', 'tracing-stop'],
    ['zombie', 'zombie'],
    ['dead', 'dead'],
    ['idle', 'idle'],
    ['parked', 'running'],
  ] as const)('that is %s in the table has the state %s', async (state, expected) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(expected);
  });

  test('of a session whose leader has gone has no sid, rather than 0', async () => {
    world.put({ pid: PID, sid: 0 });
    expect(await rejection(client.sid(PID))).toBeInstanceOf(NotSupportedError);
    expect((await client.scan({ fields: ['sid', 'pgid'] })).get(PID)).toMatchObject({ pid: PID, sid: null, pgid: PID });
    world.put({ pid: PID, sid: 0, pgid: 0 });
    expect(await client.sid(PID)).toBe(0);
  });

  test('has as many threads as follow it in the table, read alone and among all', async () => {
    world.put({ pid: PID, threads: 7 });
    world.put({ pid: PID + 1, threads: 1 });
    expect(await client.threads(PID)).toBe(7);
    const table = await client.scan({ fields: ['threads'] });
    expect(table.get(PID)).toMatchObject({ pid: PID, threads: 7 });
    expect(table.get(PID + 1)).toMatchObject({ pid: PID + 1, threads: 1 });
    kernel.calls();
    await client.pgid(PID);
    expect(kernel.calls()['kern.proc.pid']).toBe(1);
  });

  test('has sixteen groups at most, and no part of a longer list is returned as all', async () => {
    world.put({ pid: PID, groups: many(16) });
    expect(await client.groups(PID)).toEqual([...many(16)]);
    world.put({ pid: PID, groups: many(17) });
    expect(await rejection(client.groups(PID))).toBeInstanceOf(NotSupportedError);
  });

  test.each(['pgid', 'threads'] as const)(
    'whose struct is smaller in the kernel than in the headers has no %s',
    async (field) => {
      world.put({ pid: PID });
      kernel.on({ call: 'kern.proc.pid', kind: 'patch', number: 500 });
      expect(await rejection(client[field](PID))).toBeInstanceOf(NotSupportedError);
    },
  );

  test('of a kernel whose struct lacks what is not asked for is read', async () => {
    world.put({ pid: PID });
    // Up to the thread's number and the routing table: p_pledge and p_name came later.
    kernel.on({ call: 'kern.proc.pid', kind: 'patch', number: 616 });
    expect(await client.pgid(PID)).toBe(PID);
  });
});

describe('every process', () => {
  test('has the kernel’s own among them', async () => {
    world.put({ pid: 0, pgid: 0, sid: 0, name: Buffer.from('swapper') });
    world.put({ pid: PID, pgid: 0, sid: 0, name: Buffer.from('pagedaemon') });
    expect([...(await client.pids())]).toEqual([0, 1, PID]);
    expect((await client.scan({ fields: ['name', 'sid'] })).get(PID)).toMatchObject({
      pid: PID,
      name: 'pagedaemon',
      sid: 0,
    });
  });

  test('that ends while the kernel walks is there once, as a zombie', async () => {
    world.put({ pid: PID });
    world.put({ pid: 78 });
    kernel.on({ call: 'kern.proc.kthread', times: 2, kind: 'patch', number: PID });
    expect([...(await client.pids())]).toEqual([1, PID, 78]);
    kernel.on({ call: 'kern.proc.kthread', times: 2, kind: 'patch', number: PID });
    const table = await client.scan({ fields: ['state', 'threads'] });
    expect(table).toHaveLength(3);
    expect(table.get(PID)).toMatchObject({ pid: PID, state: 'zombie', threads: null });
    expect(table.get(78)?.state).toBe('sleeping');
  });
});

describe('limits', () => {
  const LIMITS = { soft: 1, hard: 2 };

  test('of another process are not supported, and no call is made', async () => {
    world.put({ pid: PID });
    await world.own();
    const process = await client.process(PID);
    kernel.calls();
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(NotSupportedError);
    expect(await rejection(process.rlimits())).toBeInstanceOf(NotSupportedError);
    expect(await rejection(process.rlimit('RLIMIT_CORE', LIMITS))).toBeInstanceOf(NotSupportedError);
    const { 'kern.boottime': _, ...calls } = kernel.calls();
    expect(calls).toEqual({ 'kern.proc.pid': 3 });
    expect(await rejection(client.rlimit(99_998, 'RLIMIT_CORE', LIMITS))).toBeInstanceOf(NoSuchProcessError);
  });

  test('of one’s own Process are its own, and read once in a oneshot', async () => {
    const { pid, limits } = await world.own();
    const process = await client.process(pid);
    expect(await process.rlimits()).toEqual(limits);
    expect(await process.rlimit('RLIMIT_CORE', LIMITS)).toEqual(limits.RLIMIT_CORE);
    await using counted = createClient({ threads: 1 });
    await counted.oneshot(pid, async (scope) => {
      await scope.rlimits();
      expect(await scope.getrlimit('RLIMIT_CORE')).toEqual(LIMITS);
    });
    expect(counted.stats().reads['getrlimit']).toBe(1);
  });
});

test('a zombie has no thread, no start and the rest', async () => {
  const pid = await world.zombie();
  expect(await rejection(client.threads(pid))).toBeInstanceOf(ZombieProcessError);
  expect(await client.snapshot(pid, { fields: ['name', 'pgid', 'threads'] })).toEqual({
    pid,
    name: 'sleep',
    pgid: pid,
    threads: null,
  });
});
