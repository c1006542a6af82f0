/**
 * How long a thread pauses whose work delays the main thread: twice as long each time that it still does, and half as long
 * once it has worked for a while and did not. If the processors are busy, a server loses all the time that a scan takes,
 * and not a part of it: all its clients wait too.
 */
export class Backoff {
  #milliseconds = MIN_MS;
  #ended = Number.NEGATIVE_INFINITY;

  /** The length of the next pause, which begins now. */
  next(now = performance.now()): number {
    const stillDelays = now - this.#ended < CALM_MS;
    this.#milliseconds = stillDelays
      ? Math.min(this.#milliseconds * 2, MAX_MS)
      : Math.max(this.#milliseconds / 2, MIN_MS);
    this.#ended = now + this.#milliseconds;
    return this.#milliseconds;
  }
}

/** About four times as long as the reads take until the next check. */
const MIN_MS = 4;
/** With half of it a Fastify server without a free processor kept three quarters of its requests. */
const MAX_MS = 200;
/** About eight checks, none of which found the main thread delayed. */
const CALM_MS = 8;
