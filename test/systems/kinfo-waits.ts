import { loadAddon } from '@psutil-extra/native';
import { ANY_START, STATES } from '@psutil-extra/native/protocol';
import { AccessDeniedError, createClient } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';
import type { Calls } from './kinfo.js';
import { describeWaits, type Exits, keep, PID, SEVEN, UNKNOWN, WaitWorld } from './waits.js';
import type { Promised } from './world.js';

/** How the kqueue of a system reports the end of a process. */
export interface ExitEvents extends Pick<Exits, 'denied' | 'identifiesZombies'> {
  /** Whether a process that has ended already is an event, or an error. */
  readonly findZombies: boolean;
}

const CALLS = { hold: 'kqueue', begin: 'kevent=read', close: 'close queue' };
const ZOMBIE = STATES.indexOf('zombie');

/** Waits by kqueue(2): packages/native/src/platform/kinfo/exit_watch.cc, over the simulated kernel of a system. */
export function describeKqueueWaits(promised: Promised, { one, boot }: Calls, events: ExitEvents): void {
  describeWaits(promised, {
    ...events,
    keepsStatus: true,
    one,
    calls: CALLS,
    names: { hold: 'kqueue', wait: 'kevent' },
  });

  describe('waitForExit() by kqueue', () => {
    const client = createClient({ threads: 1 });
    afterAll(() => client.close());

    let world: WaitWorld;
    beforeEach(() => {
      world = new WaitWorld(promised, CALLS);
    });

    test('of a process that is ending resolves when it has ended', async () => {
      world.put({ pid: PID, ending: true });
      const waiting = client.waitForExit(PID);
      if (events.findZombies) {
        expect(await waiting).toEqual({ code: 0, signal: null });
        return;
      }
      // It is looked at again, for there is no event.
      await until('it is looked at', () => world.made('kevent=proc') >= 2);
      world.ends(PID, 7 << 8);
      expect(await waiting).toEqual(SEVEN);
      for (const become of ['gone', 'another', 'another user’s'] as const) {
        world.put({ pid: PID, ending: true, start: 5 });
        const before = world.made('kevent=proc');
        const again = client.waitForExit(PID);
        await until('it is looked at', () => world.made('kevent=proc') >= before + 2);
        if (become === 'gone') world.remove(PID);
        else world.put({ pid: PID, start: 9 });
        if (become === 'another user’s') world.deny({ pid: PID }, 'set');
        world.put({ pid: PID + 1 });
        world.remove(PID + 1);
        expect(await again, become).toEqual(UNKNOWN);
      }
    });

    test('of a PID that gets a process while the kernel looks for one does not wait for that', async () => {
      world.put({ pid: PID });
      world.errors('kevent=proc', 'ESRCH', { times: 2 });
      const waiting = client.waitForExit(PID);
      await until('it is looked at', () => world.made('kevent=proc') >= 2);
      world.put({ pid: PID + 1 });
      world.remove(PID + 1);
      expect(await waiting).toEqual(UNKNOWN);
      world.errors('kevent=proc', 'ESRCH', { times: 2 });
      const again = client.waitForExit(PID);
      await until('it is looked at', () => world.made('kevent=proc') >= 5);
      world.remove(PID);
      expect(await again).toEqual(UNKNOWN);
    });

    test.each(['EMFILE', 'ENFILE', 'ENOMEM'])('that finds no kqueue rejects with %s', async (error) => {
      world.put({ pid: PID });
      await using fresh = createClient({ threads: 1 });
      // In the program, and in its thread.
      for (const skip of [0, 1]) {
        world.errors('kqueue', error, { skip });
        expect(await rejection(fresh.waitForExit(PID))).toMatchObject({ code: error, syscall: 'kqueue' });
      }
      // But for the two that the kernel has refused.
      expect(world.open()).toBe(2);
    });

    test.each(['kevent=proc', 'kevent=read'])(
      'that the kernel refuses at %s rejects, and the next one waits',
      async (call) => {
        world.put({ pid: PID });
        const before = world.open();
        world.errors(call, 'ENOMEM');
        expect(await rejection(client.waitForExit(PID))).toMatchObject({ code: 'ENOMEM', syscall: 'kevent' });
        expect(world.open()).toBe(before);
        const waiting = client.waitForExit(PID);
        world.ends(PID, 7 << 8);
        expect(await waiting).toEqual(SEVEN);
      },
    );

    test.runIf(!events.findZombies)('of a zombie that has no timer rejects', async () => {
      world.put({ pid: PID, state: ZOMBIE });
      world.errors('kevent=timer', 'ENOMEM');
      expect(await rejection(client.waitForExit(PID))).toMatchObject({ code: 'ENOMEM', syscall: 'kevent' });
      // The process that was ending cannot be looked at: it is looked at again.
      world.put({ pid: PID, ending: true });
      world.errors(one, 'EPERM', { skip: 1 });
      const before = world.made('kevent=proc');
      const waiting = client.waitForExit(PID);
      await until('it is looked at', () => world.made('kevent=proc') >= before + 2);
      world.ends(PID, 7 << 8);
      expect(await waiting).toEqual(SEVEN);
    });

    test('whose event cannot be read has ended, in an unknown way', async () => {
      await using fresh = createClient({ threads: 1 });
      world.put({ pid: PID });
      const waiting = fresh.waitForExit(PID);
      await world.begun(1);
      // The queue of all is read in vain; then that of the process, and then both again.
      world.errors('kevent', 'EINTR');
      world.errors('kevent', 'EINTR', { skip: 2 });
      world.errors('kevent', 'ENOMEM', { skip: 4 });
      world.ends(PID, 7 << 8);
      expect(await waiting).toEqual(UNKNOWN);
    });

    test('ends with the error of the kqueue that reports no more', async () => {
      await using fresh = createClient({ threads: 1 });
      world.put({ pid: PID });
      const waiting = rejection(fresh.waitForExit(PID));
      await world.begun(1);
      world.errors('kevent', 'EFAULT');
      world.ends(PID, 7 << 8);
      expect(await waiting).toMatchObject({ code: 'EFAULT', syscall: 'kevent' });
    });

    test.runIf(boot !== undefined)('of a Process rejects without the time from which its start counts', async () => {
      world.put({ pid: PID });
      const bound = await client.process(PID);
      world.errors(boot as string, 'EPERM');
      expect(await rejection(bound.waitForExit())).toBeInstanceOf(AccessDeniedError);
    });

    test('of the addon alone: begins without a hold, and closes what is open when it ends', async () => {
      const { ExitWatcher, holdProcess, releaseProcess } = loadAddon();
      world.put({ pid: PID });
      const before = world.open();
      releaseProcess(holdProcess(PID) as number);
      expect(world.open()).toBe(before);
      // A program that is executed in place of this one inherits none.
      expect(world.made('fcntl')).toBe(world.made('kqueue'));
      const watcher = keep(new ExitWatcher('/proc', () => {}));
      expect(watcher.take()).toEqual(Int32Array.of(0));
      expect(watcher.begin(world.unusedPid, ANY_START, -1)).toMatchObject({ code: 'ESRCH' });
      const wait = watcher.begin(PID, ANY_START, -1) as number;
      watcher.cancel(wait + 1);
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
}
