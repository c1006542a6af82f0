import { types } from 'node:util';
import type { AnswerRecord } from './answer-records.js';
import { MAGIC } from './request-codec.js';
import { DIGEST, PROTOCOL } from './version.js';

/**
 * An answer is a row of records, and travels in parts of a bounded size: a record may begin in one and end in another. A part
 * begins with its number and whether it is the last, so that one which is lost, doubled or in the wrong place is found.
 */

/** @internal Cuts records into parts. */
export class PartWriter {
  readonly #room: number;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #sequence = 0;

  /** `maxPart`: the most bytes of a part. */
  constructor(maxPart: number) {
    this.#room = maxPart - PART_HEADER;
  }

  /** Adds a record, and returns the parts that are full now. */
  *add(kind: number, payload: Uint8Array): Generator<Uint8Array, void, undefined> {
    const header = new Uint8Array(RECORD_HEADER);
    const view = new DataView(header.buffer);
    view.setUint32(0, payload.length, true);
    view.setUint32(4, kind, true);
    yield* this.#put(header);
    yield* this.#put(payload);
    const padding = padded(payload.length) - payload.length;
    if (padding > 0) yield* this.#put(new Uint8Array(padding));
  }

  /** The last part. */
  last(): Uint8Array {
    return this.#take(LAST);
  }

  *#put(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#size === this.#room) yield this.#take(0);
      const piece = bytes.subarray(at, at + this.#room - this.#size);
      this.#pieces.push(piece);
      this.#size += piece.length;
      at += piece.length;
    }
  }

  #take(flags: number): Uint8Array {
    const part = new Uint8Array(PART_HEADER + this.#size);
    const view = new DataView(part.buffer);
    view.setUint16(0, MAGIC, true);
    view.setUint8(2, PROTOCOL);
    view.setUint8(3, flags);
    view.setUint32(4, this.#sequence++, true);
    part.set(DIGEST, 8);
    let at = PART_HEADER;
    for (const piece of this.#pieces) {
      part.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#size = 0;
    return part;
  }
}

/** @internal Joins parts to the records of an answer, within a bound. */
export class PartReader {
  readonly #most: number;
  readonly #damaged: (what: string) => Error;
  readonly #otherVersion: () => Error;
  readonly #payloads: Uint8Array[] = [];
  #size = 0;
  #isWhole = false;

  /** `most`: the bytes that an answer may have. */
  constructor(most: number, damaged: (what: string) => Error, otherVersion: () => Error) {
    this.#most = most;
    this.#damaged = damaged;
    this.#otherVersion = otherVersion;
  }

  /** Whether the last part has come. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Takes the next part. */
  take(part: unknown): void {
    if (!types.isUint8Array(part)) throw this.#damaged('a part of it is no Uint8Array');
    if (part.length < PART_HEADER) throw this.#damaged(`${part.length} bytes are no part of an answer`);
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    if (view.getUint16(0, true) !== MAGIC) throw this.#damaged('a part of it does not begin as one');
    if (view.getUint8(2) !== PROTOCOL || !DIGEST.every((byte, i) => part[8 + i] === byte)) throw this.#otherVersion();
    const flags = view.getUint8(3);
    const sequence = view.getUint32(4, true);
    if ((flags & ~LAST) !== 0) throw this.#damaged('a part of it has unknown flags');
    if (sequence !== this.#payloads.length)
      throw this.#damaged(`part ${sequence} comes in the place of ${this.#payloads.length}`);
    // Otherwise an answer might have any number of parts.
    if (flags !== LAST && part.length < MIN_PART) throw this.#damaged(`a part of ${part.length} bytes is not the last`);
    this.#size += part.length - PART_HEADER;
    if (this.#size > this.#most) throw this.#damaged(`it has more than ${this.#most} bytes`);
    this.#payloads.push(part.subarray(PART_HEADER));
    this.#isWhole = flags === LAST;
  }

  /** The records, once the last part has come. */
  records(): AnswerRecord[] {
    const bytes = this.#payloads.length === 1 ? (this.#payloads[0] as Uint8Array) : Buffer.concat(this.#payloads);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const records: AnswerRecord[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (records.length === MAX_RECORDS) throw this.#damaged(`it has more than ${MAX_RECORDS} records`);
      const length = at + RECORD_HEADER <= bytes.length ? view.getUint32(at, true) : 0;
      const begin = at + RECORD_HEADER;
      const end = begin + padded(length);
      if (end > bytes.length) throw this.#damaged('a record of it is cut off');
      records.push({ kind: view.getUint32(at + 4, true), payload: bytes.subarray(begin, begin + length) });
      at = end;
    }
    return records;
  }
}

/** Whether a part of an answer is its last: for transports that must know where an answer ends. */
export function isLastPart(part: Uint8Array): boolean {
  return types.isUint8Array(part) && part.length >= PART_HEADER && part[3] === LAST;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

const PART_HEADER = 16;
const RECORD_HEADER = 8;
const LAST = 1;
/** A frame of a scan is one; it has many processes. */
const MAX_RECORDS = 65_536;
/** @internal The fewest bytes of a part that is not the last. */
export const MIN_PART = 4096;
