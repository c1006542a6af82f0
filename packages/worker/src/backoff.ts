/**
 * How long a thread rests whose work keeps the main thread waiting: twice as long each time that it still does, and half
 * as long once it has worked for a while and did not. Where processors are short, a server loses all the time that a
 * scan takes, not a part of it: whoever asks the server waits too.
 */
export class Rests {
  #milliseconds = SHORTEST_MS;
  #ended = Number.NEGATIVE_INFINITY;

  /** The next one's length, which begins now. */
  next(now = performance.now()): number {
    const isStillInTheWay = now - this.#ended < CALM_MS;
    this.#milliseconds = isStillInTheWay
      ? Math.min(this.#milliseconds * 2, LONGEST_MS)
      : Math.max(this.#milliseconds / 2, SHORTEST_MS);
    this.#ended = now + this.#milliseconds;
    return this.#milliseconds;
  }
}

/** Some four times what is then read before it is looked again. */
const SHORTEST_MS = 4;
/** With half of it a Fastify server that had no processor to spare kept three quarters of its requests. */
const LONGEST_MS = 200;
/** Some eight looks, at none of which the main thread had been kept waiting. */
const CALM_MS = 8;
