/**
 * What is sent to a service, before the bytes of psutil-extra: what to do, with which answer, and how much of that answer may come
 * before it is asked for more.
 *
 *     byte   0        version of this header
 *     byte   1        what to do: a {@link Verb}
 *     bytes  2 … 13   number of the answer, by chance, so that no one else can ask for more of it or cancel it
 *     bytes 14 … 17   the most bytes of a part, least significant first
 *     byte  18        the most parts
 */
export interface Request {
  readonly verb: Verb;
  readonly session: string;
  readonly maxPart: number;
  readonly parts: number;
  readonly message: Uint8Array;
}

export type Verb = (typeof Verb)[keyof typeof Verb];
export const Verb = { call: 0, more: 1, cancel: 2 } as const;

export const REQUEST_VERSION = 1;
const HEADER = 19;
const SESSION = 12;
/** The most parts before the next request: what is on its way for one answer is bounded by both sides. */
export const MAX_PARTS = 64;
/** As psutil-extra/remote has it. */
export const MIN_PART = 4096;
export const MAX_PART = 2 ** 26;

export function encodeRequest({ verb, session, maxPart, parts, message }: Request): Uint8Array {
  const bytes = Buffer.alloc(HEADER + message.length);
  bytes[0] = REQUEST_VERSION;
  bytes[1] = verb;
  bytes.write(session, 2, SESSION, 'hex');
  bytes.writeUInt32LE(maxPart, 14);
  bytes[18] = parts;
  bytes.set(message, HEADER);
  return bytes;
}

/** `undefined` where it is no request of this version. */
export function decodeRequest(data: Uint8Array): Request | undefined {
  if (data.length < HEADER || data[0] !== REQUEST_VERSION) return undefined;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  const verb = bytes[1] as Verb;
  const maxPart = bytes.readUInt32LE(14);
  const parts = bytes[18] as number;
  const isKnown = verb <= Verb.cancel && parts >= 1 && parts <= MAX_PARTS && maxPart >= MIN_PART && maxPart <= MAX_PART;
  if (!isKnown) return undefined;
  // A copy: the connection's buffer is larger, and soon has other bytes.
  return {
    verb,
    session: bytes.toString('hex', 2, 2 + SESSION),
    maxPart,
    parts,
    message: new Uint8Array(data.subarray(HEADER)),
  };
}

/** How a service refuses a request: the number is in NATS's own header for errors of services. */
export const Refusal = { bad: 400, unknown: 410, stale: 425, busy: 429, failed: 500 } as const;
