const TICK_MS = 500;
/** A loop that is late by so much was stopped, or has stood still. */
const LATE_MS = 5000;
/** What came meanwhile is read by then. */
const SUSPECT_MS = 1000;

/**
 * Notices that this program did not run, as after SIGSTOP or in a machine that was paused. What was asked meanwhile is still in the
 * socket, and it may not be wanted any more: a request to kill least of all.
 */
export class Standstill {
  readonly #timer: NodeJS.Timeout;
  #ticked = Date.now();
  #suspectUntil = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** Whether what arrives now may have waited for long. */
  get isOver(): boolean {
    this.#tick();
    return Date.now() < this.#suspectUntil;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = Date.now();
    // Backwards too: the clock was set, and nothing is known.
    if (Math.abs(now - this.#ticked) > LATE_MS) this.#suspectUntil = now + SUSPECT_MS;
    this.#ticked = now;
  }
}
