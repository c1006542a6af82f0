import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What the header of a record says. It has a checksum of its own: where the header is whole, it is known where the next record
 * begins, also if the body is damaged.
 */
export interface Header {
  /** Of the body, in bytes. */
  readonly length: number;
  readonly rows: number;
  /** The number of its reading in the journal, from 0. */
  readonly reading: number;
  /** Its number in its reading, from 0. */
  readonly part: number;
  readonly isLast: boolean;
}

/** A part of a reading as a record: a header, and a stream of Arrow, compressed. */
export function encoded(arrow: Uint8Array, about: Omit<Header, 'length'>): { header: Buffer; body: Buffer } {
  const body = deflateRawSync(arrow, { level: 1 });
  const header = Buffer.alloc(HEADER_BYTES);
  const mask = withoutMark(body);
  MARK.copy(header);
  [body.length, about.rows, about.reading, about.part, Number(about.isLast), mask, crc32(body)].forEach((word, at) => {
    header.writeUInt32LE(word, 4 * (at + 1));
  });
  header.writeUInt32LE(crc32(header.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
  return { header, body };
}

/** What a header says; undefined if it is none, or is damaged. */
export function headerIn(bytes: Buffer): Header | undefined {
  if (bytes.length < HEADER_BYTES || MARK.compare(bytes, 0, MARK.length) !== 0) return undefined;
  if (crc32(bytes.subarray(0, CHECKED_BYTES)) !== bytes.readUInt32LE(CHECKED_BYTES)) return undefined;
  return {
    length: bytes.readUInt32LE(4),
    rows: bytes.readUInt32LE(8),
    reading: bytes.readUInt32LE(12),
    part: bytes.readUInt32LE(16),
    isLast: bytes.readUInt32LE(20) === 1,
  };
}

/** Whether a body is the one of a header. */
export function isWhole(header: Buffer, body: Uint8Array): boolean {
  return crc32(body) === header.readUInt32LE(28);
}

/** The stream of Arrow. The body is not left as it was. */
export function decoded(header: Buffer, body: Buffer): Uint8Array {
  maskBy(header.readUInt32LE(24), body);
  return inflateRawSync(body);
}

/**
 * Changes a body so that the mark is not in it, and returns by what. Behind a damaged header the mark is looked for, and nothing
 * that a process has in its texts or limits may look like a record then.
 */
function withoutMark(body: Buffer): number {
  let mask = 0;
  while (body.includes(MARK)) {
    maskBy(mask, body);
    mask = randomBytes(4).readUInt32LE();
    maskBy(mask, body);
  }
  return mask;
}

function maskBy(mask: number, body: Buffer): void {
  if (mask === 0) return;
  for (let at = 0; at < body.length; at++) (body[at] as number) ^= (mask >>> (8 * (at % 4))) & 0xff;
}

/** Where a record begins. Another version of the format has another digit. */
export const MARK = Buffer.from('PXJ2');
export const HEADER_BYTES = 36;
/** What the header's checksum is of. */
const CHECKED_BYTES = 32;
