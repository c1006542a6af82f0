import type { Worker } from 'node:worker_threads';
import {
  type AnswerOf,
  type AttachRequest,
  type Reply,
  type Request,
  stackOf,
  type ThreadData,
} from '@psutil-extra/worker';
import { Piscina } from 'piscina';
import { tracedRead } from '../observe/tracing.js';
import { clearTimeout, now, queueMicrotask, setTimeout } from '../support/timers.js';
import { whyNoThread } from './thread-death.js';

/**
 * The threads, and the only file that knows piscina. One starts at the first request, another whenever a request would
 * have to wait for those that there are, and all of them stay: they hold caches. Every request is answered with a reply,
 * also where its thread died: nothing rejects.
 *
 * Each thread is a pool of piscina's with that thread alone. One pool of several starts another only where each has as many
 * requests as it may have, so that a scan would stay in one thread and a call behind a process that takes seconds to
 * read; and it ends the program where the system refuses the thread.
 */
export class Pool {
  /** As many as may be. */
  readonly threads: number;
  readonly #data: ThreadData;
  readonly #hurry = new Int32Array(new SharedArrayBuffer(4));
  #hurried = 0;
  readonly #threads: Thread[] = [];
  readonly #waiting: (() => void)[] = [];
  /** When the system last refused another thread. */
  #refusedAt = Number.NEGATIVE_INFINITY;
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
    try {
      let thread = this.#waiting.length === 0 ? this.#choose() : undefined;
      while (thread === undefined) {
        // A destroyed piscina would start new threads.
        if (this.#destroyed) return threadDied(new Error('the client is closed'));
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        thread = this.#choose();
      }
      return await this.#runIn(thread, request);
    } catch (error) {
      return threadDied(error as Error);
    }
  }

  /** A port of a thread that has none among these; of any where each has. */
  attach(request: AttachRequest, attached: Threads): Promise<Reply<AnswerOf['attach']>> {
    let least: Thread | undefined;
    for (const thread of this.#threads) {
      if (!thread.isReady || attached.has(thread.id)) continue;
      if (least === undefined || thread.requests < least.requests) least = thread;
    }
    return least === undefined || attached.size === 0 ? this.run(request) : this.#runIn(least, request);
  }

  /** Whether there is a thread besides these. */
  hasBeside(attached: Threads): boolean {
    return this.#threads.some((thread) => thread.isReady && !attached.has(thread.id));
  }

  /** Starts another where that is allowed, for work that does not come through here. */
  grow(): void {
    if (this.#mayGrow()) this.#start();
  }

  /** The threads that live now, for tests and for those who watch threads; `[]` before the first use. */
  get workers(): Worker[] {
    return this.#threads.flatMap(({ piscina }) => piscina.threads);
  }

  /**
   * Ends the threads. What they were doing is answered with an error. A thread that is in a system call ends with that
   * and not sooner: it is not waited for longer than a second, and does not keep the program from its end.
   */
  async destroy(): Promise<void> {
    this.#destroyed = true;
    this.#wake();
    const { workers } = this;
    if (workers.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ENDING_MS);
    });
    await Promise.race([Promise.all(this.#threads.map(({ piscina }) => piscina.destroy())), patience]);
    clearTimeout(timer);
    for (const worker of workers) worker.unref();
  }

  async #runIn<R extends Request>(thread: Thread, request: R): Promise<Reply<AnswerOf[R['op']]>> {
    thread.requests++;
    try {
      return await tracedRead(request, thread.piscina.run(request));
    } catch (error) {
      return threadDied(error as Error);
    } finally {
      thread.requests--;
      this.#waiting.shift()?.();
    }
  }

  /** An idle thread, or else the least busy one; none where the request is to wait for one that starts. */
  #choose(): Thread | undefined {
    if (this.#destroyed) return undefined;
    let least: Thread | undefined;
    let isStarting = false;
    for (const thread of this.#threads) {
      if (!thread.isReady) isStarting = true;
      else if (least === undefined || thread.requests < least.requests) least = thread;
    }
    if (least?.requests === 0) return least;
    if (least === undefined) return this.#threads[0] ?? this.#start();
    if (!isStarting && this.#mayGrow()) isStarting = this.#start() !== undefined;
    // Whichever is the first to be free is to have it: this one, or that which starts.
    return isStarting ? undefined : least;
  }

  #mayGrow(): boolean {
    return (
      this.#threads.length < this.threads &&
      this.#threads.every(({ isReady }) => isReady) &&
      now() - this.#refusedAt > REFUSED_MS
    );
  }

  /** Starts a thread. Where the system refuses that, it throws if there is no other, and else there is none. */
  #start(): Thread | undefined {
    try {
      const thread = new Thread(this.#data);
      this.#threads.push(thread);
      thread.onChange = () => this.#changed(thread);
      return thread;
    } catch (error) {
      this.#refusedAt = now();
      if (this.#threads.length === 0) throw error;
      return undefined;
    }
  }

  /**
   * A thread is ready, or has ended. Piscina does not replace one that ends while it starts, so that what is queued for it
   * would wait for ever. That is answered here, and a later request starts another.
   */
  #changed(thread: Thread): void {
    if (!this.#destroyed && thread.piscina.threads.length === 0 && this.#threads.includes(thread)) {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      void thread.piscina.destroy();
    }
    this.#wake();
  }

  /** Lets all that wait choose anew. */
  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** One thread, and the requests that it has. */
class Thread {
  readonly piscina: Piscina;
  requests = 0;
  /** Whether it has begun. As long as it is the only one, requests are sent to it before. */
  isReady = false;
  onChange: () => void = () => {};

  constructor(workerData: ThreadData) {
    this.piscina = new Piscina({
      filename: require.resolve('@psutil-extra/worker/task'),
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: TASKS_A_THREAD,
      // Waiting on an Atomics between tasks would leave the thread's own port unanswered.
      atomics: 'disabled',
      recordTiming: false,
      workerData,
    });
    // A thread that dies with nothing to do is replaced; there is nobody to tell.
    this.piscina.on('error', () => {});
    const ready = () => {
      this.isReady = true;
      this.onChange();
    };
    this.piscina.threads[0]?.once('online', ready);
    this.piscina.on('workerDestroy', () => queueMicrotask(ready));
  }

  /** Node's number of it. */
  get id(): number {
    return this.piscina.threads[0]?.threadId ?? -1;
  }
}

/** Threads by their numbers. */
type Threads = Pick<ReadonlyMap<number, unknown>, 'has' | 'size'>;

/** What a request is answered with whose thread has ended, or could not be started. */
export function threadDied(cause: Error): {
  ok: false;
  error: { name: string; message: string; code: string; stack: string };
} {
  const { code, message } = whyNoThread(cause);
  return { ok: false, error: { name: cause.name, message, code, stack: stackOf(cause) } };
}

const ENDING_MS = 1000;
/** For so long after the system refused a thread, those that there are do without. */
const REFUSED_MS = 1000;

/**
 * Two chunks of a bulk request, so that a thread need not wait for the next, and calls beside them: those of many
 * turns of the loop, each of which would otherwise wait for the answer to the one before to have come back.
 */
const TASKS_A_THREAD = 16;
