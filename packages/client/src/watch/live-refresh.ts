import { clearTimeout, now, setTimeout } from '../support/timers.js';
import type { LiveReading } from './live-fields.js';

interface Reading {
  read(pids: readonly number[]): Promise<readonly LiveReading[]>;
  apply(readings: readonly LiveReading[]): void;
  failed(error: Error): void;
}

/**
 * Which processes are to be read again, and when. What an event does not say is read from the process a moment later: those that
 * have ended by then cost nothing.
 */
export class LiveRefresh {
  readonly #reading: Reading;
  /** When each is to be read. */
  readonly #due = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  /** When it fires. */
  #timerAt = 0;
  #isReading = false;
  /** Those of the reading that is under way, as long as it is what they are. */
  readonly #underway = new Set<number>();
  #isClosed = false;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  add(pid: number, delay = SOON_MS): void {
    const at = now() + delay;
    const due = this.#due.get(pid);
    if (due !== undefined && due <= at) return;
    this.#due.set(pid, at);
    if (this.#timer !== undefined && at < this.#timerAt) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    // One that fires earlier stays: what comes all the time must not put it off for ever.
    this.#schedule();
  }

  /** What is being read of it may be older than an event that was applied now: it is read once more instead. */
  outdate(pid: number): void {
    if (this.#underway.delete(pid)) this.add(pid);
  }

  forget(pid: number): void {
    this.#due.delete(pid);
    this.#underway.delete(pid);
  }

  close(): void {
    this.#isClosed = true;
    this.#due.clear();
    this.#underway.clear();
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isClosed || this.#isReading || this.#timer !== undefined || this.#due.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const at of this.#due.values()) first = Math.min(first, at);
    const delay = Math.max(first - now(), SOON_MS);
    this.#timerAt = now() + delay;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, delay);
    // A live table does not keep the program alive.
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const until = now();
    const pids = [...this.#due].filter(([, at]) => at <= until).map(([pid]) => pid);
    for (const pid of pids) {
      this.#due.delete(pid);
      this.#underway.add(pid);
    }
    this.#isReading = true;
    try {
      const readings = pids.length === 0 ? [] : await this.#reading.read(pids);
      if (!this.#isClosed) this.#reading.apply(readings.filter(({ pid }) => this.#underway.has(pid)));
    } catch (error) {
      if (!this.#isClosed) this.#reading.failed(error as Error);
    } finally {
      this.#isReading = false;
      this.#underway.clear();
      this.#schedule();
    }
  }
}

const SOON_MS = 10;
