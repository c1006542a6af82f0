import { Worker } from 'node:worker_threads';
import { MODULES } from '@psutil-extra/native';
import type { EventThreadData, FromEventThread, ToEventThread } from '@psutil-extra/worker';
import { queueMicrotask } from '../support/timers.js';
import { threadDied } from './thread-death.js';

/**
 * The thread that reads the kernel's events. It is not in the pool: there it would wait behind scans. It keeps the program
 * alive only while it is held.
 */
export class EventThread {
  readonly #unread = new Int32Array(new SharedArrayBuffer(4));
  readonly #receive: (message: FromEventThread) => void;
  #worker: Worker | undefined;
  #holders = 0;

  /** `receive` gets every message; the last is of kind `ended` or `refused`, if it does not end by {@link close}. */
  constructor(sources: number, receive: (message: FromEventThread) => void) {
    this.#receive = receive;
    const workerData: EventThreadData = { modules: MODULES, sources, unread: this.#unread };
    try {
      this.#worker = new Worker(EVENTS, { workerData });
    } catch (error) {
      queueMicrotask(() => this.#receive({ kind: 'ended', error: threadDied(error as Error).error }));
      return;
    }
    const ended = (error: Error) => this.#end({ kind: 'ended', error: threadDied(error).error });
    this.#worker.on('message', (message: FromEventThread) => {
      if (message.kind === 'refused' || message.kind === 'ended') this.#end(message);
      else if (this.#worker !== undefined) this.#receive(message);
    });
    this.#worker.on('error', ended);
    this.#worker.on('exit', (code) => ended(new Error(`it exited with ${code}`)));
    this.#worker.unref();
  }

  /** A message has been read, so that the thread may send more. */
  taken(bytes: number): void {
    Atomics.sub(this.#unread, 0, bytes);
  }

  /** Keeps the program alive until {@link release} has been called as often. */
  hold(): void {
    if (this.#holders++ === 0) this.#worker?.ref();
  }

  release(): void {
    if (--this.#holders === 0) this.#worker?.unref();
  }

  send(message: ToEventThread): void {
    this.#worker?.postMessage(message);
  }

  /** Ends it; no message is received afterwards. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #end(message: FromEventThread): void {
    if (this.#worker === undefined) return;
    void this.close();
    this.#receive(message);
  }
}

/** Looked for when this is loaded: Node remembers for ever that it has not found a package, as where it has no descriptor left. */
const EVENTS = require.resolve('@psutil-extra/worker/events');
