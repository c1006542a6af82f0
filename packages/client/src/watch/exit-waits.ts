import type { MessagePort } from 'node:worker_threads';
import {
  type ExitAnswer,
  type ExitRequest,
  type ExitWait,
  noneTaken,
  type Reply,
  takeHeld,
  type WireError,
} from '@psutil-extra/worker';
import type { Counters } from '../observe/stats.js';
import { holdProcess, releaseProcess } from '../support/capabilities.js';
import { queueMicrotask } from '../support/timers.js';
import type { Pool } from '../threads/pool.js';
import { threadDied } from '../threads/thread-death.js';
import { AbortListeners } from './abort-listeners.js';

/**
 * The waits of a client, all in one thread, which has a port for them. It waits for many processes at once and does its other work
 * meanwhile. What a turn of the loop begins and cancels is one message.
 */
export class ExitWaits {
  readonly #pool: Pool;
  readonly #counters: Counters;
  readonly #pending = new Map<number, (reply: Reply<number>) => void>();
  readonly #listeners = new AbortListeners();
  #count = 0;
  #begin: ExitWait[] = [];
  #cancel: number[] = [];
  /** Messages that the thread has not received. What it never takes of them is released here. */
  readonly #sent: Sent[] = [];
  #isQueued = false;
  #port: MessagePort | undefined;
  #isClosed = false;

  constructor(pool: Pool, counters: Counters) {
    this.#pool = pool;
    this.#counters = counters;
  }

  /** Resolves with the status when the process has ended, or with why it is not waited for. */
  wait(pid: number, start: number, signal: AbortSignal | undefined): Promise<Reply<number>> {
    // Now: whatever the caller does next, this is the process.
    const held = holdProcess(pid);
    if (typeof held !== 'number') return Promise.resolve({ ok: false, error: { failure: held } });
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      const stop = this.#listeners.listen(signal, (reason) => {
        this.#remove(id);
        this.#cancel.push(id);
        this.#queue();
        reject(reason);
      });
      this.#pending.set(id, (reply) => {
        stop();
        resolve(reply);
      });
      this.#begin.push({ id, pid, start, held });
      this.#queue();
    });
  }

  /** Ends every wait with this error. */
  close(error: WireError): void {
    this.#isClosed = true;
    this.#endAll({ ok: false, error });
    this.#port?.close();
  }

  #queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    queueMicrotask(() => void this.#send());
  }

  async #send(): Promise<void> {
    const port = this.#port ?? (await this.#attach());
    this.#isQueued = false;
    const begin = this.#takeBegun();
    const cancel = this.#cancel;
    this.#cancel = [];
    if (!('postMessage' in port)) {
      for (const { id } of begin) this.#end(id, port);
      for (const { held } of begin) releaseProcess(held);
      return;
    }
    const taken = noneTaken(begin.length);
    if (begin.length > 0) {
      this.#counters.messages++;
      this.#pool.urgentSent();
      this.#sent.push({ begin, taken });
      // It keeps the program alive while a wait is pending, and not longer.
      port.ref();
    }
    port.postMessage({ begin, taken, cancel });
  }

  /** Those that have not been aborted meanwhile. */
  #takeBegun(): ExitWait[] {
    const begun = this.#begin;
    this.#begin = [];
    for (const { id, held } of begun) if (!this.#pending.has(id)) releaseProcess(held);
    return begun.filter(({ id }) => this.#pending.has(id));
  }

  /** A port to a thread, or why there is none. */
  async #attach(): Promise<MessagePort | (Reply<never> & { readonly ok: false })> {
    const reply = await this.#pool.run({ op: 'watch' });
    if (!reply.ok) return reply;
    const { port } = reply.value;
    if (this.#isClosed) {
      port.close();
      return threadDied(new Error('the client is closed'));
    }
    this.#port = port;
    port.on('message', ({ received, waited }: ExitAnswer) => {
      if (received) this.#received();
      for (const each of waited) {
        this.#end(each.id, 'error' in each ? { ok: false, error: each.error } : { ok: true, value: each.status });
      }
    });
    port.on('close', () => {
      this.#port = undefined;
      while (this.#sent.length > 0) this.#received();
      this.#endAll(threadDied(new Error('its port was closed')));
    });
    port.unref();
    return port;
  }

  /** The thread has the first message that it had not, and what it has taken of it; or it never will. */
  #received(): void {
    this.#pool.urgentDone();
    const { begin, taken } = this.#sent.shift() as Sent;
    for (const [index, { held }] of begin.entries()) if (takeHeld(taken, index)) releaseProcess(held);
  }

  #endAll(reply: Reply<never>): void {
    for (const id of this.#pending.keys()) this.#end(id, reply);
  }

  #end(id: number, reply: Reply<number>): void {
    // An aborted wait may end all the same.
    const end = this.#pending.get(id);
    this.#remove(id);
    end?.(reply);
  }

  #remove(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#port?.unref();
  }
}

type Sent = Pick<ExitRequest, 'begin' | 'taken'>;
