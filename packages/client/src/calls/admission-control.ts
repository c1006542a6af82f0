import type { Counters } from '../observe/stats.js';
import { QueueFullError } from '../support/errors.js';
import { clearTimeout, setImmediate, setTimeout } from '../support/timers.js';

/** Counts the calls that wait, and rejects more than the maximum. */
export class AdmissionControl {
  readonly #counters: Counters;
  readonly #max: number;
  #onIdle: (() => void) | undefined;

  constructor(counters: Counters, max: number) {
    this.#counters = counters;
    this.#max = max;
  }

  enter(): void {
    if (this.#counters.pending >= this.#max) throw new QueueFullError(this.#max);
    this.#counters.pending++;
  }

  leave(): void {
    if (--this.#counters.pending === 0) this.#onIdle?.();
  }

  /** Resolves when no call waits, or after so many milliseconds. */
  async idle(milliseconds: number): Promise<void> {
    if (this.#counters.pending === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      // If the program was busy all that time, answers may have arrived that it has not received yet.
      timer = setTimeout(() => setImmediate(resolve), milliseconds);
    });
    clearTimeout(timer);
  }
}
