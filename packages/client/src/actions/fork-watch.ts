import { IDENTIFY, type RawEvent } from '@psutil-extra/native/protocol';
import type { Identified, Identities } from '../schema/identity.js';
import { sentSignal } from '../schema/signals.js';
import { AccessDeniedError, NoSuchProcessError, NotSupportedError } from '../support/errors.js';
import { now, pauseUntil } from '../support/timers.js';
import type { EventConsumer, KernelSubscription } from '../watch/event-consumer.js';
import { type Descendant, Lineage } from './lineage.js';
import type { Member } from './member.js';
import type { Adopted, Following, Killing } from './tree-kill-parts.js';

/** The kernel's events. */
interface Events {
  /** Why they are not even tried. */
  readonly refusal: Error | undefined;
  add(consumer: EventConsumer): KernelSubscription;
}

/** What a client's {@link ForkWatch}es have in common. */
export class ForkEvents {
  readonly events: Events;
  readonly identities: Identities;
  readonly kills: Killing;
  /** This program may not have events: no other tree has to wait for that answer. */
  isRefused = false;

  constructor(events: Events, identities: Identities, kills: Killing) {
    this.events = events;
    this.identities = identities;
    this.kills = kills;
  }

  /**
   * `undefined` where the kernel reports no events to this program. While `isStopping`, what is found is stopped at once, and not
   * only when the tree is listed next.
   */
  watch(members: ReadonlyMap<number, Member>, isStopping: () => boolean): ForkWatch | undefined {
    if (this.isRefused || this.events.refusal !== undefined) return undefined;
    return new ForkWatch(this, members, isStopping);
  }
}

/**
 * Follows what the processes of a tree fork, by the kernel's events. A listing shows a child only while its parent lives: a process
 * that forks and ends between two listings takes its child out of the tree. Events name both. If there are none, or no more, nothing
 * is adopted, and the tree is what listings show.
 */
export class ForkWatch implements Following {
  readonly #shared: ForkEvents;
  readonly #members: ReadonlyMap<number, Member>;
  readonly #isStopping: () => boolean;
  readonly #lineage = new Lineage();
  readonly #subscription: KernelSubscription;
  /** A listing shows that a process is what events call by its PID if it began after this. */
  #since = Number.POSITIVE_INFINITY;
  #state: 'opening' | 'open' | 'over' = 'opening';
  readonly #settled: Promise<void>;
  #settle = () => {};
  #following: Promise<void> | undefined;
  #adopted: Adopted[] = [];
  #hasFound = false;

