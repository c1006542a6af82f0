import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { inboxPrefixOf } from './connection.js';
import { type Addressee, type FleetError, fleetErrors } from './fleet-error.js';

/**
 * A request, and the messages that answer it. It has a subject of its own for them, so that the server itself ends what comes after
 * the most messages: what a host sends beyond them is dropped there.
 */
export class Exchange {
  readonly to: Addressee;
  readonly #subscription: Subscription;
  readonly #left: (exchange: Exchange) => void;
  #messages: Msg[] = [];
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  /** `left` is called when it is closed, which may be before the constructor has returned. */
  constructor(
    connection: NatsConnection,
    to: Addressee,
    request: Uint8Array,
    most: number,
    left: (exchange: Exchange) => void,
  ) {
    this.to = to;
    this.#left = left;
    const inbox = createInbox(inboxPrefixOf(connection) ?? '');
    this.#subscription = connection.subscribe(inbox, {
      max: most,
      callback: (error, message) => {
        if (error !== null) this.fail(fleetErrors.permission({ host: to.host, subject: inbox }, error.message));
        else if (hasNoResponder(message)) this.fail(fleetErrors.gone(to));
        else this.#messages.push(message);
        this.#wake?.();
      },
    });
    try {
      connection.publish(to.subject, request, { reply: inbox });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The next message. Rejects if none comes for so long, or if the signal aborts. */
  async next(ms: number, signal: AbortSignal): Promise<Msg> {
    const since = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#error !== undefined) throw this.#error;
      const left = since + ms - performance.now();
      if (left <= 0) throw fleetErrors.silent(this.to, ms);
      await this.#changed(left, signal);
    }
  }

  /** Ends it with an error, behind the messages that have come. */
  fail(error: FleetError): void {
    this.#error ??= error;
    this.#wake?.();
  }

  close(): void {
    this.#messages = [];
    this.#subscription.unsubscribe();
    this.#left(this);
  }

  #changed(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake);
      this.#wake = wake;
    });
  }
}

/** The server's own answer if there is no subscriber. */
function hasNoResponder({ data, headers }: Msg): boolean {
  return data.length === 0 && headers?.code === 503;
}
