import type { NatsConnection } from '@nats-io/nats-core';
import { invalidType } from './arguments.js';

/** By its methods: it may be of another copy of the library. */
export function checkConnection(value: unknown): NatsConnection {
  const looksLikeOne =
    typeof value === 'object' &&
    value !== null &&
    ['subscribe', 'publish', 'flush', 'status', 'closed'].every(
      (name) => typeof (value as Record<string, unknown>)[name] === 'function',
    );
  if (!looksLikeOne) throw invalidType('options.connection', 'a connection of @nats-io/transport-node', value);
  return value as NatsConnection;
}

/** By its name: it may be of another copy of the library. */
export function isPermissionError(error: unknown): error is Error & { operation?: string; subject?: string } {
  return (
    error instanceof Error &&
    (error.name === 'PermissionViolationError' || /permissions violation/i.test(error.message))
  );
}

/** The prefix of inboxes that the connection was made with: a user with few permissions has one of its own. */
export function inboxPrefixOf(connection: NatsConnection): string | undefined {
  const { options } = connection as { options?: { inboxPrefix?: unknown } };
  return typeof options?.inboxPrefix === 'string' ? options.inboxPrefix : undefined;
}
