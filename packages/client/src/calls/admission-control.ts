import type { Counters } from '../observe/stats.js';
import { QueueFullError } from '../support/errors.js';
import { clearTimeout, setImmediate, setTimeout } from '../support/timers.js';

/** Counts the calls that wait, and takes no more than may. */
export class Admission {
  readonly #counters: Counters;
  readonly #most: number;
  #onIdle: (() => void) | undefined;

  constructor(counters: Counters, most: number) {
    this.#counters = counters;
    this.#most = most;
  }

  enter(): void {
    if (this.#counters.pending >= this.#most) throw new QueueFullError(this.#most);
    this.#counters.pending++;
  }

  leave(): void {
    if (--this.#counters.pending === 0) this.#onIdle?.();
  }

  /** Resolves when no call waits any more, or after so many milliseconds. */
  async idle(milliseconds: number): Promise<void> {
    if (this.#counters.pending === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      // In a program that was busy for so long, answers may have come and wait to be looked at.
      timer = setTimeout(() => setImmediate(resolve), milliseconds);
    });
    clearTimeout(timer);
  }
}
