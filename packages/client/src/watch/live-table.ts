import { EventEmitter } from 'node:events';
import type { RawEvent } from '@psutil-extra/native/protocol';
import { abortable } from '../support/abort.js';
import type { EventsOptions, ReadLiveOptions } from '../support/call-options.js';
import { ClientClosedError } from '../support/errors.js';
import type { Subscription } from './event-consumer.js';
import { subscribe, type WatchContext } from './event-sources.js';
import { type LiveField, type LiveRow, liveFields } from './live-fields.js';
import { LiveState } from './live-state.js';

/** Options of `live()`. */
export interface LiveOptions<F extends readonly (LiveField | 'pid')[]> extends EventsOptions {
  /** Which fields. Default: all that it offers. */
  readonly fields?: F | undefined;
}

/** The PIDs of processes that have begun and ended since the last `change`; of short-lived ones in both. */
export interface LiveChange {
  readonly started: Int32Array;
  readonly ended: Int32Array;
}

/** The events of a live table. */
export interface LiveEvents {
  change: [change: LiveChange];
  /** Events were lost: every process has been read again. */
  resync: [];
  /** The table is not kept current any more. */
  error: [error: Error];
}

/**
 * Every process, kept current by the kernel's events: see `client.live()`. Reads are answered from memory. A row is frozen; when
 * a process changes it gets another one.
 */
export class LiveTable<F extends LiveField = LiveField>
  extends EventEmitter<LiveEvents>
  implements Iterable<LiveRow<F>>, AsyncDisposable
{
  /** The columns, without `pid`. */
  readonly fields: readonly F[];
  readonly #state: LiveState;
  #subscription: Subscription | undefined;
  #isClosed = false;

  /** @internal Made by `client.live()`. */
  static async open<F extends LiveField>(context: WatchContext, options: ReadLiveOptions): Promise<LiveTable<F>> {
    const fields = liveFields(options.fields) as readonly F[];
    const table = new LiveTable(context, fields);
    try {
      const opening = table.#open(context, options.poll);
      await (options.signal === undefined ? opening : abortable(opening, options.signal));
      return table;
    } catch (error) {
      await table.close();
      throw error;
    }
  }

  private constructor(context: WatchContext, fields: readonly F[]) {
    super();
    this.fields = Object.freeze([...fields]);
    this.#state = new LiveState(context.readProcesses, fields, {
      changed: (started, ended) =>
        this.emit('change', { started: Int32Array.from(started), ended: Int32Array.from(ended) }),
      resynced: () => this.emit('resync'),
      failed: (error) => this.#fail(error),
    });
  }

  /** How many processes there are. */
  get size(): number {
    return this.#state.rows.size;
  }

  /** Whether there is such a process. */
  has(pid: number): boolean {
    return this.#state.rows.has(pid);
  }

  /** The row of a PID; `undefined` if there is no such process. */
  get(pid: number): LiveRow<F> | undefined {
    return this.#state.rows.row(pid) as LiveRow<F> | undefined;
  }

  /** The rows of a process's children. */
  children(pid: number): LiveRow<F>[] {
    return this.#state.rows.children(pid).map((child) => this.get(child) as LiveRow<F>);
  }

  [Symbol.iterator](): Iterator<LiveRow<F>, undefined> {
    return this.#state.rows.rows() as Iterator<LiveRow<F>, undefined>;
  }

  /** Stops to keep it current. What it holds stays. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#state.close();
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Resolves when every process has been read once and what has happened meanwhile is applied. */
  async #open(context: WatchContext, poll: number | undefined): Promise<void> {
    const source = await new Promise<string>((resolve, reject) => {
      const consumer = {
        opened: resolve,
        received: (events: readonly RawEvent[]) => this.#state.received(events),
        failed: (error: Error) => {
          reject(error);
          this.#state.failed(error);
        },
        closed: () => {
          reject(new ClientClosedError());
          void this.close();
        },
      };
      const subscription = subscribe(context, consumer, { poll, renames: true });
      if (this.#isClosed) subscription.close();
      else this.#subscription = subscription;
      // Until it is open, the call that waits for it keeps the program alive.
      subscription.hold();
    });
    await this.#state.begin(source);
    this.#subscription?.release();
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    void this.close();
    this.emit('error', error);
  }
}
