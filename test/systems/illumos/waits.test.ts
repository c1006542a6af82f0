import { loadAddon } from '@psutil-extra/native';
import { ANY_START } from '@psutil-extra/native/protocol';
import { AccessDeniedError, createClient } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { until } from '../../processes/until.js';
import { simulation } from '../simulation.js';
import { describeWaits, keep, PID, SEVEN, UNKNOWN, WaitWorld } from '../waits.js';
import { promised } from './promised.js';

const CALLS = { hold: 'open', begin: 'port_associate', close: 'close' };

describeWaits(promised, {
  one: 'pread psinfo',
  calls: CALLS,
  names: { hold: 'open', wait: 'port_associate' },
  keepsStatus: false,
  denied: 'status',
  identifiesZombies: false,
});

/** Waits by an event port: packages/native/src/platform/illumos/exit_watch.cc. */
describe('waitForExit() by an event port', () => {
  const client = createClient({ threads: 1 });
  afterAll(() => client.close());

  let world: WaitWorld;
  beforeEach(() => {
    world = new WaitWorld(promised, CALLS);
  });

  test('of a process that is ending resolves when it has ended', async () => {
    world.put({ pid: PID, ending: true });
    const waiting = client.waitForExit(PID);
    // It has an event at once, whenever it is looked at.
    await until('it is looked at', () => world.made('port_associate') >= 3);
    world.ends(PID, 7 << 8);
    expect(await waiting).toEqual(SEVEN);
    world.put({ pid: PID, ending: true, start: 5 });
    const again = client.waitForExit(PID);
    await until('it is looked at', () => world.made('port_associate') >= 6);
    world.remove(PID);
    expect(await again).toEqual(UNKNOWN);
  });

  test('that is aborted while its process is ending does not disturb the others', async () => {
    world.put({ pid: PID, ending: true });
    world.put({ pid: PID + 1, ending: true });
    const stop = new AbortController();
    const waiting = client.waitForExit(PID);
    const aborted = rejection(client.waitForExit(PID + 1, { signal: stop.signal }));
    await until('they are looked at', () => world.made('port_associate') >= 6);
    const before = world.open();
    stop.abort(new Error('enough'));
    await aborted;
    await until('it is closed', () => world.open() === before - 1);
    world.ends(PID, 7 << 8);
    expect(await waiting).toEqual(SEVEN);
  });

  test('goes on when the process stops, which wakes it too', async () => {
    world.put({ pid: PID });
    simulation().on({ call: 'port_associate', kind: 'patch', number: 1 });
    // It cannot be associated again at first.
    world.errors('port_associate', 'ENOMEM', { skip: 1 });
    const waiting = client.waitForExit(PID);
    await until('it is associated again', () => world.made('port_associate') >= 3);
    world.ends(PID, 7 << 8);
    expect(await waiting).toEqual(SEVEN);
  });

  test.each([
    ['port_create', 'EAGAIN', 'port_create'],
    ['port_associate', 'EAGAIN', 'port_associate'],
    ['port_associate', 'ENOMEM', 'port_associate'],
    ['open psinfo', 'ENFILE', 'open'],
    ['open root', 'EMFILE', 'open'],
  ])('that the kernel refuses at %s with %s rejects, and the next one waits', async (call, error, syscall) => {
    world.put({ pid: PID });
    await using fresh = createClient({ threads: 1 });
    await fresh.pgid(PID);
    world.errors(call, error);
    expect(await rejection(fresh.waitForExit(PID))).toMatchObject({ code: error, syscall });
    const waiting = fresh.waitForExit(PID);
    world.ends(PID, 7 << 8);
    expect(await waiting).toEqual(SEVEN);
  });

  test('of a caller that may not open the proc root is denied, also in its thread', async () => {
    world.put({ pid: PID });
    await using fresh = createClient({ threads: 1 });
    for (const skip of [0, 1]) {
      world.errors('open root', 'EACCES', { skip });
      expect(await rejection(fresh.waitForExit(PID))).toBeInstanceOf(AccessDeniedError);
    }
  });

  test('of a Process whose psinfo cannot be read, or is short, rejects', async () => {
    world.put({ pid: PID });
    const bound = await client.process(PID);
    world.errors('pread psinfo', 'EINTR');
    world.errors('pread psinfo', 'EIO', { skip: 1 });
    expect(await rejection(bound.waitForExit())).toMatchObject({ code: 'EIO', syscall: 'pread' });
    simulation().on({ call: 'pread psinfo', kind: 'cut', number: 100 });
    expect(await rejection(bound.waitForExit())).toMatchObject({ code: 'ENOTSUP', syscall: 'pread' });
  });

  test('whose psinfo cannot be read when it has an event is looked at again', async () => {
    world.put({ pid: PID });
    const waiting = client.waitForExit(PID);
    await world.begun(1);
    world.errors('pread psinfo', 'EIO', { times: 2 });
    world.errors('port_get', 'EINTR');
    world.ends(PID, 7 << 8);
    expect(await waiting).toEqual(SEVEN);
  });

  test('ends with the error of the port that reports no more', async () => {
    await using fresh = createClient({ threads: 1 });
    world.put({ pid: PID });
    const waiting = rejection(fresh.waitForExit(PID));
    await world.begun(1);
    world.errors('port_get', 'EFAULT');
    world.ends(PID, 7 << 8);
    expect(await waiting).toMatchObject({ code: 'EFAULT', syscall: 'port_get' });
  });

  test('of the addon alone: begins without a hold, and closes what is open when it ends', async () => {
    const { ExitWatcher, holdProcess, releaseProcess } = loadAddon();
    world.put({ pid: PID });
    const before = world.open();
    releaseProcess(holdProcess(PID) as number);
    expect(world.open()).toBe(before);
    const watcher = keep(new ExitWatcher('/proc', () => {}));
    expect(watcher.take()).toEqual(Int32Array.of(0));
    expect(watcher.begin(world.unusedPid, ANY_START, -1)).toMatchObject({ code: 'ESRCH' });
    const wait = watcher.begin(PID, ANY_START, -1) as number;
    watcher.cancel(wait + 1);
    // A program that is executed in place of this one inherits no port.
    expect(world.made('fcntl')).toBe(world.made('port_create'));
    world.ends(PID, 7 << 8);
    expect(watcher.take()).toEqual(Int32Array.of(0, wait, 7 << 8));
    watcher.cancel(wait);
    await using ending = createClient({ threads: 1 });
    world.put({ pid: PID, start: 9 });
    const waiting = rejection(ending.waitForExit(PID));
    await world.begun(2);
    await ending.close();
    expect(await waiting).toMatchObject({ name: 'ClientClosedError' });
  });
});
