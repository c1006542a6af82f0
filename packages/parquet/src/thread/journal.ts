import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { inodeOf, MODE, named, syncDirectory } from './durable.js';
import { encoded } from './journal-record.js';

/**
 * A file to which readings are added, one behind the other, until they become a Parquet file. A Parquet file cannot be read
 * before its end is written; this one can be read up to its last whole reading at any time, whatever has ended in between.
 */
export class Journal {
  readonly path: string;
  readonly #descriptor: number;
  readonly #inode: number;
  #bytes = 0;
  #readings = 0;
  /** Of the reading that is being added. */
  #parts = 0;
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
    const { header, body } = encoded(arrow, { rows, reading: this.#readings, part: this.#parts, isLast });
    try {
      this.#write(header);
      this.#write(body);
      if (isLast) fdatasyncSync(this.#descriptor);
    } catch (error) {
      this.#bytes = this.#whole;
      this.#parts = 0;
      ftruncateSync(this.#descriptor, this.#whole);
      throw named(error, this.path);
    }
    this.#parts++;
    if (!isLast) return;
    this.#whole = this.#bytes;
    this.#parts = 0;
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
