import type { Msg } from '@nats-io/nats-core';
import { isLastPart } from 'psutil-extra/remote';
import { WINDOW_MS } from './answer-windows.js';
import { type Addressee, FleetError, type FleetErrorCode, fleetErrors, tamed } from './fleet-error.js';
import { type Link, newSession } from './link.js';
import { encodeRequest, MIN_PART, Refusal, Verb } from './request.js';

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
      const asking = performance.now();
      try {
        for (let came = 0; ; came++) {
          const part = partIn(await exchange.next(silence, signal), to);
          if (part.length === 0) {
            // A host that has no part waits for it. One that does not could be asked a thousand times a second, for ever.
            if (came === 0 && performance.now() - asking < EMPTY_MS)
              throw fleetErrors.damaged(to, 'it has no part, and wants to be asked for more at once');
            break;
          }
          bytes += part.length;
          if (came === parts) throw fleetErrors.damaged(to, `it sent more than the ${parts} parts that were asked for`);
          if (part.length > maxPart)
            throw fleetErrors.damaged(to, `a part of ${part.length} bytes, of at most ${maxPart}`);
          if (bytes > maxAnswer)
            throw fleetErrors.damaged(to, `it has more than ${maxAnswer} bytes, and no end: ask it for fewer fields`);
          isOver = isLastPart(part);
          // Otherwise an answer might have any number of parts.
          if (!isOver && part.length < MIN_PART)
            throw fleetErrors.damaged(to, `a part of ${part.length} bytes is not the last`);
          yield part;
          if (isOver) return;
        }
      } catch (error) {
        const code = error instanceof FleetError ? error.code : undefined;
        // It does not work on it: there is nothing to cancel.
        isOver = code !== undefined && code !== 'ERR_HOST_SILENT' && code !== 'ERR_HOST_DAMAGED';
        const wasReceived = verb === Verb.more || bytes > 0;
        if (wasReceived && code !== undefined && REPEATED.has(code)) throw fleetErrors.ended(to);
        throw error;
      } finally {
        exchange.close();
      }
    }
  } finally {
    if (!isOver) link.cancel(to, session);
  }
}

/** A window without a part is one of `WINDOW_MS`: much less is none. */
const EMPTY_MS = WINDOW_MS / 5;
const NOTHING = new Uint8Array(0);
/** After these a caller may ask again, because the host has not begun. In the middle of an answer it has. */
const REPEATED: ReadonlySet<FleetErrorCode> = new Set(['ERR_HOST_GONE', 'ERR_HOST_BUSY']);

/** The bytes of a message; throws the error that it carries. */
export function partIn({ data, headers }: Msg, to: Addressee): Uint8Array {
  // NATS's own headers for errors of services.
  const status = headers?.get('Nats-Service-Error-Code') ?? '';
  // A copy: the message lies in a larger buffer of the connection, which it would keep.
  if (status === '') return new Uint8Array(data);
  const why = tamed(headers?.get('Nats-Service-Error'));
  const { code, next } = REFUSALS.get(status) ?? { code: 'ERR_HOST_FAILED', next: '' };
  throw new FleetError(code, `${to.subject} refuses it: ${why}${next}`, to);
}

/** What the host says is a text of its own making: it may be the name of a method that all objects have. */
const REFUSALS: ReadonlyMap<string, { readonly code: FleetErrorCode; readonly next: string }> = new Map([
  refusal(Refusal.bad, 'ERR_HOST_VERSION', '; install the same @psutil-extra/nats on both'),
  refusal(Refusal.busy, 'ERR_HOST_BUSY', '; ask again later, or raise maxRequests of serve() there'),
  refusal(Refusal.stale, 'ERR_HOST_BUSY', ''),
]);

function refusal(status: number, code: FleetErrorCode, next: string) {
  return [String(status), { code, next }] as const;
}
