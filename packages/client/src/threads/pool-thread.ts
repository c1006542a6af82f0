import type { AnswerOf, ConnectRequest, Reply, ThreadData, UrgentRequest } from '@psutil-extra/worker';
import { Piscina } from 'piscina';
import { queueMicrotask } from '../support/timers.js';
import { RequestPort } from './request-port.js';
import { threadDied } from './thread-death.js';

/** One thread, and how many requests it has. It is a piscina pool of one thread; no other file uses piscina. */
export class PoolThread {
  readonly piscina: Piscina;
  requests = 0;
  /** Whether it has started. Requests are sent to the only thread before that. */
  isReady = false;
  onChange: () => void = () => {};
  /** An urgent request has been answered. */
  onAnswer: () => void = () => {};
  /** Of the thread that lives; none until it is used. */
  #port: RequestPort | undefined;

  constructor(workerData: ThreadData) {
    this.piscina = new Piscina({
      filename: TASK,
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: TASKS_A_THREAD,
      // Waiting on an Atomics between tasks would leave the thread's own ports unanswered.
      atomics: 'disabled',
      recordTiming: false,
      workerData,
    });
    // An idle thread that dies is replaced; no call waits for it.
    this.piscina.on('error', () => {});
    const ready = () => {
      this.isReady = true;
      this.onChange();
    };
    this.piscina.threads[0]?.once('online', ready);
    this.piscina.on('workerDestroy', () => queueMicrotask(ready));
  }

  /** Sends a request past piscina. */
  ask<R extends UrgentRequest>(request: R): Promise<Reply<AnswerOf[R['op']]>> {
    this.requests++;
    this.#port ??= this.#connect();
    return this.#port.ask(request);
  }

  /** Takes the answers to {@link ask} that have arrived. */
  receive(): void {
    this.#port?.receive();
  }

  #connect(): RequestPort {
    const [worker] = this.piscina.threads;
    const answered = () => {
      this.requests--;
      this.onAnswer();
    };
    // Then the port keeps the program alive no longer, and the callers get their error only at the thread's `exit`.
    const port = new RequestPort(answered, () => worker?.ref());
    const end = (cause: Error) => {
      if (this.#port === port) this.#port = undefined;
      port.end(threadDied(cause));
    };
    worker?.once('error', end).once('exit', (code) => end(new Error(`it exited with code ${code}`)));
    // Of `close()`, and of a thread that has ended before.
    this.piscina.once('workerDestroy', () => queueMicrotask(() => end(new Error('it was ended'))));
    const request: ConnectRequest = { op: 'connect', port: port.remote };
    this.piscina.run(request, { transferList: [port.remote] }).catch(end);
    return port;
  }

  /** Node's number of it. */
  get id(): number {
    return this.piscina.threads[0]?.threadId ?? -1;
  }
}

/**
 * Two chunks of a bulk request, so that a thread need not wait for the next one, and single calls: those of many turns of
 * the loop, each of which would otherwise wait until the call before it is answered.
 */
const TASKS_A_THREAD = 16;
/** Looked for when this is loaded: Node remembers for ever that it has not found a package, as where it has no descriptor left. */
const TASK = require.resolve('@psutil-extra/worker/task');
