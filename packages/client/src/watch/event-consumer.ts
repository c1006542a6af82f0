import type { RawEvent } from '@psutil-extra/native/protocol';

/** What receives events: a stream, or a live table. */
export interface EventConsumer {
  /** Events are reported from now on. */
  opened(source: string): void;
  received(events: readonly RawEvent[]): void;
  /** There are none, or no more. */
  failed(error: Error): void;
  /** The client is closed. */
  closed(): void;
}

/** A consumer's place at a source of events. */
export interface Subscription {
  /** Keeps the program alive, until {@link release} has been called as often. */
  hold(): void;
  release(): void;
  close(): void;
}
