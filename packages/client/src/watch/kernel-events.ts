import { eventsIn, type RawEvent } from '@psutil-extra/native/protocol';
import type { FromEventThread, WireError } from '@psutil-extra/worker';
import type { Source } from '../scan/source-option.js';
import { damaged } from '../schema/thread-answers.js';
import type { Origin } from '../support/capabilities.js';
import { capabilities } from '../support/capabilities.js';
import { EventThread } from '../threads/event-thread.js';
import { EarlyEvents } from './early-events.js';
import type { EventConsumer, KernelSubscription } from './event-consumer.js';
import { refusedEvents, whyNoEvents } from './refused-events.js';

/** What events need of their client. */
export interface EventContext {
  readonly origin: Origin;
  readonly isOwnRoot: boolean;
  readonly options: { readonly source: Source };
  errorFromWire(error: WireError, pid: number, what: string): Error;
}

/**
 * The kernel's events. All consumers of a client share one thread, which runs from the first to the last. If it ends by an
 * error, its consumers get that error, and the next one starts another.
 */
export class KernelEvents {
  readonly #context: EventContext;
  readonly #consumers = new Map<EventConsumer, { readonly renames: boolean; holds: number }>();
  #thread: EventThread | undefined;
  #early: EarlyEvents | undefined;
  /** What has been opened. */
  #source: string | undefined;
  /** Who waits until the thread has sent all that has happened. */
  readonly #catchingUp = new Map<number, () => void>();
  #asked = 0;

  constructor(context: EventContext) {
    this.#context = context;
  }

  /** Why the kernel's events are not even tried; `undefined` if they are. */
  get refusal(): Error | undefined {
    return whyNoEvents(this.#context);
  }

  /** Begins to report to a consumer: from now on if another one listens already, else as soon as the thread has started. */
  add(consumer: EventConsumer, renames = false): KernelSubscription {
    this.#consumers.set(consumer, { renames, holds: 0 });
    this.#thread ??= this.#start();
    if (renames) this.#thread.send({ renames });
    if (this.#source !== undefined) consumer.opened(this.#source);
    return {
      hold: () => this.#hold(consumer, 1),
      release: () => this.#hold(consumer, -1),
      close: () => this.#remove(consumer),
      isKept: this.#source !== undefined || this.#early !== undefined,
      caughtUp: () => this.#caughtUp(consumer),
    };
  }

  /** Ends everything. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#early?.close();
    for (const consumer of this.#consumers.keys()) consumer.closed();
    this.#consumers.clear();
    this.#endCatchingUp();
    await thread?.close();
  }

  #start(): EventThread {
    this.#source = undefined;
    this.#early?.close();
    this.#early = EarlyEvents.open(this.#sources);
    const thread = new EventThread(this.#sources, (message) => {
      if (thread === this.#thread) this.#receive(thread, message);
    });
    return thread;
  }

  /** A bit for each source that may be tried. */
  get #sources(): number {
    const { source } = this.#context.options;
    const names = capabilities().eventSources;
    const allowed = names.filter((name) => source === 'auto' || (name === 'bpf') === (source === 'bpf'));
    return allowed.reduce((bits, name) => bits | (1 << names.indexOf(name)), 0);
  }

  #receive(thread: EventThread, message: FromEventThread): void {
    switch (message.kind) {
      case 'opened':
        this.#source = message.source;
        this.#report(this.#early?.take() ?? []);
        for (const consumer of this.#consumers.keys()) consumer.opened(message.source);
        return;
      case 'events': {
        thread.taken(message.events.byteLength);
        const events = [...eventsIn(message.events, damaged)];
        if (this.#early?.isOver === true) this.#early = undefined;
        this.#report(this.#early?.others(events, this.#source ?? '') ?? events);
        return;
      }
      case 'caughtUp':
        this.#catchingUp.get(message.id)?.();
        return;
      case 'refused':
        this.#fail(() => refusedEvents(message.failures, this.#context.origin));
        return;
      case 'ended':
        this.#fail(() => this.#context.errorFromWire(message.error, 0, 'events'));
        return;
    }
  }

  #report(events: readonly RawEvent[]): void {
    if (events.length > 0) for (const consumer of this.#consumers.keys()) consumer.received(events);
  }

  #fail(makeError: () => Error): void {
    const consumers = [...this.#consumers.keys()];
    this.#consumers.clear();
    this.#thread = undefined;
    this.#early?.close();
    for (const consumer of consumers) consumer.failed(makeError());
    this.#endCatchingUp();
  }

  async #caughtUp(consumer: EventConsumer): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined || !this.#consumers.has(consumer)) return;
    const id = this.#asked++;
    await new Promise<void>((resolve) => {
      this.#catchingUp.set(id, resolve);
      thread.send({ catchUp: id });
    });
    this.#catchingUp.delete(id);
  }

  #endCatchingUp(): void {
    for (const resolve of this.#catchingUp.values()) resolve();
  }

  #hold(consumer: EventConsumer, by: 1 | -1): void {
    const state = this.#consumers.get(consumer);
    if (state === undefined) return;
    state.holds += by;
    if (by > 0) this.#thread?.hold();
    else this.#thread?.release();
  }

  #remove(consumer: EventConsumer): void {
    const state = this.#consumers.get(consumer);
    if (state === undefined) return;
    for (; state.holds > 0; state.holds--) this.#thread?.release();
    this.#consumers.delete(consumer);
    if (this.#consumers.size === 0) {
      void this.#thread?.close();
      this.#thread = undefined;
      this.#early?.close();
      this.#source = undefined;
      this.#endCatchingUp();
    } else if (state.renames && ![...this.#consumers.values()].some(({ renames }) => renames)) {
      this.#thread?.send({ renames: false });
    }
  }
}
