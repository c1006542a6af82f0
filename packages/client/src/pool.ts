import { fileURLToPath } from 'node:url';
import { type AnswerOf, type Reply, type Request, stackOf, type ThreadData } from '@psutil-extra/worker';
import { Piscina } from 'piscina';
import { whyNoThread } from './thread-death.js';
import { clearTimeout, queueMicrotask, setTimeout } from './timers.js';
import { tracedRead } from './tracing.js';

/**
 * The threads, and the only file that knows piscina. They start at the first request. Every request is
 * answered with a reply, also where its thread died: nothing rejects.
 */
export class Pool {
  readonly threads: number;
  readonly #data: ThreadData;
  readonly #hurry = new Int32Array(new SharedArrayBuffer(4));
  #hurried = 0;
  #piscina: Piscina | undefined;
  #destroyed = false;

  constructor(threads: number, procRoot: string) {
    this.threads = threads;
    this.#data = { procRoot, hurry: this.#hurry };
  }

  /** A request is sent that should not wait for a long one; whichever thread takes it counts it off. */
  hurry(): void {
    this.#hurried++;
    Atomics.add(this.#hurry, 0, 1);
  }

  /** It has been answered, or has gone with its thread, which may have left it uncounted. */
  calm(): void {
    if (--this.#hurried === 0) Atomics.store(this.#hurry, 0, 0);
  }

  async run<R extends Request>(request: R): Promise<Reply<AnswerOf[R['op']]>> {
    // A destroyed piscina would start new threads.
    if (this.#destroyed) return threadDied(new Error('the client is closed'));
    try {
      return await tracedRead(request, (this.#piscina ?? this.#start()).run(request));
    } catch (error) {
      return threadDied(error as Error);
    }
  }

  /** The threads that live now, for tests and for those who watch threads; `[]` before the first use. */
  get workers(): Piscina['threads'] {
    return this.#piscina?.threads ?? [];
  }

  /**
   * Ends the threads. What they were doing is answered with an error. A thread that is in a system call ends with that
   * and not sooner: it is not waited for longer than a second, and does not keep the program from its end.
   */
  async destroy(): Promise<void> {
    this.#destroyed = true;
    const piscina = this.#piscina;
    if (piscina === undefined) return;
    const workers = [...piscina.threads];
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ENDING_MS);
    });
    await Promise.race([piscina.destroy(), patience]);
    clearTimeout(timer);
    for (const worker of workers) worker.unref();
  }

  #start(): Piscina {
    const piscina = new Piscina({
      filename: fileURLToPath(import.meta.resolve('@psutil-extra/worker/entry')),
      // Threads hold caches, so none may be retired for being idle.
      minThreads: this.threads,
      maxThreads: this.threads,
      concurrentTasksPerWorker: TASKS_A_THREAD,
      // Waiting on an Atomics between tasks would leave the thread's own port unanswered.
      atomics: 'disabled',
      recordTiming: false,
      workerData: this.#data,
    });
    // A thread that dies with nothing to do is replaced; there is nobody to tell.
    piscina.on('error', () => {});
    piscina.on('workerDestroy', () => queueMicrotask(() => this.#giveUp(piscina)));
    this.#piscina = piscina;
    return piscina;
  }

  /**
   * Piscina does not replace a thread that dies while it starts, so that the last one's death leaves what is queued
   * waiting for ever. That is answered here, and the next request starts anew.
   */
  #giveUp(piscina: Piscina): void {
    if (this.#destroyed || this.#piscina !== piscina || piscina.threads.length > 0) return;
    this.#piscina = undefined;
    void piscina.destroy();
  }
}

/** What a request is answered with whose thread has ended, or could not be started. */
export function threadDied(cause: Error): {
  ok: false;
  error: { name: string; message: string; code: string; stack: string };
} {
  const { code, message } = whyNoThread(cause);
  return { ok: false, error: { name: cause.name, message, code, stack: stackOf(cause) } };
}

const ENDING_MS = 1000;

/**
 * Two chunks of a bulk request, so that a thread need not wait for the next, and calls beside them: those of many
 * turns of the loop, each of which would otherwise wait for the answer to the one before to have come back.
 */
const TASKS_A_THREAD = 16;
