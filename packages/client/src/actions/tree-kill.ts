import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { type Confirming, type Found, type ProcessMap, type ProcessMaps, tickOf } from '../relatives/process-map.js';
import { rowValue } from '../schema/decode.js';
import type { State } from '../schema/fields.js';
import type { Identified } from '../schema/identity.js';
import { sentSignal } from '../schema/signals.js';
import { abortable } from '../support/abort.js';
import { invalidValue } from '../support/arguments.js';
import { now, pause, pauseUntil } from '../support/timers.js';
import { EscapeRoutes } from './escape-routes.js';
import { Member } from './member.js';
import { threadStatesOf } from './thread-states.js';

/** What `killTree()` has done to a process. */
export interface KilledProcess {
  readonly pid: number;
  /**
   * `'ended'`: it has ended by itself or by `killSignal`. `'killed'`: it got `SIGKILL`. `'denied'`: the caller may not signal it, or it
   * is one of the kernel's own threads, which no signal ends.
   * `'escaped'`: it has been started from the tree and has left it, as its session or cgroup shows; it got no signal.
   */
  readonly status: 'ended' | 'killed' | 'denied' | 'escaped';
}

/** @internal Waits until a process has ended. */
interface Waiting {
  wait(pid: number, start: number, signal: AbortSignal | undefined): Promise<unknown>;
}

/** @internal Lists processes with their descendants; `undefined` if that takes a listing of every process. */
interface Descending {
  of(pids: readonly number[]): Promise<Int32Array | undefined>;
}

/** @internal Sends a signal to one process. */
interface Killing {
  send(process: Pick<Identified, 'pid' | 'start'>, signal: number): Promise<'sent' | 'gone' | 'denied'>;
}

/** @internal What a {@link TreeKill} works with. */
export interface TreeKillParts {
  readonly maps: ProcessMaps;
  readonly descendants: Descending;
  readonly relatives: Confirming;
  readonly isOwnRoot: boolean;
  readonly exits: Waiting;
  readonly kills: Killing;
}

/**
 * @internal Ends one tree. A stopped process starts no others, so the tree is stopped from the top down until it stands still, and signalled
 * as a whole. Then it runs on, to end in its own way, until `grace` is over; what is left is stopped again and killed.
 */
export class TreeKill {
  readonly #parts: TreeKillParts;
  readonly #root: Identified;
  readonly #signal: AbortSignal;
  /** In the order in which they were found: parents before their children. */
  readonly #members = new Map<number, Member>();
  #escapes: EscapeRoutes | undefined;

  constructor(parts: TreeKillParts, root: Identified, signal: AbortSignal) {
    this.#parts = parts;
    this.#root = root;
    this.#signal = signal;
  }

  async run(killSignal: number, grace: number): Promise<KilledProcess[]> {
    try {
      await this.#stop();
      if (killSignal !== SIGKILL) {
        await this.#sendAll(this.#left(), killSignal);
        // Those that stood before, too: a stopped process acts on no signal but SIGKILL.
        await this.#resume(this.#left());
        await this.#wait(now() + grace, killSignal);
      }
      for (
        let round = 0;
        round < MAX_ROUNDS && this.#left().some((each) => !(each.isUnstoppable && each.isKilled));
        round++
      ) {
        if (round > 0 || killSignal !== SIGKILL) await this.#stop();
        await this.#sendAll(this.#left(), SIGKILL);
        await this.#wait(now() + KILLED_MS, SIGKILL);
      }
      return await this.#report();
    } finally {
      // Also when it fails or is aborted: nothing stays stopped.
      await this.#resume([...this.#members.values()].filter(({ isHeld }) => isHeld));
    }
  }

