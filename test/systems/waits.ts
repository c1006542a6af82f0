import { loadAddon } from '@psutil-extra/native';
import { ANY_START, STATES } from '@psutil-extra/native/protocol';
import { AccessDeniedError, createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';
import { SimulatedWorld } from './simulated-world.js';
import { simulation } from './simulation.js';
import type { Promised } from './world.js';

/** How a system reports the end of a process. */
export interface Exits {
  /** The call that finds one process. */
  readonly one: string;
  /** The calls with which a wait gets hold of a process, reaches its thread, and is closed. */
  readonly calls: { readonly hold: string; readonly begin: string; readonly close: string };
  /** The names in errors of the calls that hold a process, and that wait for it. */
  readonly names: { readonly hold: string; readonly wait: string };
  /** Whether the system keeps for those who wait how a process has ended, also if its parent has waited for it at once. */
  readonly keepsStatus: boolean;
  /** What a caller that may not signal the process gets. */
  readonly denied: 'status' | 'no status' | 'error';
  /** Whether a zombie is found by its PID and has its start: only then is it certain to be a `Process`. */
  readonly identifiesZombies: boolean;
}

export const PID = 77;
export const UNKNOWN = { code: null, signal: null };
export const SEVEN = { code: 7, signal: null };
const CORE_DUMPED = 0x80;
const ZOMBIE = STATES.indexOf('zombie');

const kept: unknown[] = [];

/** Keeps what would close its descriptors when it is collected, in the middle of a test that counts them. */
export function keep<T>(value: T): T {
  kept.push(value);
  return value;
}

/** A simulated world, in which calls are counted. */
export class WaitWorld extends SimulatedWorld {
  readonly #kernel = simulation();
  readonly #calls: Exits['calls'];
  readonly #counts: Record<string, number> = {};

  constructor(promised: Promised, calls: Exits['calls']) {
    super(promised);
    this.#calls = calls;
  }

  /** How often a call was made in this world. */
  made(call: string): number {
    for (const [name, count] of Object.entries(this.#kernel.calls()))
      this.#counts[name] = (this.#counts[name] ?? 0) + count;
    return this.#counts[call] ?? 0;
  }

  /** How many descriptors of waits were opened and not closed. */
  open(): number {
    return this.made(this.#calls.hold) - this.made(this.#calls.close);
  }

  /** Resolves when so many waits have reached their thread. */
  begun(count: number): Promise<unknown> {
    return until('the thread waits', () => this.made(this.#calls.begin) >= count);
  }

  ends(pid: number, status: number): void {
    this.put({ ...this.member(pid), state: ZOMBIE, status });
  }

  errors(call: string, error: string, more: object = {}): void {
    this.#kernel.on({ call, kind: 'error', error, ...more });
  }
}

/** What holds of waits on every simulated system. */
export function describeWaits(promised: Promised, exits: Exits): void {
  describe('waitForExit()', () => {
    const client = createClient({ threads: 1 });
    afterAll(() => client.close());

    let world: WaitWorld;
    beforeEach(() => {
      world = new WaitWorld(promised, exits.calls);
    });

    test('is supported, in the caller’s own proc root', async () => {
      expect(client.supports('waitForExit')).toBe(true);
      world.put({ pid: PID });
      await using elsewhere = createClient({ threads: 1, procRoot: '/host/proc' });
      expect(elsewhere.supports('waitForExit')).toBe(false);
      expect(await rejection(elsewhere.waitForExit(PID))).toBeInstanceOf(NotSupportedError);
      const watcher = keep(new (loadAddon().ExitWatcher)('/host/proc', () => {}));
      expect(watcher.begin(PID, ANY_START, -1)).toMatchObject({ code: 'ENOTSUP', syscall: exits.names.wait });
    });

    test.each([
      [0, { code: 0, signal: null }],
      [7 << 8, SEVEN],
      [255 << 8, { code: 255, signal: null }],
      [9, { code: null, signal: 'SIGKILL' }],
      [11 | CORE_DUMPED, { code: null, signal: 'SIGSEGV' }],
    ])(
      'of a process that ends with the status %i resolves before its parent has waited for it',
      async (status, how) => {
        world.put({ pid: PID });
        const byNumber = client.waitForExit(PID);
        await world.begun(1);
        const bound = (await client.process(PID)).waitForExit();
        await world.begun(2);
        world.ends(PID, status);
        expect(await byNumber).toEqual(how);
        expect(await bound).toEqual(how);
      },
    );

    test('of a process that ends and is reaped before the wait has reached its thread is over', async () => {
      world.put({ pid: PID, status: 7 << 8 });
      const waiting = client.waitForExit(PID);
      world.remove(PID);
      world.put({ pid: PID, start: 9 });
      expect(await waiting).toEqual(exits.keepsStatus ? SEVEN : UNKNOWN);
    });

    test('of a PID that no process has is NoSuchProcessError, and leaves nothing open', async () => {
      for (const pid of [world.unusedPid, 0, -1]) {
        expect(await rejection(client.waitForExit(pid)), String(pid)).toBeInstanceOf(NoSuchProcessError);
      }
      expect(world.open()).toBe(0);
    });

    test('of a zombie resolves at once, with how it has ended', async () => {
      world.put({ pid: PID });
      const bound = await client.process(PID);
      world.ends(PID, 7 << 8);
      expect(await client.waitForExit(PID)).toEqual(SEVEN);
      expect(await bound.waitForExit()).toEqual(exits.identifiesZombies ? SEVEN : UNKNOWN);
    });

    test('of a Process that is gone resolves at once, and never waits for the next one of its PID', async () => {
      world.put({ pid: PID });
      const bound = await client.process(PID);
      world.put({ pid: PID, start: 9 });
      expect(await bound.waitForExit()).toEqual(UNKNOWN);
      world.remove(PID);
      expect(await bound.waitForExit()).toEqual(UNKNOWN);
      // Its PID becomes another's after the wait has got hold of the process.
      world.put({ pid: PID });
      const next = await client.process(PID);
      simulation().on({ call: exits.one, kind: 'recycle', victim: PID });
      expect(await next.waitForExit()).toEqual(UNKNOWN);
      expect(world.made(exits.calls.begin)).toBe(0);
    });

    test('of a process that the caller may not signal is as the system permits', async () => {
      world.put({ pid: PID });
      world.deny({ pid: PID }, 'set');
      const waiting = client.waitForExit(PID);
      if (exits.denied === 'error') {
        const error = await rejection(waiting);
        expect(error).toBeInstanceOf(AccessDeniedError);
        expect(error).toMatchObject({ code: 'EACCES', syscall: exits.names.wait, pid: PID });
        expect(world.open()).toBe(0);
        return;
      }
      await world.begun(1);
      world.ends(PID, 7 << 8);
      expect(await waiting).toEqual(exits.denied === 'status' ? SEVEN : UNKNOWN);
    });

    test('that is aborted frees what it held at once, and only that', async () => {
      for (let pid = 3000; pid < 3010; pid++) world.put({ pid });
      const stay = client.waitForExit(3000);
      await world.begun(1);
      const before = world.open();
      const stop = new AbortController();
      const waits = Array.from({ length: 9 }, (_, i) =>
        rejection(client.waitForExit(3001 + i, { signal: stop.signal })),
      );
      await world.begun(10);
      expect(world.open()).toBe(before + 9);
      stop.abort(new Error('enough'));
      for (const wait of waits) expect(await wait).toMatchObject({ message: 'enough' });
      await until('they are closed', () => world.open() === before);
      world.ends(3000, 7 << 8);
      expect(await stay).toEqual(SEVEN);
    });

    test('of a thousand processes at once, some of them twice, has the status of each', async () => {
      const before = world.open();
      const pids = Array.from({ length: 1000 }, (_, i) => 3000 + i);
      for (const pid of pids) world.put({ pid });
      const waits = pids.map((pid) => client.waitForExit(pid));
      const twice = pids.slice(0, 10).map((pid) => client.waitForExit(pid));
      await world.begun(1010);
      for (const pid of pids.toReversed()) world.ends(pid, (pid % 200) << 8);
      for (const [i, wait] of waits.entries()) expect((await wait).code).toBe((3000 + i) % 200);
      for (const [i, wait] of twice.entries()) expect((await wait).code).toBe(i);
      await until('they are closed', () => world.open() <= before);
      // The numbers of waits that are over are used again.
      world.put({ pid: PID });
      const waiting = client.waitForExit(PID);
      world.ends(PID, 9);
      expect(await waiting).toEqual({ code: null, signal: 'SIGKILL' });
    });

    test('leaves the last descriptors to the program, and the other waits go on', async () => {
      world.put({ pid: PID });
      const waiting = client.waitForExit(PID);
      await world.begun(1);
      const before = world.open();
      const { pid } = await world.own();
      const { limits } = world.member(pid);
      const few = (limits as BigUint64Array).slice();
      const resource = promised.numbers['RLIMIT_NOFILE'] as number;
      few[resource * 2] = 4n;
      world.put({ pid, limits: few });
      expect(await rejection(client.waitForExit(PID))).toMatchObject({ code: 'EMFILE', syscall: exits.names.hold });
      world.ends(PID, 7 << 8);
      expect(await waiting).toEqual(SEVEN);
      expect(world.open()).toBe(before - 1);
    });
  });
}
