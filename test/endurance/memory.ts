import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isLong } from './scale.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Bytes that this thread's values hold, after a collection. The process's resident memory
 * moves by megabytes for reasons of its own, and is compared where the run is long enough to stand out from that.
 */
export async function held(): Promise<{ values: number; resident: number }> {
  collect();
  // Threads end and buffers are freed in turns of the event loop.
  await turn();
  await turn();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { values: heapUsed + external, resident: isLong ? rss : 0 };
}

export interface Most {
  readonly values: number;
  readonly resident: number;
}

/** The least that something has grown by, of several rounds: what leaks grows in each, and other work in some. */
export class Growth {
  values = Number.POSITIVE_INFINITY;
  resident = Number.POSITIVE_INFINITY;
  #before = { values: Number.NaN, resident: Number.NaN };

  /** A round begins. */
  async begin(): Promise<void> {
    this.#before = await held();
  }

  /** A round has ended. Returns what is held then. */
  async end(): Promise<Most> {
    const { values, resident } = await held();
    this.values = Math.min(this.values, values - this.#before.values);
    this.resident = Math.min(this.resident, resident - this.#before.resident);
    return { values, resident };
  }

  isWithin({ values, resident }: Most): boolean {
    return this.values <= values && this.resident <= resident;
  }
}
