import { STATES } from '@psutil-extra/native/protocol';
import { createClient, NoSuchProcessError, NotSupportedError, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { describeKinfo } from '../kinfo.js';
import { describeKqueueWaits } from '../kinfo-waits.js';
import { SimulatedWorld, signals } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { promised } from './promised.js';

/** What DragonFly alone does: sys/kern/kern_proc.c and procfs, as the simulated kernel answers. */
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
const LIMITS = { soft: 1, hard: 2 };

const CALLS = { one: 'kern.proc.pid', everyone: 'kern.proc.all' };
describeKinfo(promised, CALLS);
describeKqueueWaits(promised, CALLS, { findZombies: true, denied: 'status', identifiesZombies: false });

describe('one process', () => {
  test('is read by one call, except its limits', async () => {
    world.put({ pid: PID });
    kernel.calls();
    await client.snapshot(PID, { fields: promised.bulk });
    expect(kernel.calls()).toEqual({ 'kern.proc.pid': 1 });
  });

  test('has 128 signals, those blocked of its thread, and the name of each is DragonFly’s', async () => {
    world.put({ pid: PID, signals: signals({ pending: [9], blocked: [1, 30, 33, 34, 64, 65, 128], caught: [32] }) });
    const { pending, blocked, caught } = await client.sigmasks(PID);
    expect([...(blocked ?? [])]).toEqual([1, 30, 33, 34, 64, 65, 128]);
    expect(blocked?.names()).toEqual(['SIGHUP', 'SIGUSR1', 'SIGCKPT', 'SIGCKPTEXIT', 'SIG64', 'SIG65', 'SIG128']);
    expect(pending?.names()).toEqual(['SIGKILL']);
    expect(caught?.names()).toEqual(['SIGTHR']);
  });

  test.each([
    ['running', 'running'],
    ['sleeping', 'sleeping'],
    ['disk-sleep', 'disk-sleep'],
    ['stopped', 'stopped'],
    ['tracing-stop', 'tracing-stop'],
    ['dead', 'running'], // writing its core
    ['idle', 'idle'],
    ['parked', 'stopped'], // its thread alone is
  ] as const)('that is %s in the table has the state %s', async (state, expected) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(expected);
  });

  test('whose name fills its place ends there', async () => {
    world.put({ pid: PID, name: Buffer.from('sixteen letters!') });
    expect(await client.name(PID)).toBe('sixteen letters!');
  });

  test('has at most sixteen groups, the effective one the first of them', async () => {
    world.put({ pid: PID, groups: many(16), gids: Uint32Array.of(7, 500, 9) });
    expect(await client.groups(PID)).toEqual([...many(16)]);
    expect(await client.gids(PID)).toEqual({ real: 7, effective: 500, saved: 9 });
    world.put({ pid: PID, groups: many(0) });
    expect(await client.groups(PID)).toEqual([]);
    expect(await rejection(client.gids(PID))).toBeInstanceOf(NotSupportedError);
  });

  test.each([17, 65_535])('whose groups are counted as %i has none', async (number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.pid', kind: 'patch', number });
    expect(await rejection(client.groups(PID))).toBeInstanceOf(NotSupportedError);
  });

  test.each([
    ['short', 991],
    ['longer than the headers say', 1000],
  ])('whose kinfo_proc is %s is not supported', async (_, number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'kern.proc.pid', kind: 'cut', number });
    expect(await rejection(client.pgid(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('with PID 0 is like any other, and PID −1 is no process', async () => {
    world.put({ pid: 0, name: Buffer.from('swapper') });
    expect(await client.name(0)).toBe('swapper');
    expect(await rejection(client.name(-1))).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(client.umask(0))).toBeInstanceOf(NotSupportedError);
  });
});

describe('every process', () => {
  test('is listed and scanned by one call for the size and one for the data, the kernel’s threads left out', async () => {
    world.put({ pid: PID });
    kernel.calls();
    expect([...(await client.pids())]).toEqual([1, PID]);
    expect(kernel.calls()).toEqual({ 'kern.proc.all': 2 });
    const table = await client.scan({ fields: promised.bulk });
    expect(kernel.calls()).toEqual({ 'kern.proc.all': 2 });
    expect([...table.pids]).toEqual([1, PID]);
    expect(table.get(1)?.name).toBe('init');
  });

  test('includes zombies, whose blocked signals are no thread’s', async () => {
    world.put({ pid: PID, state: ZOMBIE });
    const table = await client.scan({ fields: ['state', 'sigmasks'] });
    expect(table.get(PID)?.state).toBe('zombie');
    expect(Object.keys(table.get(PID)?.sigmasks ?? {}).sort()).toEqual(['caught', 'ignored', 'pending']);
    expect([...(await client.pids())]).toContain(PID);
    // What takes a call by PID finds none.
    expect((await client.scan({ fields: ['state', 'rlimits'] })).get(PID)).toBeUndefined();
    expect(await rejection(client.state(PID))).toBeInstanceOf(NoSuchProcessError);
  });
});

describe('limits of another process', () => {
  test('are read from procfs, however few bytes it gives at a time, and the file is closed', async () => {
    const { limits } = world.put({ pid: PID });
    kernel.calls();
    const limitsRead = await client.rlimits(PID, { bigint: true });
    expect(limitsRead.RLIMIT_CPU).toEqual({ soft: limits?.[0], hard: limits?.[1] });
    expect(limitsRead.RLIMIT_POSIXLOCKS?.hard).toBe(2n ** 64n - 1n);
    expect(Object.keys(limitsRead)).toHaveLength(12);
    expect(kernel.calls()).toMatchObject({ 'kern.proc.pid': 1, open: 1, close: 1 });
  });

  test('are not supported where procfs is not mounted, and gone with the process', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'open', times: 2, kind: 'error', error: 'ENOENT' });
    expect(await rejection(client.rlimits(PID))).toMatchObject({ name: 'NotSupportedError', syscall: 'open' });
    expect(await client.snapshot(PID, { fields: ['pgid', 'rlimits'] })).toEqual({ pid: PID, pgid: PID, rlimits: null });
    kernel.on({ call: 'open', kind: 'remove', victim: PID });
    expect(await rejection(client.snapshot(PID, { fields: ['pgid', 'rlimits'] }))).toBeInstanceOf(NoSuchProcessError);
  });

  test('of one that is about to end are a zombie’s', async () => {
    world.put({ pid: PID, ending: true });
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(ZombieProcessError);
  });

  test('that a call interrupts are read on, and that fail are an error', async () => {
    world.put({ pid: PID });
    kernel.on({ call: 'read', skip: 1, times: 2, kind: 'error', error: 'EINTR' });
    expect((await client.rlimits(PID)).RLIMIT_POSIXLOCKS?.hard).toBe(Infinity);
    for (const [call, error] of [
      ['read', 'EIO'],
      ['open', 'EMFILE'],
    ] as const) {
      kernel.on({ call, kind: 'error', error });
      kernel.calls();
      expect(await rejection(client.rlimits(PID))).toMatchObject({ name: 'ProcessError', code: error });
      expect(kernel.calls()['close']).toBe(call === 'read' ? 1 : undefined);
    }
  });

  test.each([0, 3, 5, 9, 12, 15, 18])('whose text ends after %i bytes are not supported', async (number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'read', kind: 'cut', number });
    // It begins with "cpu 10000 10001\n".
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(NotSupportedError);
  });

  test.each([
    ['another resource', 0, 'x'],
    ['a number below none', 4, '-'],
    ['no number', 10, 'x'],
    ['no end of its line', 15, ' '],
    ['more than two numbers', 15, '-'],
  ])('whose text has %s are not supported', async (_, position, character) => {
    world.put({ pid: PID });
    kernel.on({ call: 'read', kind: 'patch', number: position * 256 + character.charCodeAt(0) });
    expect(await rejection(client.rlimits(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('of a kernel that knows more or fewer resources than the headers are those both know', async () => {
    world.put({ pid: PID, limits: BigUint64Array.from({ length: 26 }, (_, i) => BigInt(i)) });
    expect(Object.keys(await client.rlimits(PID))).toHaveLength(12);
    world.put({ pid: PID, limits: BigUint64Array.from({ length: 18 }, (_, i) => BigInt(i)) });
    expect(Object.keys(await client.rlimits(PID))).toHaveLength(9);
  });

  test('are not set, for any process', async () => {
    world.put({ pid: PID });
    expect(await rejection(client.rlimit(PID, 'RLIMIT_CORE', LIMITS))).toMatchObject({
      name: 'NotSupportedError',
      syscall: 'setrlimit',
    });
    expect(kernel.calls()['setrlimit']).toBeUndefined();
  });
});

describe('a Process', () => {
  test('whose PID becomes another’s while its limits are read is gone', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    kernel.on({ call: 'open', kind: 'recycle', victim: PID });
    expect(await rejection(process.rlimits())).toBeInstanceOf(NoSuchProcessError);
  });

  test('began at the time of day that it was, to a microsecond', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    expect(process.startTime).toBe(1_700_000_000_000 + 500_000 + 77.077);
  });
});
