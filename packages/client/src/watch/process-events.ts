import type { RawEvent } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import { abortError } from '../support/abort.js';
import { type EventsOptions, type ReadEventsOptions, readEventsOptions } from '../support/call-options.js';
import { ClientClosedError } from '../support/errors.js';
import { EventBuffer } from './event-buffer.js';
import type { EventConsumer, Subscription } from './event-consumer.js';
import { subscribe, type WatchContext } from './event-sources.js';
import { type ProcessEvent, processEvent } from './process-event.js';

/**
 * The events of every process, as `client.events()` returns them. It is subscribed from the beginning: what happens before the
 * first `next()` is kept, up to a bound.
 */
export class ProcessEvents implements AsyncIterableIterator<ProcessEvent>, AsyncDisposable {
  readonly #runner: CallRunner;
  readonly #buffer = new EventBuffer<ProcessEvent>((count) => ({ kind: 'lost', count }));
  readonly #waiting: (() => void)[] = [];
  #signal: AbortSignal | undefined;
  #subscription: Subscription | undefined;
  #isEnded = false;
  /** Thrown once, behind what is in the buffer. */
  #error: { readonly thrown: unknown } | undefined;

  /** @internal Made by `client.events()`. */
  constructor(context: WatchContext, options: EventsOptions | undefined) {
    this.#runner = context.calls;
    try {
      const read = readEventsOptions(options);
      this.#runner.counters.calls++;
      if (this.#runner.isClosed) throw new ClientClosedError();
      this.#subscribe(context, read);
    } catch (error) {
      this.#end({ thrown: error });
    }
  }

  /** The next event. Rejects once with why there are no more, and is done after that. */
  async next(): Promise<IteratorResult<ProcessEvent, undefined>> {
    const site = this.#runner.sites.capture();
    for (;;) {
      const event = this.#buffer.take();
      if (event !== undefined) return { done: false, value: event };
      if (this.#error !== undefined) {
        const { thrown } = this.#error;
        this.#error = undefined;
        throw this.#runner.attachCallerStack(thrown, this.#signal, site);
      }
      if (this.#isEnded) return DONE;
      await this.#more();
    }
  }

  /** Unsubscribes; `break` calls it. */
  return(): Promise<IteratorResult<ProcessEvent, undefined>> {
    this.#buffer.clear();
    this.#end(undefined);
    return Promise.resolve(DONE);
  }

  /** Unsubscribes, and rejects with the error. */
  async throw(error?: unknown): Promise<IteratorResult<ProcessEvent, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #subscribe(context: WatchContext, { signal, poll }: ReadEventsOptions): void {
    this.#signal = signal;
    if (signal?.aborted === true) throw abortError(signal);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    const consumer: EventConsumer = {
      opened() {},
      received: (events) => this.#received(events),
      failed: (error) => this.#end({ thrown: error }),
      closed: () => this.#end(undefined),
    };
    const subscription = subscribe(context, consumer, { poll });
    // It may have failed at once.
    if (this.#isEnded) subscription.close();
    else this.#subscription = subscription;
  }

  #received(events: readonly RawEvent[]): void {
    for (const raw of events) {
      const event = processEvent(raw);
      if (event?.kind === 'lost') this.#buffer.lost(event.count);
      else if (event !== undefined) this.#buffer.put(event);
    }
    this.#wake();
  }

  readonly #onAbort = () => this.#end({ thrown: abortError(this.#signal as AbortSignal) });

  #end(error: { readonly thrown: unknown } | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#subscription?.close();
    this.#subscription = undefined;
    this.#wake();
  }

  /** Waits for an event or the end; meanwhile the program is kept alive. */
  async #more(): Promise<void> {
    const subscription = this.#subscription;
    subscription?.hold();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    subscription?.release();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const DONE = Object.freeze({ done: true, value: undefined } as const);
