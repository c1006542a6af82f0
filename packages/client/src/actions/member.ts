import type { State } from '../schema/fields.js';
import type { Identified } from '../schema/identity.js';
import { now } from '../support/timers.js';
import type { ThreadStates } from './thread-states.js';

/** A process of the tree. */
export class Member {
  readonly pid: number;
  readonly start: number;
  readonly startTime: Identified['startTime'];
  readonly #since = now();
  /** As the last listing found it; `undefined` if it is gone. */
  state: State | undefined;
  /** The same of its threads; `undefined` where only the main thread is known. */
  threads: ThreadStates | undefined;
  /** It has been stopped here, and not let run on. */
  isHeld = false;
  isDenied = false;
  /** A signal has not found it, and what has its PID and its tick from then on may be another one. */
  isGone = false;
  /** It has outlived the tick in which it began, so that no other process of that tick can have its PID. */
  isDistinct = false;
  isKilled = false;
  /** It sleeps on though it was sent SIGSTOP: the kernel's own threads act on no signal. */
  isUnstoppable = false;
  #asleepSince: number | undefined;

  constructor({ pid, start, startTime }: Identified, state: State | undefined) {
    this.pid = pid;
    this.start = start;
    this.startTime = startTime;
    this.state = state;
  }

  /** A signal has been sent to it, at that time. */
  reached(time: number): void {
    if (time > this.#since + LONGEST_TICK_MS) this.isDistinct = true;
  }

  gone(): void {
    this.isGone = !this.isDistinct;
    this.state = undefined;
  }

  get isStopped(): boolean {
    return this.state === 'stopped' || this.state === 'tracing-stop';
  }

  /** It was sent SIGSTOP before the last listing, which did not find it stopped. Any other process is woken by that. */
  stillRuns(time: number): void {
    const sleeps = this.state === 'sleeping' || this.state === 'idle';
    this.#asleepSince = sleeps ? (this.#asleepSince ?? time) : undefined;
    if (this.#asleepSince !== undefined && time - this.#asleepSince > IGNORED_MS) this.isUnstoppable = true;
  }

  /** Whether it starts no others: all of its threads are stopped. */
  get isStill(): boolean {
    return this.isUnstoppable || this.#areAllStopped;
  }

  get #areAllStopped(): boolean {
    return this.isStopped && (this.threads === undefined || this.threads.activity === 'still');
  }

  /** Whether that is only because it waits in the kernel. */
  get isInKernel(): boolean {
    return this.state === 'disk-sleep' || (this.isStopped && this.threads?.activity === 'in-kernel');
  }

  get isLeft(): boolean {
    return this.state !== undefined && this.state !== 'zombie' && this.state !== 'dead' && !this.isDenied;
  }
}

/** Of CLK_TCK, which is 100 on every system that has ticks. */
const LONGEST_TICK_MS = 20;
const IGNORED_MS = 500;
