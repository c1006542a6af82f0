import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { type Found, type ProcessMap, tickOf } from '../relatives/process-map.js';
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
import type { Following, TreeKillParts } from './tree-kill-parts.js';

/** What `killTree()` has done to a process. */
export interface KilledProcess {
  readonly pid: number;
  /**
   * `'ended'`: it has ended by itself or by `killSignal`. `'killed'`: it got `SIGKILL`. `'denied'`: the caller may not signal it, or it
   * is one of the kernel's own threads, which no signal ends.
   * `'escaped'`: it has been started from the tree and has left it, as its session, its cgroup or events show; it got no signal.
   */
  readonly status: 'ended' | 'killed' | 'denied' | 'escaped';
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
  /** Of a tree that forks while it is listed. */
  #forks: Following | undefined;
  #isStopping = false;

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
      await this.#forks?.end();
      await this.#resume([...this.#members.values()].filter(({ isHeld }) => isHeld));
    }
  }

  /** Of a tree that forks, what has left it meanwhile is known once its forks are reported. */
  async #stop(): Promise<void> {
    this.#isStopping = true;
    await this.#standStill();
    const isWatched = this.#forks !== undefined && (await abortable(this.#forks.opening(), this.#signal));
    if (isWatched) await this.#standStill();
    this.#isStopping = false;
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
  async #standStill(): Promise<void> {
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
      const isQuiet = fresh.length === 0 && running.length === 0 && listing.isQuiet;
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
    const began = now();
    const pids = await this.#parts.descendants.of([this.#root.pid, ...this.#members.keys()]);
    const map = await this.#parts.maps.read(pids === undefined ? LISTED : LISTED_BY_THREAD, this.#signal, pids);
    const isFirst = this.#escapes === undefined;
    if (isFirst) this.#add(this.#root, stateOf(map.get(this.#root.pid)));
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
    const confirmed = await this.#parts.relatives.confirm(others, this.#signal);
    for (const identified of confirmed) {
      const member = this.#add(identified, stateOf(map.get(identified.pid)));
      if (member.state !== 'zombie') fresh.push(member);
    }
    if (!isFirst && confirmed.length > 0) {
      this.#forks ??= this.#parts.forks.watch(this.#members, () => this.#isStopping);
    }
    this.#escapes ??= await EscapeRoutes.of(this.#parts.maps, map, this.#root, this.#signal);
    this.#escapes.learn(map, this.#members);
    const isQuiet = await this.#adopt(began, fresh);
    return pids === undefined
      ? { fresh, isQuiet, picture: '', agreeing: 2 }
      : { fresh, isQuiet, picture: this.#pictureOf(map), agreeing: 3 };
  }

  /** Adds those that are only known to descend from a member by events. False if there may be others. */
  async #adopt(began: number, fresh: Member[]): Promise<boolean> {
    await this.#forks?.learn(began, (member) => this.#send(member, 0));
    const { adopted = [], isQuiet = true } = (await this.#forks?.adopt()) ?? {};
    for (const { identified, isHeld } of adopted) {
      const known = this.#members.get(identified.pid);
      const isKnown = known?.start === identified.start;
      // It runs until a listing says otherwise.
      const member = isKnown ? known : this.#add(identified, 'running');
      if (isHeld) member.isHeld = true;
      if (!isKnown) fresh.push(member);
    }
    return isQuiet;
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

  #add(identified: Identified, state: State | undefined): Member {
    const member = new Member(identified, state);
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
        const { fresh } = await this.#list();
        await this.#sendAll(fresh, signal);
        // Events may have shown it while the others were stopped.
        await this.#resume(fresh.filter(({ isHeld }) => isHeld));
        if (this.#left().length === 0 || now() >= end) return;
      }
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      waiting.abort();
    }
  }

  async #report(): Promise<KilledProcess[]> {
    const late = (await this.#forks?.adopt())?.adopted ?? [];
    const others = late.map(({ identified }) => identified.pid).filter((pid) => !this.#members.has(pid));
    const escaped = new Set([...((await this.#escapes?.find(this.#members, this.#signal)) ?? []), ...others]);
    const members = [...this.#members.values()].map(({ pid, isKilled, isDenied, isUnstoppable, state }) => {
      const isAlive = state !== undefined && state !== 'zombie';
      return {
        pid,
        status: (isDenied || isUnstoppable) && isAlive ? 'denied' : isKilled ? 'killed' : 'ended',
      } as const;
    });
    return [...members, ...Array.from(escaped, (pid) => ({ pid, status: 'escaped' }) as const)];
  }
}

interface Listing {
  /** The members that are new. */
  readonly fresh: readonly Member[];
  /** Whether no others may have been started by processes that have ended meanwhile. */
  readonly isQuiet: boolean;
  /** The same text as that of the listing before, if both have found the same. */
  readonly picture: string;
  /** How many in a row must agree. */
  readonly agreeing: number;
}

function stateOf(found: Found): State;
function stateOf(found: Found | undefined): State | undefined;
function stateOf(found: Found | undefined): State | undefined {
  return found === undefined ? undefined : (rowValue(FIELD_INDEX.state, found.frame, found.row) as State);
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
