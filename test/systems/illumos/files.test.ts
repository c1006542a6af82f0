import { AccessDeniedError, createClient, NotSupportedError, ProcessError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { SimulatedWorld, signals } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { errors, opens, PID } from './proc.js';
import { promised } from './promised.js';

/** What is in illumos’s files of a process: usr/src/uts/common/fs/proc/prsubr.c, as the simulated kernel answers. */
const kernel = simulation();
const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: SimulatedWorld;
beforeEach(() => {
  world = new SimulatedWorld(promised);
});

const many = (count: number) => Uint32Array.from({ length: count }, (_, i) => 500 + i);

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

  test.each(FILES)('%s that ends too early (%s after %i bytes) is an error', async (file, field, number) => {
    world.put({ pid: PID });
    kernel.on({ call: `read ${file}`, kind: 'cut', number, times: 1000 });
    expect(await rejection(client[field](PID))).toBeInstanceOf(NotSupportedError);
  });

  test('is opened and read again after EINTR', async () => {
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

  test('whose absence has no known reason fails with the error of the call that looked for one', async () => {
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

  test.each([2 ** 32 - 1, 70_000, 4, 2000])('are an error if %i are counted where there are three', async (number) => {
    world.put({ pid: PID });
    kernel.on({ call: 'read cred', kind: 'patch', number, times: 1000 });
    expect(await rejection(client.groups(PID))).toBeInstanceOf(NotSupportedError);
  });

  test('of the caller are asked for without a file, and with its users come with them', async () => {
    const { pid } = await world.own();
    await client.pgid(pid); // the root is open from now on
    kernel.calls();
    expect(await client.groups(pid)).toEqual([101, 4, 24]);
    expect(kernel.calls()).toEqual({ getgroups: 2 });
    await client.snapshot(pid, { fields: ['groups', 'uids'] });
    expect(opens()).toEqual({ cred: 1 });
    world.put({ pid, groups: new Uint32Array() });
    expect(await client.groups(pid)).toEqual([]);
  });

  test('of a caller whose files are denied to it are read all the same', async () => {
    const { pid } = await world.own();
    world.deny({ pid }, 'groups');
    expect(await client.snapshot(pid, { fields: ['groups', 'uids'] })).toEqual({
      pid,
      groups: [101, 4, 24],
      uids: null,
    });
    expect(await rejection(client.uids(pid))).toBeInstanceOf(AccessDeniedError);
  });

  test('of the caller that grow while they are read are read again, a limited number of times', async () => {
    const { pid } = await world.own();
    errors('getgroups', 'EINVAL', { skip: 1 });
    expect(await client.groups(pid)).toEqual([101, 4, 24]);
    world.put({ pid, groups: new Uint32Array() });
    kernel.on({ call: 'getgroups', skip: 1, kind: 'patch', number: 2 });
    expect(await client.groups(pid)).toEqual([]);
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

  test('of a kernel that has more than its headers are returned too, of one that has fewer none', async () => {
    world.put({ pid: PID, signals: signals({ ignored: [1, 73, 80, 128], caught: [64, 65, 127] }) });
    kernel.on({ call: 'read sigact', kind: 'patch', number: 128, times: 2 });
    const { ignored, caught } = await client.sigmasks(PID);
    expect([...(ignored ?? [])]).toEqual([1, 73, 80, 128]);
    expect([...(caught ?? [])]).toEqual([64, 65, 127]);
    kernel.on({ call: 'read sigact', kind: 'patch', number: 72, times: 2 });
    expect(await rejection(client.sigmasks(PID))).toBeInstanceOf(NotSupportedError);
  });
});
