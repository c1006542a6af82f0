import { now, setImmediate } from './timers.js';

/**
 * Divides a long computation of the caller's thread: after each millisecond of it the event loop takes what has arrived
 * meanwhile.
 *
 *     for (const each of many) {
 *       if (slices.areOver) await slices.next();
 *       // a step, of microseconds
 *     }
 */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  #end = now() + SLICE_MS;
  #steps = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether this slice is over. Asked before each step; the clock is read only at some of them. */
  get areOver(): boolean {
    return ++this.#steps % STEPS === 0 && now() >= this.#end;
  }

  /** Resolves in a later turn of the event loop; rejects if the call was aborted meanwhile. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#signal?.throwIfAborted();
    this.#end = now() + SLICE_MS;
  }
}

const SLICE_MS = 1;
const STEPS = 16;
