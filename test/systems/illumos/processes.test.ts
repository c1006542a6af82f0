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
import { SimulatedWorld } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { CRED, errors, OWNERS, opens, PID, PSINFO, putForeign } from './proc.js';
import { promised } from './promised.js';

/** How illumos’s processes change during a read: usr/src/uts/common/fs/proc/prvnops.c, as the simulated kernel answers. */
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

describe('which files are read', () => {
  test('psinfo alone for the fields that it holds, one or all', async () => {
    world.put({ pid: PID });
    for (const field of PSINFO) {
      opens();
      await client[field as 'pgid'](PID);
      expect(opens(), field).toEqual({ psinfo: 1 });
    }
    await client.scan({ fields: PSINFO, pids: [PID] });
    expect(opens()).toEqual({ psinfo: 1 });
  });

  test('cred alone for users and groups, status and sigact for signals', async () => {
    world.put({ pid: PID });
    opens();
    await client.snapshot(PID, { fields: CRED });
    expect(opens()).toEqual({ cred: 1 });
    await client.sigmasks(PID);
    expect(opens()).toEqual({ directory: 1, status: 1, sigact: 1 });
    await client.snapshot(PID, { fields: ['pgid', 'uids'] });
    expect(opens()).toEqual({ directory: 1, psinfo: 1, cred: 1 });
  });

  test('each is closed again, also after an error', async () => {
    world.put({ pid: PID });
    errors('read status', 'EIO');
    await client.pgid(PID);
    kernel.calls();
    await client.scan({ fields: [...PSINFO, ...OWNERS] });
    await client.scan({ fields: [...PSINFO, ...OWNERS] });
    putForeign(world);
    await client.snapshot(PID, { fields: [...PSINFO, ...OWNERS] });
    const calls = kernel.calls();
    const opened = Object.entries(calls).filter(([call]) => call.startsWith('open '));
    const denied = 1;
    expect(calls['close']).toBe(opened.reduce((sum, [, count]) => sum + count, 0) - denied);
  });
});

describe('a process', () => {
  test.each(['open psinfo', 'read psinfo', 'open status', 'open sigact', 'read sigact', 'open cred', 'read cred'])(
    'whose PID becomes another’s at "%s" is gone, rather than half of each',
    async (call) => {
      world.put({ pid: PID });
      kernel.on({ call, kind: 'recycle', victim: PID });
      expect(await rejection(client.snapshot(PID, { fields: ['pgid', ...OWNERS] }))).toBeInstanceOf(NoSuchProcessError);
      expect(await client.snapshot(PID, { fields: ['pgid', ...OWNERS] })).toMatchObject({ pgid: PID });
    },
  );

  test('that ends between two files is gone altogether', async () => {
    for (const call of ['open psinfo', 'open status', 'read cred']) {
      world.put({ pid: PID });
      kernel.on({ call, kind: 'remove', victim: PID });
      const table = await client.scan({ fields: ['pgid', ...OWNERS], pids: [PID] });
      expect(table.length, call).toBe(0);
    }
  });

  test('of another user has what psinfo holds, and denies the rest without trying each', async () => {
    putForeign(world);
    opens();
    const table = await client.scan({ fields: [...PSINFO, ...OWNERS], pids: [PID] });
    expect(opens()).toEqual({ directory: 1, psinfo: 1 });
    expect(table.get(PID)).toMatchObject({ name: 'sleep', pgid: PID, groups: null, sigmasks: null });
    for (const field of OWNERS) {
      expect(table.error(PID, field)).toBeInstanceOf(AccessDeniedError);
      expect(await rejection(client[field as 'groups'](PID))).toBeInstanceOf(AccessDeniedError);
    }
    const process = await client.process(PID);
    expect(await process.pgid()).toBe(PID);
    expect(await rejection(process.groups())).toBeInstanceOf(AccessDeniedError);
    world.put({ ...world.member(PID), start: 3 });
    expect(await rejection(process.groups())).toBeInstanceOf(NoSuchProcessError);
  });

  test('one file of which is denied has all that the other files hold', async () => {
    world.put({ pid: PID });
    world.deny({ pid: PID }, 'groups');
    const row = await client.snapshot(PID, { fields: ['pgid', 'groups', 'sigmasks'], fallback: 'denied' });
    expect(row).toMatchObject({ pgid: PID, groups: 'denied', sigmasks: { blocked: expect.anything() } });
  });

  test.each([
    ['running', 'running'],
    ['sleeping', 'sleeping'],
    ['disk-sleep', 'sleeping'],
    ['stopped', 'stopped'],
    ['tracing-stop', 'stopped'],
    ['zombie', 'zombie'],
    ['idle', 'idle'],
    ['parked', 'running'], // could run, and has had its share of the processors
  ] as const)('that is %s in the table has the state %s', async (state, expected) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(expected);
  });

  test('that is in an unknown state has no state', async () => {
    world.put({ pid: PID });
    for (const letter of ['R', '?']) {
      kernel.on({ call: 'read psinfo', kind: 'patch', number: letter.charCodeAt(0) });
      if (letter === 'R') expect(await client.state(PID)).toBe('running');
      else expect(await rejection(client.state(PID))).toBeInstanceOf(NotSupportedError);
    }
  });

  test('whose name fills its place ends there', async () => {
    world.put({ pid: PID, name: Buffer.from('seventeen letters') });
    expect(await client.name(PID)).toBe('seventeen lette');
  });

  test('of PID 0 is the kernel, and listed', async () => {
    world.put({ pid: 0, name: Buffer.from('sched') });
    expect(await client.name(0)).toBe('sched');
    expect([...(await client.pids())]).toEqual([0, 1]);
  });

  test('has the time of day as its start, and setting the clock does not make it another process', async () => {
    world.put({ pid: PID, start: 1_234_567 });
    const process = await client.process(PID);
    expect(process.startTime).toBe(1_700_000_001_234.567);
    for (const call of ['read psinfo', 'open directory']) {
      kernel.on({ call, kind: 'clock', number: 3_600_000_000 });
      expect(await process.groups()).toEqual([101, 4, 24]);
      expect(await process.isRunning()).toBe(true);
    }
    expect(await client.startTime(PID)).toBe(process.startTime);
  });
});

