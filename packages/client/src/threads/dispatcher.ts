import type { AnswerOf, Reply, Request, UrgentRequest } from '@psutil-extra/worker';
import type { Backend } from './backend.js';
import type { Home } from './home.js';

/**
 * Decides when a request goes to the threads. Bulk requests, the chunks of scans and of large batches, are limited to two a
 * thread: one that is read and one that waits there. So a single call waits for these two and not for the ten thousand PIDs
 * behind them. It does not even wait for the chunks of a scan, which stop early while an urgent request is pending.
 */
export class Dispatcher {
  /** How many bulk requests keep the threads busy. */
  readonly window: number;
  readonly #backend: Backend;
  readonly #waiting: (() => void)[] = [];
  #bulk = 0;
  #chunk = MAX_CHUNK;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.window = backend.threads * CHUNKS_A_THREAD;
  }

  /** Processes in one message of a batch: about as many as a thread reads in a millisecond. */
  get chunk(): number {
    return this.#chunk;
  }

  /** Learns from a bulk answer how long it takes to read a process on this machine. */
  learn(processes: number, elapsed: number): void {
    if (processes < MIN_CHUNK) return;
    const fitting = Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, (processes * CHUNK_MICROSECONDS) / elapsed));
    this.#chunk = Math.round((this.#chunk + fitting) / 2);
  }

  /** Sends at once, and asks scans to make way. */
  run<R extends UrgentRequest>(request: R, home?: Home, signal?: AbortSignal): Promise<Reply<AnswerOf[R['op']]>> {
    return this.#backend.runUrgent(request, home, signal);
  }

  /** Sends when fewer bulk requests are under way than the window allows. */
  async runBulk<R extends Request>(request: R, home?: Home, signal?: AbortSignal): Promise<Reply<AnswerOf[R['op']]>> {
    if (this.#bulk >= this.window) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#bulk++;
    try {
      return await this.#backend.run(request, home, signal);
    } finally {
      // The next request takes the place, if one waits.
      const next = this.#waiting.shift();
      if (next === undefined) this.#bulk--;
      else next();
    }
  }
}

/**
 * A single call behind a batch waits for two chunks at most. Smaller chunks would take more time for their messages than for
 * the reads.
 */
const CHUNK_MICROSECONDS = 1000;
const MAX_CHUNK = 128;
const MIN_CHUNK = 16;
const CHUNKS_A_THREAD = 2;
