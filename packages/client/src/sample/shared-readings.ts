import { clearTimeout, now, setTimeout } from '../support/timers.js';
import type { Reading } from './reading.js';

/** Waits for a reading. */
export interface ReadingConsumer {
  received(reading: Reading): void;
  failed(error: unknown): void;
}

/**
 * The readings of all samplers that have the same fields and interval. There is one when a sampler waits for it and it is due, at a
 * whole number of intervals after the first one: what was due earlier, while nothing waited or a reading took too long, is left
 * out.
 */
export class SharedReadings {
  readonly #read: () => Promise<Reading>;
  readonly #interval: number;
  readonly #waiting = new Set<ReadingConsumer>();
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  #origin = 0;
  #latest: Reading | undefined;

  constructor(read: () => Promise<Reading>, interval: number) {
    this.#read = read;
    this.#interval = interval;
  }

  /** A reading to compare the next one with: the latest, if it is not old, the next one, if it is due, or else one that begins now. */
  first(consumer: ReadingConsumer): void {
    if (this.#latest !== undefined && now() - this.#latest.time < this.#interval) {
      consumer.received(this.#latest);
      return;
    }
    this.#waiting.add(consumer);
    if (this.#isReading || this.#timer !== undefined) return;
    this.#origin = now();
    void this.#make();
  }

  /** The next reading that is due. */
  next(consumer: ReadingConsumer): void {
    this.#waiting.add(consumer);
    this.#schedule();
  }

  /** It waits no longer. */
  leave(consumer: ReadingConsumer): void {
    this.#waiting.delete(consumer);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isReading) return;
    const time = now() - this.#origin;
    const due = (Math.floor(time / this.#interval) + 1) * this.#interval;
    this.#timer = setTimeout(() => void this.#make(), due - time);
  }

  async #make(): Promise<void> {
    this.#timer = undefined;
    this.#isReading = true;
    let settle: (consumer: ReadingConsumer) => void;
    try {
      const reading = await this.#read();
      this.#latest = reading;
      settle = (consumer) => consumer.received(reading);
    } catch (error) {
      settle = (consumer) => consumer.failed(error);
    }
    this.#isReading = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const consumer of waiting) settle(consumer);
  }
}
