import type { AnswerOf, Reply, Request } from '@psutil-extra/worker';
import type { Pool } from './pool.js';

/**
 * Decides when a request goes to the threads. Bulk ones, the chunks of scans and of large batches, are held
 * to two a thread: one that is read and one that waits there. So a single call made meanwhile waits for
 * them and not for the ten thousand PIDs behind them; and a scan's it need not even wait for, since those
 * stop early while somebody waits.
 */
export class Dispatcher {
  /** How many bulk requests keep the threads busy. */
  readonly window: number;
  readonly #pool: Pool;
  readonly #waiting: (() => void)[] = [];
  #bulk = 0;
  #chunk = MOST_CHUNK;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.window = pool.threads * CHUNKS_A_THREAD;
  }

  /** Processes in one message of a batch: as many as were lately read in a millisecond. */
  get chunk(): number {
    return this.#chunk;
  }

  /** Learns from a bulk answer how long a process takes on this machine, with these fields. */
  learn(processes: number, elapsed: number): void {
    if (processes < LEAST_CHUNK) return;
    const fitting = Math.min(MOST_CHUNK, Math.max(LEAST_CHUNK, (processes * CHUNK_MICROSECONDS) / elapsed));
    this.#chunk = Math.round((this.#chunk + fitting) / 2);
  }

  /** Sends at once, and asks scans to make way. */
  async run<R extends Request>(request: R): Promise<Reply<AnswerOf[R['op']]>> {
    request.hurried = true;
    this.#pool.hurry();
    try {
      return await this.#pool.run(request);
    } finally {
      this.#pool.calm();
    }
  }

  /** A port of a thread that has none among these, where there is such a thread. */
  async attach(attached: ReadonlyMap<number, unknown>): Promise<Reply<AnswerOf['attach']>> {
    this.#pool.hurry();
    try {
      return await this.#pool.attach({ op: 'attach', hurried: true }, attached);
    } finally {
      this.#pool.calm();
    }
  }

  /** A request that goes another way than through the pool should not wait for a scan. */
  hurry(): void {
    this.#pool.hurry();
  }

  /** It has been answered. */
  calm(): void {
    this.#pool.calm();
  }

  /** Sends when its turn comes. */
  async runBulk<R extends Request>(request: R): Promise<Reply<AnswerOf[R['op']]>> {
    if (this.#bulk >= this.window) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#bulk++;
    try {
      return await this.#pool.run(request);
    } finally {
      // The place goes to the next that waits, or is given back.
      const next = this.#waiting.shift();
      if (next === undefined) this.#bulk--;
      else next();
    }
  }
}

/**
 * Behind a batch a single call waits for two chunks at the worst. Smaller ones than these would spend more
 * on their messages than on reading.
 */
const CHUNK_MICROSECONDS = 1000;
const MOST_CHUNK = 128;
const LEAST_CHUNK = 16;
const CHUNKS_A_THREAD = 2;
