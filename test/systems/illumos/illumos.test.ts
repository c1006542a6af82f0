import { STATES } from '@psutil-extra/native';
import {
  AccessDeniedError,
  createClient,
  type Field,
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

/** What illumos alone does: usr/src/uts/common/fs/proc/prvnops.c, as the simulated kernel answers. */
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

const PID = 77;
const PSINFO = promised.shared['psinfo'] as readonly Field[];
const CRED = promised.shared['cred'] as readonly Field[];
const OWNERS = [...CRED, 'sigmasks'] as const;
const many = (count: number) => Uint32Array.from({ length: count }, (_, i) => 500 + i);
const errors = (call: string, error: string, more: object = {}) => kernel.on({ call, kind: 'error', error, ...more });

/** What was opened since this was last asked, apart from the root. */
function opens(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kernel.calls())
      .filter(([call]) => call.startsWith('open ') && call !== 'open root')
      .map(([call, count]) => [call.slice(5), count]),
  );
}

/** A process of another user, whose directory is closed with all but psinfo in it. */
function foreign(): void {
  world.put({ pid: PID });
  world.deny({ pid: PID }, 'groups');
  world.deny({ pid: PID }, 'sigmasks');
}

describe('which files are read', () => {
  test('psinfo alone for what it tells, one field or all', async () => {
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

  test('each is closed again, whatever became of it', async () => {
    world.put({ pid: PID });
    errors('read status', 'EIO');
    await client.pgid(PID);
    kernel.calls();
    await client.scan({ fields: [...PSINFO, ...OWNERS] });
    await client.scan({ fields: [...PSINFO, ...OWNERS] });
    foreign();
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

  test('of another user tells what psinfo tells, and denies the rest without trying each', async () => {
    foreign();
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

  test('one file of which is denied tells all that others tell', async () => {
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
  ] as const)('that is %s in the table is told to be %s', async (state, told) => {
    world.put({ pid: PID, state: STATES.indexOf(state) });
    expect(await client.state(PID)).toBe(told);
  });

  test('that is in a state nobody has heard of is in none', async () => {
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

  test('began when the time of day was, and setting the clock makes no other of it', async () => {
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
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toBeInstanceOf(ZombieProcessError);
  });

  test('of another user has nothing left that could be denied', async () => {
    foreign();
    world.put({ ...world.member(PID), state: STATES.indexOf('zombie') });
    for (const field of promised.zombieLoses) {
      expect(await rejection(client[field as 'groups'](PID)), field).toBeInstanceOf(ZombieProcessError);
    }
  });

  test('by its psinfo is one whose last thread has gone', async () => {
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

  test.each(['open cred', 'read cred', 'open sigact'])('that becomes one at "%s" keeps what was told', async (call) => {
    world.put({ pid: PID });
    kernel.on({ call, kind: 'zombie', victim: PID });
    const field = call.endsWith('cred') ? 'groups' : 'sigmasks';
    const table = await client.scan({ fields: ['name', field], pids: [PID] });
    expect(table.get(PID)).toMatchObject({ name: 'sleep', [field]: null });
    expect(table.error(PID, field)).toBeInstanceOf(ZombieProcessError);
  });

  test('is almost one while it ends: its owner’s files are gone first', async () => {
    world.put({ pid: PID, ending: true });
    expect(await client.name(PID)).toBe('sleep');
    for (const field of OWNERS) {
      expect(await rejection(client[field as 'groups'](PID)), field).toBeInstanceOf(ZombieProcessError);
    }
  });
});

describe('a file', () => {
  const FILES = [
    ['psinfo', 'pgid', 100],
    ['cred', 'groups', 10],
    ['cred', 'groups', 30],
    ['status', 'sigmasks', 680],
    ['sigact', 'sigmasks', 33],
    ['sigact', 'sigmasks', 64],
  ] as const;

  test.each(FILES)('%s that comes in pieces (%s after %i bytes) is put together', async (file, field, number) => {
    world.put({ pid: PID });
    const whole = JSON.stringify(await client[field](PID));
    kernel.on({ call: `read ${file}`, kind: 'cut', number });
    expect(JSON.stringify(await client[field](PID))).toBe(whole);
  });

  test.each(FILES)('%s that ends too early (%s after %i bytes) is not believed', async (file, field, number) => {
    world.put({ pid: PID });
    kernel.on({ call: `read ${file}`, kind: 'cut', number, times: 1000 });
    expect(await rejection(client[field](PID))).toBeInstanceOf(NotSupportedError);
  });

  test('is opened and read again where a signal came between', async () => {
    world.put({ pid: PID });
    for (const call of ['open psinfo', 'read psinfo', 'open directory', 'open cred', 'read cred']) {
      errors(call, 'EINTR', { times: 3 });
    }
    expect(await client.snapshot(PID, { fields: ['pgid', 'groups'] })).toMatchObject({ groups: [101, 4, 24] });
  });

  test('that is not there yet, or is of a program that has just become another, is tried once more', async () => {
    world.put({ pid: PID });
    for (const [call, error] of [
      ['open cred', 'ENOENT'],
      ['read cred', 'EAGAIN'],
    ] as const) {
      errors(call, error);
      expect(await client.groups(PID), error).toEqual([101, 4, 24]);
    }
    errors('read cred', 'EAGAIN', { times: 2 });
    expect(await rejection(client.groups(PID))).toMatchObject({
      name: 'ProcessError',
      code: 'EAGAIN',
      syscall: 'read',
    });
  });

  test('whose absence cannot be explained fails as what was asked for the reason', async () => {
    world.put({ pid: PID });
    errors('open cred', 'ENOENT');
    errors('read psinfo', 'EIO');
    expect(await rejection(client.groups(PID))).toMatchObject({ code: 'EIO' });
  });

  test('that the system fails to open or read fails with that, and its fields alone', async () => {
    world.put({ pid: PID });
    for (const [call, error] of [
      ['open psinfo', 'EMFILE'],
      ['read psinfo', 'EIO'],
      ['open directory', 'ENFILE'],
    ] as const) {
      errors(call, error);
      const failed = await rejection(client.snapshot(PID, { fields: ['pgid', 'groups'] }));
      expect(failed).toBeInstanceOf(ProcessError);
      expect(failed).toMatchObject({ code: error, syscall: call.split(' ')[0] });
    }
    for (const [file, field] of [
      ['cred', 'groups'],
      ['status', 'sigmasks'],
      ['sigact', 'sigmasks'],
    ] as const) {
      errors(`open ${file}`, 'EMFILE');
      const table = await client.scan({ fields: ['pgid', field], pids: [PID] });
      expect(table.get(PID)).toMatchObject({ pgid: PID, [field]: null });
      expect(table.error(PID, field)).toMatchObject({ code: 'EMFILE' });
    }
  });
});

describe('groups', () => {
  test('can be none, and more than a cred usually has', async () => {
    for (const count of [0, 1, 2, 1024, 1025, 4000]) {
      world.put({ pid: PID, groups: many(count) });
      expect(await client.groups(PID)).toEqual([...many(count)]);
      expect(await client.gids(PID)).toEqual({ real: 100, effective: 101, saved: 102 });
    }
  });

  test.each([2 ** 32 - 1, 70_000, 4, 2000])('are not believed to be %i where there are three', async (number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'read cred', kind: 'patch', number, times: 1000 });
    expect(await rejection(client.groups(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('of the caller are asked for without a file, and with its users come with them', async () => {
    const { pid } = await world.own();
    kernel.calls();
    expect(await client.groups(pid)).toEqual([101, 4, 24]);
    expect(kernel.calls()).toEqual({ getgroups: 2 });
    await client.snapshot(pid, { fields: ['groups', 'uids'] });
    expect(opens()).toEqual({ cred: 1 });
    world.put({ pid, groups: new Uint32Array() });
    expect(await client.groups(pid)).toEqual([]);
  });

  test('of a caller whose files are denied to it are told all the same', async () => {
    const { pid } = await world.own();
    world.deny({ pid }, 'groups');
    expect(await client.snapshot(pid, { fields: ['groups', 'uids'] })).toEqual({
      pid,
      groups: [101, 4, 24],
      uids: null,
    });
    expect(await rejection(client.uids(pid))).toBeInstanceOf(AccessDeniedError);
  });

  test('of the caller that grow while they are asked for are asked for again, and not for ever', async () => {
    const { pid } = await world.own();
    errors('getgroups', 'EINVAL', { skip: 1 });
    expect(await client.groups(pid)).toEqual([101, 4, 24]);
    for (const skip of [1, 3, 5]) errors('getgroups', 'EINVAL', { skip });
    expect(await rejection(client.groups(pid))).toMatchObject({ code: 'EAGAIN', syscall: 'getgroups' });
    for (const skip of [0, 1]) {
      errors('getgroups', 'EPERM', { skip });
      expect(await rejection(client.groups(pid))).toBeInstanceOf(AccessDeniedError);
    }
  });
});

describe('signals', () => {
  test('pending to the process are not those pending to its thread', async () => {
    world.put({ pid: PID, signals: signals({ pending: [2, 40], processPending: [3, 65], blocked: [32, 33, 64, 73] }) });
    const { pending, processPending, blocked } = await client.sigmasks(PID);
    expect([...(pending ?? [])]).toEqual([2, 40]);
    expect([...(processPending ?? [])]).toEqual([3, 65]);
    expect([...(blocked ?? [])]).toEqual([32, 33, 64, 73]);
    expect(blocked?.has('SIGRTMAX')).toBe(true);
    expect(blocked?.names()).toEqual(['SIGWAITING', 'SIGLWP', 'SIGRTMIN+22', 'SIGRTMIN+31']);
  });

  test('of a kernel that has more than its headers said are told too, of one that has fewer none', async () => {
    world.put({ pid: PID, signals: signals({ ignored: [1, 73, 80, 128], caught: [64, 65, 127] }) });
    kernel.on({ call: 'read sigact', kind: 'patch', number: 128, times: 2 });
    const { ignored, caught } = await client.sigmasks(PID);
    expect([...(ignored ?? [])]).toEqual([1, 73, 80, 128]);
    expect([...(caught ?? [])]).toEqual([64, 65, 127]);
    kernel.on({ call: 'read sigact', kind: 'patch', number: 72, times: 2 });
    expect(await rejection(client.sigmasks(PID))).toBeInstanceOf(NotSupportedError);
  });
});

describe('limits', () => {
  test('of the caller take no file, of others there are none', async () => {
    const { pid } = await world.own();
    kernel.calls();
    expect(Object.keys(await client.rlimits(pid))).toHaveLength(7);
    expect(kernel.calls()).toEqual({ 'open psinfo': 1, 'read psinfo': 1, close: 1, getrlimit: 7 });
    world.put({ pid: PID });
    const table = await client.scan({ fields: ['rlimits', 'pgid'], pids: [PID] });
    expect(table.get(PID)).toMatchObject({ rlimits: null, pgid: PID });
    expect(table.error(PID, 'rlimits')).toMatchObject({ code: 'ENOTSUP', syscall: 'getrlimit' });
  });

  test('of the caller that the system refuses are refused', async () => {
    const { pid } = await world.own();
    errors('getrlimit', 'EPERM');
    expect(await rejection(client.rlimits(pid))).toBeInstanceOf(AccessDeniedError);
    errors('getrlimit', 'EPERM');
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toMatchObject({
      syscall: 'getrlimit',
    });
    errors('open psinfo', 'EMFILE');
    expect(await rejection(client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toMatchObject({ code: 'EMFILE' });
  });

  test('beyond the system’s numbers are none', async () => {
    const { pid } = await world.own();
    await client.rlimit(pid, 'RLIMIT_VMEM', { soft: 2n ** 64n - 2n, hard: Infinity });
    expect(await client.getrlimit(pid, 'RLIMIT_AS')).toEqual({ soft: Infinity, hard: Infinity });
  });
});

describe('the listing', () => {
  const PIDS = Array.from({ length: 900 }, (_, i) => 3000 + i);

  test('has every process that stays, whoever comes and goes meanwhile', async () => {
    for (const pid of PIDS) world.put({ pid });
    for (let skip = 0; skip < 4; skip++) {
      kernel.on({ call: 'getdents', skip, kind: 'remove', victim: 3000 + skip * 7 });
      kernel.on({ call: 'getdents', skip, kind: 'add', number: 3 });
    }
    const table = await client.scan({ fields: ['pgid'] });
    expect(new Set(table.pids).size).toBe(table.length);
    const leaving = [0, 1, 2, 3].map((skip) => 3000 + skip * 7);
    expect([...table.pids]).toEqual(expect.arrayContaining(PIDS.filter((pid) => !leaving.includes(pid))));
  });

  test('is taken up where it stopped', async () => {
    for (const pid of PIDS) world.put({ pid });
    const pids: number[] = [];
    for await (const batch of client.scanBatches({ fields: ['pgid'], batchSize: 100 })) {
      pids.push(...batch.pids);
      world.remove(pids.at(-1) as number);
    }
    expect(pids).toEqual([1, ...PIDS]);
  });

  test('that the system interrupts goes on, and that it refuses is refused', async () => {
    errors('getdents', 'EINTR', { times: 2 });
    expect(await client.pids()).toHaveLength(1);
    for (const [call, error, syscall] of [
      ['open .', 'EMFILE', 'open'],
      ['getdents', 'EIO', 'getdents'],
      ['lseek', 'EINVAL', 'lseek'],
    ] as const) {
      errors(call, error);
      expect(await rejection(client.pids())).toMatchObject({ code: error, syscall });
    }
    for (const pid of PIDS) world.put({ pid });
    // Not where the first listing stopped, but where the second was to go on.
    const { lseek } = await client.pids().then(() => kernel.calls());
    for (let skip = 1; skip < (lseek as number); skip++) errors('lseek', 'EINVAL', { skip });
    expect(await rejection(client.scan({ fields: ['pgid'] }))).toMatchObject({ code: 'EINVAL', syscall: 'lseek' });
  });

  test('leaves a thread in a hurry to others', async () => {
    for (const pid of PIDS) world.put({ pid });
    const scan = client.scan({ fields: ['pgid', 'groups'] });
    const pids = client.pids();
    expect(await client.pgid(3001)).toBe(3001);
    expect(await scan).toHaveLength(901);
    expect(await pids).toHaveLength(901);
  });
});

describe('another proc root', () => {
  test('is read through files alone, of the caller’s own PID too', async () => {
    await using elsewhere = createClient({ threads: 1, procRoot: '/host/proc' });
    const { pid } = await world.own();
    world.put({ pid: PID });
    kernel.calls();
    expect(await elsewhere.groups(pid)).toEqual([101, 4, 24]);
    const fields = promised.tells.filter((field) => field !== 'rlimits');
    expect(Object.values(await elsewhere.snapshot(PID, { fields }))).not.toContain(null);
    const calls = kernel.calls();
    expect(Object.keys(calls)).not.toEqual(expect.arrayContaining(['getgroups']));
    expect(Object.keys(calls)).not.toContain('fstatvfs');
    expect([...(await elsewhere.pids())].sort()).toEqual([1, PID, pid].sort());
    expect(['rlimits', 'getrlimit', 'rlimit'].filter((name) => elsewhere.supports(name))).toEqual([]);
    expect(elsewhere.supports('groups')).toBe(true);
    for (const work of [
      () => elsewhere.rlimits(pid),
      () => elsewhere.getrlimit(pid, 'RLIMIT_CORE'),
      () => elsewhere.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 }),
    ]) {
      expect(await rejection(work())).toBeInstanceOf(NotSupportedError);
    }
  });

  test('that lacks a file does not tell it', async () => {
    await using elsewhere = createClient({ threads: 1, procRoot: '/host/proc' });
    world.put({ pid: PID, ending: true });
    const error = await rejection(elsewhere.groups(PID));
    expect(error).toBeInstanceOf(NotSupportedError);
  });

  test('that is not there, or no procfs, is no lack of processes', async () => {
    world.put({ pid: PID });
    await using nowhere = createClient({ threads: 1, procRoot: '/nowhere' });
    for (const work of [() => nowhere.pgid(PID), () => nowhere.pids()]) {
      const error = await rejection(work());
      expect(error).not.toBeInstanceOf(NoSuchProcessError);
      expect(error).toMatchObject({ code: 'ENOENT', syscall: 'open' });
    }
    await using fresh = createClient({ threads: 1 });
    kernel.on({ call: 'fstatvfs', kind: 'patch', number: 1 });
    expect(await rejection(fresh.pgid(PID))).toMatchObject({ code: 'ENODEV', syscall: 'statvfs' });
    errors('fstatvfs', 'EIO');
    expect(await rejection(fresh.rlimit(PID, 'RLIMIT_CORE', { soft: 0, hard: 0 }))).toMatchObject({ code: 'ENODEV' });
    errors('open root', 'EACCES');
    expect(await rejection(fresh.pgid(PID))).toBeInstanceOf(AccessDeniedError);
    expect(await fresh.pgid(PID)).toBe(PID);
  });
});

test('a oneshot does without the time where the system has none', async () => {
  world.put({ pid: PID });
  errors('clock_gettime', 'EINVAL');
  expect(await client.oneshot(PID, (process) => process.pgid())).toBe(PID);
});

test('a Process in a oneshot is read once a file, and beneath its directory', async () => {
  world.put({ pid: PID });
  const process = await client.process(PID);
  opens();
  await client.oneshot(process, async (scope) => {
    for (const field of [...OWNERS, ...PSINFO]) await scope[field as 'groups']();
  });
  const { directory, psinfo, ...owners } = opens();
  expect(owners).toEqual({ cred: 1, status: 1, sigact: 1 });
  expect(psinfo).toBe(directory);
});
