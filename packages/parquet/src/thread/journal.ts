import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { inodeOf, MODE, syncDirectory } from './durable.js';

/**
 * A file to which readings are added, one behind the other, until they become a Parquet file. A Parquet file cannot be read
 * before its end is written; this one can be read up to its last whole reading at any time, whatever has ended in between.
 *
 * A record is a header (its mark, how many bytes follow, their checksum, how many rows they are, and whether a reading ends
 * here) and a stream of Arrow, compressed.
 */
export class Journal {
  readonly path: string;
  readonly #descriptor: number;
  readonly #inode: number;
  #bytes = 0;
  #readings = 0;
  /** Where the last whole reading ends. */
  #whole = 0;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, 'wx', MODE);
    this.#inode = fstatSync(this.#descriptor).ino;
    syncDirectory(dirname(path));
  }

  get bytes(): number {
    return this.#bytes;
  }

  get readings(): number {
    return this.#readings;
  }

  /** Adds a part of a reading. It is on the disk when its last part has been added; if that fails, nothing of it is left. */
  append(arrow: Uint8Array, rows: number, isLast: boolean): void {
    if (inodeOf(this.path) !== this.#inode) {
      throw Object.assign(new Error(`ENOENT: ${this.path}, which is being written, was removed`), { code: 'ENOENT' });
    }
    const body = deflateRawSync(arrow, { level: 1 });
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(MARK, 0);
    header.writeUInt32LE(body.length, 4);
    header.writeUInt32LE(rows, 12);
    header.writeUInt32LE(isLast ? 1 : 0, 16);
    header.writeUInt32LE(checksum(header, body), 8);
    try {
      this.#write(header);
      this.#write(body);
      if (isLast) fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#bytes = this.#whole;
      ftruncateSync(this.#descriptor, this.#whole);
      throw error;
    }
    if (!isLast) return;
    this.#whole = this.#bytes;
    this.#readings++;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.#descriptor, bytes, at, bytes.length - at, this.#bytes + at);
    }
    this.#bytes += bytes.length;
  }
}

/** The whole readings of a journal. */
export interface JournalContent {
  readonly readings: number;
  readonly rows: number;
  /** Of each part, where it begins in the file and how long it is. */
  readonly parts: readonly { readonly at: number; readonly length: number }[];
}

/** Finds the whole readings. What stands behind them is of one that was being written when the recorder died. */
export function contentOf(descriptor: number): JournalContent {
  const { size } = fstatSync(descriptor);
  const header = Buffer.alloc(HEADER_BYTES);
  const parts: { at: number; length: number }[] = [];
  let [readings, rows, whole, rowsOfReading] = [0, 0, 0, 0];
  for (let at = 0; at + HEADER_BYTES <= size; ) {
    readAt(descriptor, header, at);
    const length = header.readUInt32LE(4);
    const begin = at + HEADER_BYTES;
    if (header.readUInt32LE(0) !== MARK || begin + length > size) break;
    if (checksum(header, bodyAt(descriptor, begin, length)) !== header.readUInt32LE(8)) break;
    parts.push({ at: begin, length });
    rowsOfReading += header.readUInt32LE(12);
    if (header.readUInt32LE(16) === 1) {
      readings++;
      rows += rowsOfReading;
      rowsOfReading = 0;
      whole = parts.length;
    }
    at = begin + length;
  }
  return { readings, rows, parts: parts.slice(0, whole) };
}

/** A part as a stream of Arrow. */
export function arrowAt(descriptor: number, { at, length }: JournalContent['parts'][number]): Uint8Array {
  return inflateRawSync(bodyAt(descriptor, at, length));
}

/** Of a body, and of what its header says besides. */
function checksum(header: Buffer, body: Uint8Array): number {
  return crc32(body, crc32(header.subarray(12)));
}

function bodyAt(descriptor: number, at: number, length: number): Buffer {
  const body = Buffer.allocUnsafe(length);
  readAt(descriptor, body, at);
  return body;
}

function readAt(descriptor: number, into: Buffer, from: number): void {
  for (let at = 0; at < into.length; ) {
    const count = readSync(descriptor, into, at, into.length - at, from + at);
    if (count === 0) throw new Error('a journal has become shorter while it was read');
    at += count;
  }
}

const MARK = 0x31_4a_58_50; // 'PXJ1'
const HEADER_BYTES = 20;