  /**
   * Sends SIGSTOP to all, and to those that have been started meanwhile, until two listings in a row find all stopped and no
   * new one: a process may have started another one after a listing has passed its place and before the signal arrived. By lists
   * of children it takes three that find the same: the second and the third begin when all are known to stand, and such a list
   * lacks a process only if another one ends while it is read, which is then in the second and not in the third.
   *
   * One that waits in the kernel stops when it leaves it, and may have started another one by then: it counts as stopped only if
   * that takes long.
   */
  async #stop(): Promise<void> {
    const end = now() + STOPPING_MS;
    let stuckSince: number | undefined;
    let unchanged = 0;
    let before: Listing | undefined;
    for (let still = 0; still < (before?.agreeing ?? 1) && now() < end; ) {
      const listing = await this.#list();
      const { fresh } = listing;
      const running = this.#left().filter(({ isStill }) => !isStill);
      for (const member of running) if (member.isHeld) member.stillRuns(now());
      // In their order: the parents first.
      await this.#sendAll(running, SIGSTOP);
      const isQuiet = fresh.length === 0 && running.length === 0;
      still = !isQuiet ? 0 : listing.picture === before?.picture ? still + 1 : 1;
      before = listing;
      const isStuck = fresh.length === 0 && running.length > 0 && running.every(({ isInKernel }) => isInKernel);
      stuckSince = isStuck ? (stuckSince ?? now()) : undefined;
      if (stuckSince !== undefined && now() - stuckSince > STUCK_MS) return;
      // Most stop at once. Some never do, such as the kernel's own threads.
      unchanged = fresh.length === 0 && running.length > 0 ? unchanged + 1 : 0;
      if (unchanged > 1) await pause(Math.min(unchanged - 1, LONGEST_STEP_MS));
    }
  }

  /** Lists the tree, and where that takes a listing of all processes, these. */
  async #list(): Promise<Listing> {
    const pids = await this.#parts.descendants.of([this.#root.pid, ...this.#members.keys()]);
    const map = await this.#parts.maps.read(pids === undefined ? LISTED : LISTED_BY_THREAD, this.#signal, pids);
    const isFirst = this.#escapes === undefined;
    if (isFirst) this.#add(this.#root, map.get(this.#root.pid));
    const found: Found[] = [];
    for (const member of this.#members.values()) {
      const process = map.get(member.pid);
      const isThere = !member.isGone && process?.start === tickOf(member.start);
      member.state = isThere ? stateOf(process) : undefined;
      member.threads = isThere ? threadStatesOf(process) : undefined;
      if (isThere && (await this.#isItself(member, process))) found.push(process);
    }
    const others = map.descendantsOf(found).filter(({ pid }) => this.#members.get(pid)?.state === undefined);
    if (others.some(({ pid }) => pid === process.pid) || this.#root.pid === process.pid) {
      throw invalidValue('proc', 'must not be a process from which this program descends', this.#root.pid);
    }
    const fresh: Member[] = [];
    for (const identified of await this.#parts.relatives.confirm(others, this.#signal)) {
      const member = this.#add(identified, map.get(identified.pid));
      if (member.state !== 'zombie') fresh.push(member);
    }
    this.#escapes ??= await EscapeRoutes.of(this.#parts.maps, map, this.#root, this.#signal);
    this.#escapes.learn(map, this.#members);
    return pids === undefined
      ? { fresh, picture: '', agreeing: 2 }
      : { fresh, picture: this.#pictureOf(map), agreeing: 3 };
  }

  /** All that a listing has found, as a text: each process with its threads, without those of processes that are not stopped here. */
  #pictureOf(map: ProcessMap): string {
    return Array.from(map.all(), (found) => {
      const tids = this.#members.get(found.pid)?.isDenied === true ? [] : (threadStatesOf(found)?.tids ?? []);
      return [found.pid, found.start, ...tids].join(':');
    }).join();
  }

  /** Whether it is no other process of its tick whose children are listed as its own. */
  async #isItself(member: Member, process: Found): Promise<boolean> {
    if (member.isDistinct || process.children.length === 0) return true;
    await this.#send(member, 0);
    return member.state !== undefined;
  }

  #add(identified: Identified, process: Found | undefined): Member {
    const member = new Member(identified, process === undefined ? undefined : stateOf(process));
    this.#members.set(identified.pid, member);
    return member;
  }

  /** Those that live and may be signalled. */
  #left(): Member[] {
    return [...this.#members.values()].filter(({ isLeft }) => isLeft);
  }

  async #sendAll(members: readonly Member[], signal: number): Promise<void> {
    this.#signal.throwIfAborted();
    await Promise.all(members.map((member) => this.#send(member, signal)));
  }

  async #send(member: Member, signal: number): Promise<void> {
    if (signal === SIGSTOP && !member.isStopped) member.isHeld = true;
    const time = now();
    const sent = await this.#parts.kills.send(member, signal);
    if (sent === 'gone') member.gone();
    else member.reached(time);
    if (sent === 'denied' && signal !== 0) member.isDenied = true;
    if (sent === 'sent' && signal === SIGKILL) member.isKilled = true;
  }

  async #resume(members: readonly Member[]): Promise<void> {
    await Promise.allSettled(
      members.map(async (member) => {
        member.isHeld = false;
        await this.#parts.kills.send(member, SIGCONT);
      }),
    );
  }

  /** Until none is left, or the time is over. What is started meanwhile gets the signal too. */
  async #wait(end: number, signal: number): Promise<void> {
    const waiting = new AbortController();
    const onAbort = () => waiting.abort();
    this.#signal.addEventListener('abort', onAbort, { once: true });
    const left = this.#left().map(({ pid, start }) => this.#parts.exits.wait(pid, start, waiting.signal));
    const stopped = new Promise((resolve) => waiting.signal.addEventListener('abort', resolve, { once: true }));
    // Where waits fail, all of them are over at once, and only listings show who is left.
    let areOver = false;
    const over = Promise.allSettled(left).finally(() => {
      areOver = true;
    });
    try {
      for (let step = FIRST_STEP_MS; ; step = Math.min(step * 2, MAX_STEP_MS)) {
        const remaining = Math.max(0, Math.min(step, end - now()));
        await abortable(pauseUntil(remaining, areOver ? stopped : Promise.race([over, stopped])), this.#signal);
        await this.#sendAll((await this.#list()).fresh, signal);
        if (this.#left().length === 0 || now() >= end) return;
      }
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      waiting.abort();
    }
  }

  async #report(): Promise<KilledProcess[]> {
    const escaped = (await this.#escapes?.find(this.#members, this.#signal)) ?? [];
    const members = [...this.#members.values()].map(({ pid, isKilled, isDenied, isUnstoppable, state }) => {
      const isAlive = state !== undefined && state !== 'zombie';
      return {
        pid,
        status: (isDenied || isUnstoppable) && isAlive ? 'denied' : isKilled ? 'killed' : 'ended',
      } as const;
    });
    return [...members, ...escaped.map((pid) => ({ pid, status: 'escaped' }) as const)];
  }
}

