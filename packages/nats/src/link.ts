import { randomBytes } from 'node:crypto';
import type { NatsConnection, Status } from '@nats-io/nats-core';
import { isPermissionError } from './connection.js';
import { Exchange } from './exchange.js';
import { type Addressee, type FleetError, fleetErrors } from './fleet-error.js';
import { encodeRequest, MIN_PART, type Request, Verb } from './request.js';

/** The asker's end of a connection: what is asked fails at once where the connection is lost or the server refuses it. */
export class Link {
  readonly connection: NatsConnection;
  readonly #open = new Set<Failing>();
  readonly #statuses: AsyncIterable<Status>;
  /** Why nothing can be asked now. */
  #down: string | undefined;
  #isClosed = false;

  constructor(connection: NatsConnection) {
    this.connection = connection;
    this.#statuses = connection.status();
    this.#watch().catch(() => {});
  }

  /**
   * Sends a request to which the most messages may come. It is not sent later, when the connection is back: by then the caller may not want
   * it any more.
   */
  exchange(to: Addressee, request: Uint8Array, most: number): Exchange {
    this.check(to);
    const { max_payload: fits = Number.POSITIVE_INFINITY } = this.connection.info ?? {};
    if (request.length > fits) throw fleetErrors.tooLarge(to, request.length, fits);
    try {
      const exchange = new Exchange(this.connection, to, request, most, (each) => void this.#open.delete(each));
      this.#open.add(exchange);
      return exchange;
    } catch (error) {
      throw fleetErrors.disconnected(to, (error as Error).message);
    }
  }

  /** Throws where nothing can be asked now. */
  check(to: Addressee): void {
    if (this.#down !== undefined) throw fleetErrors.disconnected(to, this.#down);
    if (this.connection.isClosed()) throw fleetErrors.disconnected(to, CLOSED);
  }

  /** Calls back where what was sent is refused, or the connection is lost. Returns what ends that. */
  onRefusal(to: Addressee, fail: (error: FleetError) => void): () => void {
    const entry = { to, fail };
    this.#open.add(entry);
    return () => void this.#open.delete(entry);
  }

  /** Cancels an answer that is not wanted any more. */
  cancel(to: Addressee, session: string): void {
    if (this.#down !== undefined || this.connection.isClosed()) return;
    const request: Request = { verb: Verb.cancel, session, maxPart: MIN_PART, parts: 1, message: new Uint8Array(0) };
    try {
      this.connection.publish(to.subject, encodeRequest(request));
    } catch {
      // It drains: the answer ends without its asker.
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#fail((to) => fleetErrors.disconnected(to, 'the fleet is closed'));
    (this.#statuses as { stop?: () => void }).stop?.();
    this.#down = 'the fleet is closed';
  }

  async #watch(): Promise<void> {
    for await (const status of this.#statuses) {
      if (status.type === 'disconnect')
        this.#lost(`the connection to ${status.server} is lost, and is being made again`);
      else if (status.type === 'reconnect' && !this.#isClosed) this.#down = undefined;
      else if (status.type === 'error') this.#refused(status.error);
    }
    this.#lost(CLOSED);
  }

  #lost(why: string): void {
    this.#down ??= why;
    this.#fail((to) => fleetErrors.disconnected(to, why));
  }

  #refused(error: Error): void {
    if (!isPermissionError(error) || error.operation !== 'publish') return;
    this.#fail((to) => (to.subject === error.subject ? fleetErrors.permission(to, error.message) : undefined));
  }

  #fail(errorOf: (to: Addressee) => FleetError | undefined): void {
    for (const exchange of this.#open) {
      const error = errorOf(exchange.to);
      if (error !== undefined) exchange.fail(error);
    }
  }
}

/** What fails with the connection. */
interface Failing {
  readonly to: Addressee;
  fail(error: FleetError): void;
}

const CLOSED = 'the connection is closed';

/** A number that no one else knows. */
export function newSession(): string {
  return randomBytes(12).toString('hex');
}
