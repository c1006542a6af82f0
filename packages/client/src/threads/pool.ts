import type { Worker } from 'node:worker_threads';
import { MODULES } from '@psutil-extra/native';
import type { AnswerOf, AttachRequest, Reply, Request, ThreadData, UrgentRequest } from '@psutil-extra/worker';
import { tracedRead } from '../observe/tracing.js';
import { clearTimeout, now, setTimeout } from '../support/timers.js';
import type { Backend } from './backend.js';
import type { Home } from './home.js';
import { PoolThread } from './pool-thread.js';
import { threadDied } from './thread-death.js';

/**
 * The threads. One starts at the first request, another whenever a request would have to wait for the existing ones, and all of
 * them stay, because they hold caches. Every request gets a reply, also if its thread dies: nothing rejects.
 *
 * Each thread is a piscina pool of one thread. A pool of several starts another thread only when each has its maximum of
 * requests: a scan would stay in one thread, and a call would wait behind a process that takes seconds to read. Such a
 * pool also ends the program if the system refuses the thread.
 */
export class Pool implements Backend {
  /** The most threads. */
  readonly threads: number;
  readonly #data: ThreadData;
  readonly #urgentPending = new Int32Array(new SharedArrayBuffer(4));
  #urgent = 0;
  readonly #threads: PoolThread[] = [];
  readonly #waiting: (() => void)[] = [];
  /** When the system last refused another thread. */
  #refusedAt = Number.NEGATIVE_INFINITY;
  #destroyed = false;

  constructor(threads: number, procRoot: string, stallTimeout: number) {
    this.threads = threads;
    this.#data = { modules: MODULES, procRoot, stallTimeout, urgentPending: this.#urgentPending };
  }