interface Listing {
  /** The members that are new. */
  readonly fresh: readonly Member[];
  /** The same text as that of the listing before, if both have found the same. */
  readonly picture: string;
  /** How many in a row must agree. */
  readonly agreeing: number;
}

function stateOf({ frame, row }: Found): State {
  return rowValue(FIELD_INDEX.state, frame, row) as State;
}

const SIGKILL = sentSignal('signal', 'SIGKILL');
const SIGSTOP = sentSignal('signal', 'SIGSTOP');
const SIGCONT = sentSignal('signal', 'SIGCONT');
const LISTED = FieldSet.of(FIELD_INDEX.state, FIELD_INDEX.sid);
const LISTED_BY_THREAD = LISTED.union(FieldSet.of(FIELD_INDEX.threadList));
/** A tree that cannot be brought to a stop, for instance because processes wait for a disk, is signalled all the same. */
const STOPPING_MS = 5000;
const STUCK_MS = 500;
const LONGEST_STEP_MS = 10;
/** How long killed processes are waited for. One that waits in the kernel may take longer, or for ever. */
const KILLED_MS = 1000;
const MAX_ROUNDS = 3;
/** How often the tree is listed while it is waited for. */
const FIRST_STEP_MS = 20;
const MAX_STEP_MS = 500;
