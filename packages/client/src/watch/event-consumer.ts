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

/** The same at the kernel's events. */
export interface KernelSubscription extends Subscription {
  /** Whether what happens from now on is kept, also if the source is not open yet: it is reported then. */
  readonly isKept: boolean;
  /** Resolves when all that has happened by now has been reported, or when there are no more events. */
  caughtUp(): Promise<void>;
}
