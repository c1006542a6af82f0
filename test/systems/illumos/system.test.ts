import { loadAddon, run } from '@psutil-extra/native';
import { AccessDeniedError, createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { SimulatedWorld } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { errors, OWNERS, opens, PID, PSINFO } from './proc.js';
import { promised } from './promised.js';

/** What illumos reports besides the files of a process, as the simulated kernel answers. */
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

describe('limits', () => {
  test('of the caller take no file, of others there are none', async () => {
    const { pid } = await world.own();
    await client.pgid(pid); // the root is open from now on
    kernel.calls();
    expect(Object.keys(await client.rlimits(pid))).toHaveLength(7);
    expect(kernel.calls()).toEqual({ 'open psinfo': 1, open: 1, 'read psinfo': 1, close: 1, getrlimit: 7 });
    world.put({ pid: PID });
    const table = await client.scan({ fields: ['rlimits', 'pgid'], pids: [PID] });
    expect(table.get(PID)).toMatchObject({ rlimits: null, pgid: PID });
    expect(table.error(PID, 'rlimits')).toMatchObject({ code: 'ENOTSUP', syscall: 'getrlimit' });
  });

  test('of the caller that the system refuses reject', async () => {
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

  test('beyond the system’s largest number are unlimited', async () => {
    const { pid } = await world.own();
    await client.rlimit(pid, 'RLIMIT_VMEM', { soft: 2n ** 64n - 2n, hard: Infinity });
    expect(await client.getrlimit(pid, 'RLIMIT_AS')).toEqual({ soft: Infinity, hard: Infinity });
  });
});

describe('the listing', () => {
  const PIDS = Array.from({ length: 900 }, (_, i) => 3000 + i);

  test('has every process that stays while others come and go', async () => {
    for (const pid of PIDS) world.put({ pid });
    for (let skip = 0; skip < 4; skip++) {
      kernel.on({ call: 'getdents', skip, kind: 'remove', victim: 3000 + skip * 7 });
      kernel.on({ call: 'getdents', skip, kind: 'add', number: 3 });
    }
    const table = await client.scan({ fields: ['pgid'] });
    expect(new Set(table.pids).size).toBe(table.length);
    const leaving = new Set([0, 1, 2, 3].map((skip) => 3000 + skip * 7));
    expect([...table.pids]).toEqual(expect.arrayContaining(PIDS.filter((pid) => !leaving.has(pid))));
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

  test.each([
    ['while a call waits', 1000, Int32Array.of(1)],
    ['after as many as are asked for', 100, null],
  ])('stops early %s, and goes on from there', (_, max, urgentPending) => {
    for (const pid of PIDS) world.put({ pid });
    const reader = new (loadAddon().Reader)('/proc');
    const pids: number[] = [];
    let rounds = 0;
    for (let cursor = 0; cursor >= 0; rounds++) {
      const part = run(reader, { op: 'list', cursor, max, urgentPending });
      if (!('pids' in part)) throw new Error(part.code);
      pids.push(...part.pids);
      cursor = part.cursor;
    }
    expect(pids).toEqual([1, ...PIDS]);
    expect(rounds).toBeGreaterThan(2);
  });

  test('makes way for waiting calls', async () => {
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
    const fields = promised.supported.filter((field) => field !== 'rlimits');
    expect(Object.values(await elsewhere.snapshot(PID, { fields }))).not.toContain(null);
    const calls = kernel.calls();
    expect(Object.keys(calls)).not.toEqual(expect.arrayContaining(['getgroups']));
    expect(Object.keys(calls)).not.toContain('fstatvfs');
    expect(new Set(await elsewhere.pids())).toEqual(new Set([1, PID, pid]));
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

  test('that lacks a file does not support its fields', async () => {
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
