import { STATES } from '@psutil-extra/native/protocol';
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
import { promised } from './promised.js';

/** What macOS alone does: XNU's bsd/kern/kern_sysctl.c and kern_prot.c, as the simulated kernel answers. */
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

const PID = 77;
const ZOMBIE = STATES.indexOf('zombie');
const many = (count: number) => Uint32Array.from({ length: count }, (_, i) => 500 + i);

const CALLS = { one: 'kern.proc.pid', everyone: 'kern.proc.all', apart: ['sid'] };
describeKinfo(promised, CALLS);
describeKqueueWaits(promised, CALLS, { findZombies: false, denied: 'no status', identifiesZombies: true });

describe('one process', () => {
  test('is read by one call, except its session and its threads', async () => {
    world.put({ pid: PID });
    kernel.calls();
    await client.snapshot(PID, { fields: promised.shared['kern.proc.pid'] as ['name'] });
    expect(kernel.calls()).toEqual({ 'kern.proc.pid': 1 });
    await client.snapshot(PID, { fields: ['name', 'sid', 'threads'] });
    expect(kernel.calls()).toEqual({ 'kern.proc.pid': 1, getsid: 1, proc_pidinfo: 1 });
  });

  test('has what is ignored and caught of 32 signals, and not what is pending and blocked', async () => {
    world.put({ pid: PID, signals: signals({ pending: [3], blocked: [4], ignored: [1, 29, 32], caught: [31] }) });
    const sets = await client.sigmasks(PID);
    expect(Object.keys(sets).sort()).toEqual(['caught', 'ignored']);
    expect([...(sets.ignored ?? [])]).toEqual([1, 29, 32]);
    expect(sets.ignored?.names()).toEqual(['SIGHUP', 'SIGINFO', 'SIG32']);
    expect(sets.caught?.names()).toEqual(['SIGUSR2']);
  });

  test.each([
    ['running', 'running'],
    ['sleeping', 'running'], // XNU does not say which of them
    ['stopped', 'stopped'],
    ['tracing-stop', 'tracing-stop'],
    ['zombie', 'zombie'],
    ['idle', 'idle'],
  ] as const)('that is %s in the table has the state %s', async (state, expected) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(expected);
  });

  test('whose name fills its place ends there', async () => {
    world.put({ pid: PID, name: Buffer.from('sixteen letters!') });
    expect(await client.name(PID)).toBe('sixteen letters!');
  });

  test.each([
    ['short', 100],
    ['cut by a byte', 647],
  ])('whose kinfo_proc is %s is not supported', async (_, number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.pid', kind: 'cut', number });
    expect(await rejection(client.pgid(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('of PID 0 is the kernel, whose session is not taken for the caller’s', async () => {
    await world.own();
    world.put({ pid: 0, pgid: 0, name: Buffer.from('kernel_task') });
    kernel.calls();
    expect(await client.name(0)).toBe('kernel_task');
    expect(await rejection(client.sid(0))).toBeInstanceOf(NotSupportedError);
    expect((await client.scan({ fields: ['sid', 'name'] })).get(0)).toMatchObject({ sid: null, name: 'kernel_task' });
    expect(await rejection(client.umask(0))).toBeInstanceOf(NotSupportedError);
  });

  test('of another user has no threads, and has every other field', async () => {
    world.put({ pid: PID });
    world.deny({ pid: PID }, 'threads');
    expect(await rejection(client.threads(PID))).toMatchObject({ name: 'AccessDeniedError', syscall: 'proc_pidinfo' });
    expect(await client.snapshot(PID, { fields: ['sid', 'threads'] })).toEqual({ pid: PID, sid: 1, threads: null });
    kernel.on({ call: 'proc_pidinfo', kind: 'cut', number: 4 });
    world.put({ pid: PID });
    expect(await rejection(client.threads(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('that ends between two calls is gone altogether, or a zombie', async () => {
    for (const [field, call] of [
      ['sid', 'getsid'],
      ['threads', 'proc_pidinfo'],
    ] as const) {
      world.put({ pid: PID });
      kernel.on({ call, kind: 'remove', victim: PID });
      expect(await rejection(client.snapshot(PID, { fields: ['pgid', field] }))).toBeInstanceOf(NoSuchProcessError);
      world.put({ pid: PID });
      kernel.on({ call, kind: 'zombie', victim: PID });
      expect(await rejection(client[field](PID))).toBeInstanceOf(ZombieProcessError);
    }
  });
});

describe('groups', () => {
  test('are at most sixteen, the effective one the first of them', async () => {
    world.put({ pid: PID, groups: many(16), gids: Uint32Array.of(7, 500, 9) });
    expect(await client.groups(PID)).toEqual([...many(16)]);
    expect(await client.gids(PID)).toEqual({ real: 7, effective: 500, saved: 9 });
  });

  test('that are none make gids unsupported', async () => {
    world.put({ pid: PID, groups: many(0) });
    expect(await client.groups(PID)).toEqual([]);
    expect(await rejection(client.gids(PID))).toBeInstanceOf(NotSupportedError);
  });

  test.each([17, 65_535])('counted as %i are not returned', async (number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.pid', times: 2, kind: 'patch', number });
    expect(await rejection(client.groups(PID))).toBeInstanceOf(NotSupportedError);
    expect(await rejection(client.gids(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('of one’s own are as many as getgroups returns, alone and in a scan', async () => {
    const { pid } = await world.own();
    world.put({ pid, groups: many(40) });
    expect(await client.groups(pid)).toEqual([...many(40)]);
    expect((await client.scan({ fields: ['groups'] })).get(pid)?.groups).toEqual([...many(40)]);
    world.put({ pid, groups: many(0) });
    expect(await client.groups(pid)).toEqual([]);
  });

  test('of one’s own that the system refuses reject', async () => {
    const { pid } = await world.own();
    kernel.on({ call: 'getgroups', kind: 'error', error: 'EPERM' });
    expect(await rejection(client.groups(pid))).toMatchObject({ name: 'AccessDeniedError', syscall: 'getgroups' });
    // They have become more since they were counted.
    kernel.on({ call: 'getgroups', kind: 'cut', number: 1 });
    expect(await rejection(client.groups(pid))).toMatchObject({ code: 'EINVAL' });
  });
});

describe('every process', () => {
  test('has its session for one call a process group', async () => {
    kernel.reset();
    for (let pid = 100; pid < 160; pid++) world.put({ pid, pgid: 100 + (pid % 3), sid: 90 + (pid % 3) });
    kernel.calls();
    const table = await client.scan({ fields: ['pgid', 'sid'] });
    expect(kernel.calls()).toEqual({ 'kern.proc.all': 2, getsid: 3, getpgid: 3 });
    expect(table).toHaveLength(60);
    for (const row of table) expect(row.sid).toBe((row.pgid as number) - 10);
    expect(client.stats().reads['getsid']).toBeGreaterThanOrEqual(3);
  });

  test('has its group’s session also where the first of the group refuses', async () => {
    kernel.reset();
    for (const pid of [100, 101]) world.put({ pid, pgid: 100, sid: 90 });
    kernel.on({ call: 'getsid', pid: 100, kind: 'error', error: 'EPERM' });
    const table = await client.scan({ fields: ['sid'] });
    expect(table.get(100)?.sid).toBeNull();
    expect(table.error(100, 'sid')).toBeInstanceOf(AccessDeniedError);
    expect(table.get(101)?.sid).toBe(90);
  });

  test('that has ended meanwhile is left out, and a zombie’s session is lost', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'getsid', pid: PID, kind: 'remove', victim: PID });
    expect((await client.scan({ fields: ['sid'] })).get(PID)).toBeUndefined();
    world.put({ pid: PID, pgid: 1, state: ZOMBIE });
    const table = await client.scan({ fields: ['sid', 'pgid'] });
    expect(table.get(PID)).toMatchObject({ sid: null, pgid: 1 });
    expect(table.error(PID, 'sid')).toBeInstanceOf(ZombieProcessError);
    world.put({ pid: PID });
    kernel.on({ call: 'getsid', pid: PID, kind: 'zombie', victim: PID });
    expect((await client.scan({ fields: ['sid'] })).error(PID, 'sid')).toBeInstanceOf(ZombieProcessError);
  });

  test('whose PID has gone to another before its session is read is left out', async () => {
    world.put({ pid: PID, pgid: 50 });
    kernel.on({ call: 'getsid', pid: PID, kind: 'recycle', victim: PID });
    kernel.on({ call: 'getpgid', pid: PID, kind: 'error', error: 'ESRCH' });
    expect((await client.scan({ fields: ['sid'] })).get(PID)).toBeUndefined();
  });

  test('that has changed its group before its session is read is read again', async () => {
    world.put({ pid: PID, pgid: 50, sid: 40 });
    kernel.on({ call: 'getpgid', pid: PID, kind: 'error', error: 'EINVAL' });
    kernel.calls();
    expect((await client.scan({ fields: ['pgid', 'sid'] })).get(PID)).toMatchObject({ pgid: 50, sid: 40 });
    expect(kernel.calls()).toMatchObject({ 'kern.proc.pid': 2 });
  });
});

describe('a Process', () => {
  test.each([
    ['sid', 'getsid'],
    ['threads', 'proc_pidinfo'],
  ] as const)('whose PID becomes another’s while its %s is read is gone', async (field, call) => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.on({ call, kind: 'recycle', victim: PID });
    expect(await rejection(process[field]())).toBeInstanceOf(NoSuchProcessError);
  });

  test('began at the time of day that it was, to a microsecond', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    expect(process.startTime).toBe(1_700_000_000_000 + 500_000 + 77.077);
  });
});

describe('limits', () => {
  const LIMITS = { soft: 1, hard: 2 };

  test('of another process are neither read nor set, even after it has ended', async () => {
    world.put({ pid: PID });
    expect(await rejection(client.rlimits(PID))).toMatchObject({ name: 'NotSupportedError', syscall: 'getrlimit' });
    expect(await rejection(client.rlimits(await world.zombie()))).toBeInstanceOf(NotSupportedError);
    expect(await rejection(client.rlimit(PID, 'RLIMIT_CORE', LIMITS))).toBeInstanceOf(NotSupportedError);
    expect(kernel.calls()['setrlimit']).toBeUndefined();
  });
});