describe('a zombie', () => {
  test('has lost its name, its start and all that its owner may read', async () => {
    const pid = await world.zombie();
    expect(await client.snapshot(pid, { fields: ['state', 'threads', 'pgid', 'ppid'] })).toEqual({
      pid,
      state: 'zombie',
      threads: 0,
      pgid: pid,
      ppid: 1,
    });
    expect(await rejection(client.process(pid))).toBeInstanceOf(ZombieProcessError);
    opens();
    expect(await rejection(client.groups(pid))).toBeInstanceOf(ZombieProcessError);
    expect(opens()).toEqual({ cred: 1, psinfo: 1 });
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toBeInstanceOf(ZombieProcessError);
  });

  test('of another user has no fields left that could be denied', async () => {
    putForeign(world);
    world.put({ ...world.member(PID), state: STATES.indexOf('zombie') });
    for (const field of promised.zombieLoses) {
      expect(await rejection(client[field as 'groups'](PID)), field).toBeInstanceOf(ZombieProcessError);
    }
  });

  test('is recognized by psinfo without a thread', async () => {
    world.put({ pid: PID, threads: 0 });
    expect(await rejection(client.name(PID))).toBeInstanceOf(ZombieProcessError);
  });

  test('is no longer the process that a Process stood for', async () => {
    world.put({ pid: PID });
    const process = await client.process(PID);
    world.put({ ...world.member(PID), state: STATES.indexOf('zombie') });
    const error = await rejection(process.pgid());
    expect(error).toBeInstanceOf(NoSuchProcessError);
    expect(error).not.toBeInstanceOf(ZombieProcessError);
    expect(await process.isRunning()).toBe(false);
  });

  test.each(['open cred', 'read cred', 'open sigact'])('that becomes one at "%s" keeps what was read', async (call) => {
    world.put({ pid: PID });
    kernel.on({ call, kind: 'zombie', victim: PID });
    const field = call.endsWith('cred') ? 'groups' : 'sigmasks';
    const table = await client.scan({ fields: ['name', field], pids: [PID] });
    expect(table.get(PID)).toMatchObject({ name: 'sleep', [field]: null });
    expect(table.error(PID, field)).toBeInstanceOf(ZombieProcessError);
  });

  test('is nearly one while it ends: its owner’s files are gone first', async () => {
    world.put({ pid: PID, ending: true });
    expect(await client.name(PID)).toBe('sleep');
    for (const field of OWNERS) {
      expect(await rejection(client[field as 'groups'](PID)), field).toBeInstanceOf(ZombieProcessError);
    }
  });
});
