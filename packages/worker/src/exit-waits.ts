import type { MessagePort } from 'node:worker_threads';
import type { ExitWatcher } from '@psutil-extra/native';
import type { Failure } from '@psutil-extra/native/protocol';
import { takeHeld } from './held.js';
import { errorReply } from './reply.js';
import type { ExitAnswer, ExitRequest, ExitWait, Waited } from './wire.js';

/**
 * The waits of one client in this thread. They arrive on a port of their own, and so do their answers: a wait may last for days,
 * and no task of the pool waits with it.
 */
export class ExitWaits {
  readonly #port: MessagePort;
  readonly #ackUrgent: () => void;
  readonly #open: (ready: () => void) => ExitWatcher;
  #watcher: ExitWatcher | undefined;
  /** The client's number of each wait of the watcher, and the other way round. */
  readonly #ids = new Map<number, number>();
  readonly #waits = new Map<number, number>();
  #isTimed = false;

  private constructor(port: MessagePort, ackUrgent: () => void, open: (ready: () => void) => ExitWatcher) {
    this.#port = port;
    this.#ackUrgent = ackUrgent;
    this.#open = open;
  }

  /** Receives waits on a port until it is closed. */
  static open(port: MessagePort, ackUrgent: () => void, open: (ready: () => void) => ExitWatcher): ExitWaits {
    const waits = new ExitWaits(port, ackUrgent, open);
    port.on('message', (request: ExitRequest) => waits.#receive(request));
    port.on('close', () => waits.#end());
    // The pool decides how long this thread lives, not the port.
    port.unref();
    return waits;
  }

  /** Whether an exit may be reported to this thread. */
  get isWaiting(): boolean {
    return this.#ids.size > 0;
  }

  #receive({ begin, taken, cancel }: ExitRequest): void {
    for (const id of cancel) this.#cancel(id);
    if (begin.length === 0) return;
    this.#ackUrgent();
    const answer: Waited[] = [];
    for (const [index, wait] of begin.entries()) {
      const failed = this.#begin(wait, taken, index);
      if (failed !== undefined) answer.push(failed);
    }
    this.#send({ received: true, waited: answer });
  }

  #begin({ id, pid, start, held }: ExitWait, taken: Int32Array, index: number): Waited | undefined {
    try {
      this.#watcher ??= this.#open(() => this.#take());
      if (!takeHeld(taken, index)) return undefined;
      const wait = this.#watcher.begin(pid, start, held);
      if (typeof wait !== 'number') return { id, error: { failure: wait } };
      this.#ids.set(wait, id);
      this.#waits.set(id, wait);
      return undefined;
    } catch (error) {
      return { id, error: errorReply(error).error };
    }
  }

  #cancel(id: number): void {
    const wait = this.#waits.get(id);
    // It may be over already, and the answer under way.
    if (wait === undefined) return;
    this.#waits.delete(id);
    this.#ids.delete(wait);
    this.#watcher?.cancel(wait);
  }

  #take(): void {
    const taken = this.#watcher?.take() ?? NOTHING;
    if (!(taken instanceof Int32Array)) {
      this.#fail(taken);
      return;
    }
    const [again, ...pairs] = taken;
    const waited: Waited[] = [];
    for (let at = 0; at < pairs.length; at += 2) {
      const wait = pairs[at] as number;
      const id = this.#ids.get(wait) as number;
      this.#ids.delete(wait);
      this.#waits.delete(id);
      waited.push({ id, status: pairs[at + 1] as number });
    }
    if (waited.length > 0) this.#send({ received: false, waited });
    if (again === 1) this.#takeAgain();
  }

  #fail(failure: Failure): void {
    const waited = [...this.#waits.keys()].map((id) => ({ id, error: { failure } }));
    this.#end();
    this.#send({ received: false, waited });
  }

  /** The status of a process that has ended may be known once its parent has waited for it, of which nothing may wake this thread. */
  #takeAgain(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    setTimeout(() => {
      this.#isTimed = false;
      this.#take();
    }, AGAIN_MS).unref();
  }

  #send(answer: ExitAnswer): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
    this.#port.postMessage(answer);
  }

  /** Nothing is to be held any more. */
  #end(): void {
    for (const wait of this.#ids.keys()) this.#watcher?.cancel(wait);
    this.#ids.clear();
    this.#waits.clear();
  }
}

const NOTHING = Int32Array.of(0);
/** `kAgain` in native's `src/platform/exit_watch.h`. */
const AGAIN_MS = 20;
