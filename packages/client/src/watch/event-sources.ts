import type { CallRunner } from '../calls/call-runner.js';
import type { EventConsumer, Subscription } from './event-consumer.js';
import type { EventContext, KernelEvents } from './kernel-events.js';
import type { Listing } from './listing.js';
import { ListingEvents } from './listing-events.js';
import type { ReadProcesses } from './live-fields.js';

/** What events and live tables use of their client. */
export interface WatchContext extends EventContext {
  readonly calls: CallRunner;
  readonly kernelEvents: KernelEvents;
  readonly listings: Set<ListingEvents>;
  readonly listProcesses: () => Promise<Listing>;
  readonly readProcesses: ReadProcesses;
}

export interface SubscribeOptions {
  /** Compares listings, so many milliseconds apart, if the kernel's events cannot be had. */
  readonly poll: number | undefined;
  readonly renames?: boolean;
}

/** Reports the kernel's events to a consumer, or if there are none and it allows that, what listings differ in. */
export function subscribe(
  context: WatchContext,
  consumer: EventConsumer,
  { poll, renames = false }: SubscribeOptions,
): Subscription {
  const { kernelEvents, listings } = context;
  // The first listing is taken now: if it is needed, it shows how things were when the caller subscribed.
  const listing = poll === undefined ? undefined : new ListingEvents(context.listProcesses, poll, consumer);
  const refusal = kernelEvents.refusal;
  if (refusal !== undefined) {
    if (listing === undefined) consumer.failed(refusal);
    else listing.start(listings);
    return listing ?? NONE;
  }
  if (listing === undefined) return kernelEvents.add(consumer, renames);
  let holds = 0;
  let current: Subscription = kernelEvents.add(
    {
      opened: (source) => {
        listing.close();
        consumer.opened(source);
      },
      received: (events) => consumer.received(events),
      closed: () => consumer.closed(),
      failed: (error) => {
        if (listing.isClosed) return consumer.failed(error);
        current = listing;
        for (let i = 0; i < holds; i++) listing.hold();
        listing.start(listings);
      },
    },
    renames,
  );
  return {
    hold: () => {
      holds++;
      current.hold();
    },
    release: () => {
      holds--;
      current.release();
    },
    close: () => {
      listing.close();
      current.close();
    },
  };
}

const NONE: Subscription = { hold() {}, release() {}, close() {} };
