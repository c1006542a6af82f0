import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import { clearTimeout, setTimeout } from '../support/timers.js';
import type { EventConsumer, Subscription } from './event-consumer.js';
import { UNKNOWN_STATUS } from './exit-status.js';
import type { Listing } from './listing.js';

/**
 * Events that are found by comparing listings: which processes have begun and which have ended in between. The first listing is
 * taken at once, the others from {@link start} on.
 */
export class ListingEvents implements Subscription {
  readonly #list: () => Promise<Listing>;
  readonly #interval: number;
  readonly #consumer: EventConsumer;
  #before: Promise<Listing>;
  #timer: NodeJS.Timeout | undefined;
  #registry: Set<ListingEvents> | undefined;
  #holds = 0;
  #isClosed = false;

  constructor(list: () => Promise<Listing>, interval: number, consumer: EventConsumer) {
    this.#list = list;
    this.#interval = interval;
    this.#consumer = consumer;
    this.#before = this.#list();
    // If it is not needed, its failure is none.
    this.#before.catch(() => {});
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Begins to compare; it is in the registry until it is closed. */
  start(registry: Set<ListingEvents>): void {
    this.#registry = registry;
    registry.add(this);
    this.#consumer.opened('listing');
    this.#wait();
  }

  hold(): void {
    if (this.#holds++ === 0) this.#timer?.ref();
  }

  release(): void {
    if (--this.#holds === 0) this.#timer?.unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#registry?.delete(this);
  }

  /** The client is closed. */
  end(): void {
    this.close();
    this.#consumer.closed();
  }

  #wait(): void {
    this.#timer = setTimeout(() => void this.#compare(), this.#interval);
    if (this.#holds === 0) this.#timer.unref();
  }

  async #compare(): Promise<void> {
    try {
      const before = await this.#before;
      const now = this.#list();
      const after = await now;
      if (this.#isClosed) return;
      this.#before = now;
      const events = [...differences(before, after)];
      if (events.length > 0) this.#consumer.received(events);
    } catch (error) {
      if (this.#isClosed) return;
      this.close();
      this.#consumer.failed(error as Error);
      return;
    }
    if (!this.#isClosed) this.#wait();
  }
}

function* differences(before: Listing, after: Listing): Iterable<RawEvent> {
  const unknown = { time: Date.now(), start: Number.NaN, name: '', path: '' };
  for (const [pid, { start }] of before) {
    if (after.get(pid)?.start !== start) yield { kind: EventKind.exit, pid, value: UNKNOWN_STATUS, ...unknown };
  }
  const begun = [...after].filter(([pid, { start }]) => before.get(pid)?.start !== start);
  // Parents first.
  for (const [pid, { ppid }] of begun.sort(([, a], [, b]) => a.start - b.start)) {
    yield { kind: EventKind.fork, pid, value: ppid, ...unknown };
  }
}