  constructor(shared: ForkEvents, members: ReadonlyMap<number, Member>, isStopping: () => boolean) {
    this.#shared = shared;
    this.#members = members;
    this.#isStopping = isStopping;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#subscription = shared.events.add({
      opened: () => {
        this.#since = Math.min(this.#since, now());
        this.#become('open');
      },
      received: (events) => this.#received(events),
      failed: (error) => {
        // Anything else may pass.
        if (error instanceof AccessDeniedError || error instanceof NotSupportedError) shared.isRefused = true;
        this.#become('over');
      },
      closed: () => this.#become('over'),
    });
    if (this.#subscription.isKept) this.#since = Math.min(this.#since, now());
    this.#subscription.hold();
  }

  async opening(): Promise<boolean> {
    if (this.#state !== 'opening') return false;
    await pauseUntil(OPENING_MS, this.#settled);
    if (this.#state === 'opening') this.#become('over');
    return this.#isOpen;
  }

  async learn(began: number, ask: (member: Member) => Promise<void>): Promise<void> {
    if (this.#state === 'over' || began < this.#since) return;
    const learnt = [...this.#members.values()].filter(({ state }) => state !== undefined && state !== 'zombie');
    await Promise.all(
      learnt.map(async (member) => {
        const { pid, startTime } = member;
        if (typeof startTime !== 'number' || this.#lineage.includes(pid, startTime)) return;
        if (!member.isDistinct) await ask(member);
        // Events may have been lost meanwhile.
        if (member.state !== undefined && began >= this.#since) this.#lineage.include(pid, startTime);
      }),
    );
  }

  async adopt(): Promise<{ readonly adopted: readonly Adopted[]; readonly isQuiet: boolean }> {
    if (this.#isOpen) await this.#catchUp();
    await (this.#isOpen ? this.#follow() : this.#following);
    const answer = { adopted: this.#adopted, isQuiet: !this.#hasFound };
    this.#adopted = [];
    this.#hasFound = false;
    return answer;
  }

  async end(): Promise<void> {
    this.#become('over');
    await Promise.allSettled([this.#following]);
    const held = this.#adopted.filter(({ isHeld }) => isHeld);
    await Promise.allSettled(held.map(({ identified }) => this.#shared.kills.send(identified, SIGCONT)));
  }

  get #isOpen(): boolean {
    return this.#state === 'open';
  }

  #become(state: 'open' | 'over'): void {
    if (this.#state === 'over') return;
    this.#state = state;
    if (state === 'over') this.#subscription.close();
    this.#settle();
  }

  #received(events: readonly RawEvent[]): void {
    if (this.#state === 'over') return;
    if (this.#lineage.apply(events)) this.#since = now();
    if (this.#isStopping() && this.#isOpen) void this.#follow();
  }

  async #catchUp(): Promise<void> {
    let isDone = false;
    const catchUp = async () => {
      await this.#subscription.caughtUp();
      isDone = true;
    };
    await pauseUntil(CATCHING_UP_MS, catchUp());
    // Without the latest events nothing is certain.
    if (!isDone) this.#become('over');
  }

  /** One at a time. `adopt()` reports its failure. */
  #follow(): Promise<void> {
    if (this.#following !== undefined) return this.#following;
    const following = this.#confirm();
    this.#following = following;
    following.catch(() => {});
    return following;
  }

  /** Until what they have forked meanwhile is found, too. */
  async #confirm(): Promise<void> {
    await this.#confirmAll();
    this.#following = undefined;
  }

  async #confirmAll(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const found = this.#lineage.take((each) => this.#isMember(each));
      if (found.length === 0) return;
      this.#hasFound = true;
      const since = this.#since;
      const identified = await Promise.all(found.map(({ pid }) => this.#identify(pid)));
      // If a PID was another process's by then, events up to now show the end of the first.
      await this.#catchUp();
      if (!this.#isOpen) return;
      await Promise.all(
        found.map(async (each, i) => {
          const process = identified[i];
          if (process !== undefined && !each.hasEnded && each.mayBe(process.startTime))
            await this.#take(process, since);
        }),
      );
    }
  }

  async #take(identified: Identified, since: number): Promise<void> {
    const isHeld = this.#isStopping();
    if (isHeld && (await this.#shared.kills.send(identified, SIGSTOP)) === 'gone') return;
    this.#adopted.push({ identified, isHeld });
    const { pid, startTime } = identified;
    // If events were lost, its PID may be another process's by now.
    if (typeof startTime === 'number' && since === this.#since) this.#lineage.include(pid, startTime);
  }

  /** A listing has found it. */
  #isMember(descendant: Descendant): boolean {
    const member = this.#members.get(descendant.pid);
    return member?.state !== undefined && descendant.mayBe(member.startTime);
  }

  async #identify(pid: number): Promise<Identified | undefined> {
    try {
      return await this.#shared.identities.find(pid, IDENTIFY, undefined);
    } catch (error) {
      if (error instanceof NoSuchProcessError) return undefined;
      throw error;
    }
  }
}

const SIGSTOP = sentSignal('signal', 'SIGSTOP');
const SIGCONT = sentSignal('signal', 'SIGCONT');
/** A thread starts within a tenth of a second and answers within a millisecond, unless the machine has far too much to do. */
const OPENING_MS = 5000;
const CATCHING_UP_MS = 5000;
/** How often in a row what is found is followed. A process that ends sooner than it can be stopped is left to the next listing. */
const MAX_ROUNDS = 8;
