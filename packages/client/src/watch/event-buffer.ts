/**
 * Events that nobody has taken yet, up to a bound. Where it is reached, events are counted and dropped until half of the buffer
 * has been taken, so that a slow consumer sees long stretches without a gap. `lostEvent` stands in their place.
 */
export class EventBuffer<T> {
  readonly #lostEvent: (count: number) => T;
  readonly #max: number;
  #events: T[] = [];
  #at = 0;
  #lost = 0;

  constructor(lostEvent: (count: number) => T, max = MAX_EVENTS) {
    this.#lostEvent = lostEvent;
    this.#max = max;
  }

  put(event: T): void {
    if (this.#isFull) this.#lost++;
    else {
      this.#putLost();
      this.#events.push(event);
    }
  }

  /** Events that were lost before they came here. */
  lost(count: number): void {
    this.#lost += count;
    if (!this.#isFull) this.#putLost();
  }

  take(): T | undefined {
    if (this.#at === this.#events.length) this.#putLost();
    const event = this.#events[this.#at];
    if (event === undefined) return undefined;
    this.#at++;
    if (this.#at === this.#events.length || this.#at >= MAX_TAKEN) {
      this.#events = this.#events.slice(this.#at);
      this.#at = 0;
    }
    return event;
  }

  clear(): void {
    this.#events = [];
    this.#at = 0;
    this.#lost = 0;
  }

  get #isFull(): boolean {
    const size = this.#events.length - this.#at;
    return size >= (this.#lost > 0 ? this.#max / 2 : this.#max);
  }

  #putLost(): void {
    if (this.#lost === 0) return;
    this.#events.push(this.#lostEvent(this.#lost));
    this.#lost = 0;
  }
}

/** Five thousand processes that begin, execute a program and end. */
const MAX_EVENTS = 16_384;
/** How many places at the front may be of events that have been taken. */
const MAX_TAKEN = 1024;
