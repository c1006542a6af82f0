import { fstatSync, readSync } from 'node:fs';
import { decoded, HEADER_BYTES, type Header, headerIn, isWhole, MARK } from './journal-record.js';

/** Where a record begins in its file, and how long its body is. */
export interface Place {
  readonly at: number;
  readonly length: number;
}

/** What a journal has that cannot be read, although it was written. */
export interface Damage {
  readonly readings: number;
  readonly bytes: number;
}

/** The whole readings of a journal. */
export interface JournalContent {
  readonly readings: number;
  readonly rows: number;
  readonly parts: readonly Place[];
  readonly damage: Damage | undefined;
}

/** A reading whose records are being read. */
interface Reading {
  readonly number: number;
  readonly at: number;
  readonly parts: Place[];
  rows: number;
  isBroken: boolean;
}

/**
 * Finds the whole readings, also behind damage. A reading is begun when the one before is on the disk: so one that is not whole, and
 * behind which none was begun, is that which was being written when the recorder died, and no damage.
 *
 * @param written how many readings have been written, if that is known.
 * @throws if another version of this package has written it.
 */
export function contentOf(descriptor: number, written = 0): JournalContent {
  const { size } = fstatSync(descriptor);
  const found = { readings: 0, rows: 0, parts: [] as Place[] };
  const lost = { readings: 0, bytes: 0 };
  // Of the last whole reading: where it ends, and the number of the one that comes next.
  let [end, next] = [0, 0];
  let reading: Reading | undefined;
  const lose = (until: number, bytes: number) => {
    lost.readings += until - next;
    lost.bytes += bytes;
  };
  for (const record of recordsOf(descriptor, size)) {
    const { at, length, rows, part, isLast } = record;
    if (record.reading < (reading?.number ?? next)) continue;
    if (record.reading !== reading?.number) {
      reading = { number: record.reading, at, parts: [], rows: 0, isBroken: false };
    }
    reading.isBroken ||= !record.isWhole || part !== reading.parts.length;
    reading.parts.push({ at, length });
    reading.rows += rows;
    if (!isLast || reading.isBroken) continue;
    lose(reading.number, reading.at - end);
    found.readings++;
    found.rows += reading.rows;
    for (const each of reading.parts) found.parts.push(each);
    end = at + HEADER_BYTES + length;
    next = reading.number + 1;
  }
  if (written > next) lose(written, size - end);
  else if (reading !== undefined && reading.number > next) lose(reading.number, reading.at - end);
  if (reading === undefined) refuseOtherVersion(descriptor, size);
  return { ...found, damage: lost.readings > 0 || lost.bytes > 0 ? lost : undefined };
}

/** A part as a stream of Arrow. */
export function arrowAt(descriptor: number, { at, length }: Place): Uint8Array {
  return decoded(bytesAt(descriptor, at, HEADER_BYTES), bytesAt(descriptor, at + HEADER_BYTES, length));
}

/** The records whose header is whole. */
function* recordsOf(descriptor: number, size: number): Generator<Header & { at: number; isWhole: boolean }> {
  for (let at = 0; at + HEADER_BYTES <= size; ) {
    const bytes = bytesAt(descriptor, at, HEADER_BYTES);
    const header = headerIn(bytes);
    if (header === undefined) {
      at = nextHeader(descriptor, at + 1, size);
      continue;
    }
    const begin = at + HEADER_BYTES;
    const hasAll = begin + header.length <= size;
    yield { ...header, at, isWhole: hasAll && isWhole(bytes, bytesAt(descriptor, begin, header.length)) };
    // It says where the next one begins. So a body is not searched, which is only sound where it is known to be one.
    at = begin + header.length;
  }
}

/** Where the next whole header is; the size if there is none. */
function nextHeader(descriptor: number, from: number, size: number): number {
  for (let start = from; start + HEADER_BYTES <= size; start += CHUNK_BYTES - HEADER_BYTES + 1) {
    const chunk = bytesAt(descriptor, start, Math.min(CHUNK_BYTES, size - start));
    for (let at = chunk.indexOf(MARK); at !== -1; at = chunk.indexOf(MARK, at + 1)) {
      if (headerIn(chunk.subarray(at, at + HEADER_BYTES)) !== undefined) return start + at;
    }
  }
  return size;
}

/** What has no record of this version, but one of another. */
function refuseOtherVersion(descriptor: number, size: number): void {
  const begin = bytesAt(descriptor, 0, Math.min(MARK.length, size)).toString('latin1');
  if (/^PXJ\d$/.test(begin) && begin !== MARK.toString()) {
    throw new Error('another version of @psutil-extra/parquet has written it, which can make a file of it');
  }
}

function bytesAt(descriptor: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const count = readSync(descriptor, bytes, at, length - at, from + at);
    if (count === 0) throw new Error('a journal has become shorter while it was read');
    at += count;
  }
  return bytes;
}

const CHUNK_BYTES = 2 ** 20;
