import type { Msg } from '@nats-io/nats-core';
import { isLastPart } from 'psutil-extra/remote';
import { type Addressee, FleetError, type FleetErrorCode, fleetErrors, tamed } from './fleet-error.js';
import { type Link, newSession } from './link.js';
import { encodeRequest, Refusal, Verb } from './request.js';

/** How much of an answer may be on its way, and how long it is waited for. */
export interface Patience {
  /** The most bytes of a part. */
  readonly maxPart: number;
  /** The most parts before more is asked for. */
  readonly parts: number;
  /** The most bytes of an answer. */
  readonly maxAnswer: number;
  /** For how long nothing may come, in milliseconds. */
  readonly silence: number;
}

/**
 * Asks a service, and gives the parts of its answer as they come. It asks for more only when the last ones were taken. Where it is
 * left early, it cancels the answer.
 */
export async function* answerOf(
  link: Link,
  to: Addressee,
  message: Uint8Array,
  { maxPart, parts, maxAnswer, silence }: Patience,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const session = newSession();
  let bytes = 0;
  let isOver = false;
  try {
    for (let verb: Verb = Verb.call; ; verb = Verb.more) {
      const asked = verb === Verb.call ? message : NOTHING;
      // The one more asks to be asked for more.
      const exchange = link.exchange(to, encodeRequest({ verb, session, maxPart, parts, message: asked }), parts + 1);
      try {
        for (let came = 0; ; came++) {
          const part = partIn(await exchange.next(silence, signal), to);
          if (part.length === 0) break;
          bytes += part.length;
          if (came === parts) throw fleetErrors.damaged(to, `it sent more than the ${parts} parts that were asked for`);
          if (part.length > maxPart)
            throw fleetErrors.damaged(to, `a part of ${part.length} bytes, of at most ${maxPart}`);
          if (bytes > maxAnswer) throw fleetErrors.damaged(to, `it has more than ${maxAnswer} bytes, and no end`);
          isOver = isLastPart(part);
          yield part;
          if (isOver) return;
        }
      } catch (error) {
        // It does not work on it: there is nothing to cancel.
        isOver = error instanceof FleetError && error.code !== 'ERR_HOST_SILENT' && error.code !== 'ERR_HOST_DAMAGED';
        // A caller may repeat what no host has received. This was received.
        if (verb === Verb.more && error instanceof FleetError && error.code === 'ERR_HOST_GONE')
          throw fleetErrors.ended(to);
        throw error;
      } finally {
        exchange.close();
      }
    }
  } finally {
    if (!isOver) link.cancel(to, session);
  }
}

const NOTHING = new Uint8Array(0);

/** The bytes of a message; throws the error that it carries. */
export function partIn({ data, headers }: Msg, to: Addressee): Uint8Array {
  // NATS's own headers for errors of services.
  const status = headers?.get('Nats-Service-Error-Code') ?? '';
  // A copy: the message lies in a larger buffer of the connection, which it would keep.
  if (status === '') return new Uint8Array(data);
  const why = tamed(headers?.get('Nats-Service-Error'));
  throw new FleetError(CODES[status] ?? 'ERR_HOST_FAILED', `${to.subject} refuses it: ${why}${NEXT[status] ?? ''}`, to);
}

const CODES: { readonly [status: string]: FleetErrorCode } = {
  [Refusal.bad]: 'ERR_HOST_VERSION',
  [Refusal.busy]: 'ERR_HOST_BUSY',
  [Refusal.stale]: 'ERR_HOST_BUSY',
};

const NEXT: { readonly [status: string]: string } = {
  [Refusal.bad]: '; install the same @psutil-extra/nats on both',
  [Refusal.busy]: '; ask again later, or raise maxRequests of serve() there',
};