  /** Starts the first thread, ahead of a call that needs it. The call meets what prevents that. */
  begin(): void {
    try {
      if (!this.#destroyed && this.#threads.length === 0) this.#start();
    } catch {}
  }

  /** Counts an urgent request that is being sent: scans make way for it. The thread that takes it acknowledges it. */
  urgentSent(): void {
    this.#urgent++;
    Atomics.add(this.#urgentPending, 0, 1);
  }

  /** The urgent request has been answered, or its thread has died, perhaps before the acknowledgement. */
  urgentDone(): void {
    if (--this.#urgent === 0) Atomics.store(this.#urgentPending, 0, 0);
  }

  /** Asks scans to make way, and sends the request past piscina if a thread may take it at once. */
  runUrgent<R extends UrgentRequest>(request: R, home?: Home): Promise<Reply<AnswerOf[R['op']]>> {
    this.urgentSent();
    const thread = this.#at(home) ?? (this.#waiting.length === 0 ? this.#free() : undefined);
    if (thread !== undefined) return tracedRead(request, thread.ask(request));
    request.urgent = true;
    return this.#runThenDone(request);
  }

  async #runThenDone<R extends UrgentRequest>(request: R): Promise<Reply<AnswerOf[R['op']]>> {
    const reply = await this.run(request);
    this.urgentDone();
    return reply;
  }

  /** The requests that have a `home` go to one thread, as long as that lives. */
  async run<R extends Request>(request: R, home?: Home): Promise<Reply<AnswerOf[R['op']]>> {
    try {
      let thread = this.#at(home);
      if (thread === undefined && this.#waiting.length === 0) thread = this.#choose();
      while (thread === undefined) {
        // A destroyed piscina would start new threads.
        if (this.#destroyed) return threadDied(new Error('the client is closed'));
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        thread = this.#choose();
      }
      if (home !== undefined) home.thread = thread;
      return await this.#runIn(thread, request);
    } catch (error) {
      return threadDied(error as Error);
    }
  }

  /** Attaches a port to a thread that is not in this list, or to any thread if all are. Scans make way for it. */
  async attach(attached: Threads): Promise<Reply<AnswerOf['attach']>> {
    this.urgentSent();
    try {
      return await this.#attach({ op: 'attach', urgent: true }, attached);
    } finally {
      this.urgentDone();
    }
  }

  #attach(request: AttachRequest, attached: Threads): Promise<Reply<AnswerOf['attach']>> {
    let leastBusy: PoolThread | undefined;
    for (const thread of this.#threads) {
      if (!thread.isReady || attached.has(thread.id)) continue;
      if (leastBusy === undefined || thread.requests < leastBusy.requests) leastBusy = thread;
    }
    return leastBusy === undefined || attached.size === 0 ? this.run(request) : this.#runIn(leastBusy, request);
  }

  /** Whether there is a thread besides these. */
  hasBeside(attached: Threads): boolean {
    return this.#threads.some((thread) => thread.isReady && !attached.has(thread.id));
  }

  /** Starts another thread if that is allowed, for requests that do not go through the pool. */
  grow(): void {
    if (this.#mayGrow()) this.#start();
  }

  /** The threads that live now, for tests and for monitoring; `[]` before the first use. */
  get workers(): Worker[] {
    return this.#threads.flatMap(({ piscina }) => piscina.threads);
  }

  /**
   * Ends the threads. Their requests are answered with an error. A thread in a system call ends only when that returns: it
   * is not waited for longer than a second, and does not keep the program alive.
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

  async #runIn<R extends Request>(thread: PoolThread, request: R): Promise<Reply<AnswerOf[R['op']]>> {
    thread.requests++;
    try {
      return await tracedRead(request, thread.piscina.run(request));
    } catch (error) {
      return threadDied(error as Error);
    } finally {
      thread.requests--;
      // Otherwise they would come after all answers to bulk requests.
      if (this.#urgent > 0) for (const each of this.#threads) each.receive();
      this.#waiting.shift()?.();
    }
  }

  /** An idle thread, or the one with the fewest requests. `undefined` if the request shall wait for one that starts. */
  #choose(): PoolThread | undefined {
    if (this.#destroyed) return undefined;
    let leastBusy: PoolThread | undefined;
    let isStarting = false;
    for (const thread of this.#threads) {
      if (!thread.isReady) isStarting = true;
      else if (leastBusy === undefined || thread.requests < leastBusy.requests) leastBusy = thread;
    }
    if (leastBusy?.requests === 0) return leastBusy;
    if (leastBusy === undefined) return this.#threads[0] ?? this.#start();
    if (!isStarting && this.#mayGrow()) isStarting = this.#start() !== undefined;
    // The first that is free takes the request: this one, or the one that starts.
    return isStarting ? undefined : leastBusy;
  }

  #at(home: Home | undefined): PoolThread | undefined {
    return home === undefined ? undefined : this.#threads.find((each) => each === home.thread && each.isReady);
  }

  /** A thread that takes an urgent request now: none while another is to be started for it. */
  #free(): PoolThread | undefined {
    try {
      const thread = this.#choose();
      return thread?.isReady === true ? thread : undefined;
    } catch {
      // `run` throws it again.
      return undefined;
    }
  }

  #mayGrow(): boolean {
    return (
      this.#threads.length < this.threads &&
      this.#threads.every(({ isReady }) => isReady) &&
      now() - this.#refusedAt > REFUSED_MS
    );
  }

  /** Starts a thread. If the system refuses, throws if there is no other thread, and returns `undefined` if there is. */
  #start(): PoolThread | undefined {
    try {
      const thread = new PoolThread(this.#data);
      this.#threads.push(thread);
      thread.onChange = () => this.#changed(thread);
      thread.onAnswer = () => {
        this.urgentDone();
        this.#waiting.shift()?.();
      };
      return thread;
    } catch (error) {
      this.#refusedAt = now();
      if (this.#threads.length === 0) throw error;
      return undefined;
    }
  }

  /**
   * A thread is ready, or has ended. Piscina does not replace one that ends while it starts, and its requests would wait for
   * ever. They are answered here, and a later request starts another thread.
   */
  #changed(thread: PoolThread): void {
    if (!this.#destroyed && thread.piscina.threads.length === 0 && this.#threads.includes(thread)) {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      void thread.piscina.destroy();
    }
    this.#wake();
  }

  /** Lets all waiting requests choose again. */
  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Threads by their numbers. */
type Threads = Pick<ReadonlyMap<number, unknown>, 'has' | 'size'>;

const ENDING_MS = 1000;
/** How long no thread is started after the system has refused one. */
const REFUSED_MS = 1000;
