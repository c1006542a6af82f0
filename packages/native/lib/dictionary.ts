import type { Damage } from './damage.js';

/** Values of any length, each there once. */
export class Dictionary {
  readonly count: number;
  readonly #words: Int32Array;
  readonly #ends: number;
  readonly #bytesOffset: number;
  readonly #length: number;
  readonly #entryBytes: number | undefined;
  readonly #damaged: Damage;

  /** `words` is the whole frame; `entryBytes` is how long each value is, where all are equally long. */
  constructor(words: Int32Array, offset: number, entryBytes: number | undefined, damaged: Damage) {
    this.#damaged = damaged;
    this.#words = words;
    this.count = words[offset >> 2] as number;
    this.#length = words[(offset >> 2) + 1] as number;
    this.#ends = (offset >> 2) + 2;
    this.#bytesOffset = offset + 8 + Math.ceil(this.count / 2) * 8;
    this.#entryBytes = entryBytes;
    if (this.count < 0 || this.#length < 0 || this.#bytesOffset + this.#length > words.byteLength) {
      throw this.#damaged('the dictionary is not within its frame');
    }
  }

  bytes(entry: number): Uint8Array {
    const [begin, length] = this.#span(entry, 1);
    return new Uint8Array(this.#words.buffer, begin, length);
  }

  u32(entry: number): Uint32Array {
    const [begin, length] = this.#span(entry, 4);
    return new Uint32Array(this.#words.buffer, begin, length / 4);
  }

  u64(entry: number): BigUint64Array {
    const [begin, length] = this.#span(entry, 8);
    return new BigUint64Array(this.#words.buffer, begin, length / 8);
  }

  /** Where an entry's bytes begin in the frame, and how many there are. */
  #span(entry: number, unit: number): [begin: number, length: number] {
    if (!(entry >= 0 && entry < this.count)) throw this.#damaged(`the dictionary has no entry ${entry}`);
    const begin = entry === 0 ? 0 : (this.#words[this.#ends + entry - 1] as number);
    const end = this.#words[this.#ends + entry] as number;
    const length = end - begin;
    const whole = begin >= 0 && begin % unit === 0 && length >= 0 && length % unit === 0 && end <= this.#length;
    if (!whole || (this.#entryBytes !== undefined && length !== this.#entryBytes)) {
      throw this.#damaged(`entry ${entry} of the dictionary is damaged`);
    }
    return [this.#bytesOffset + begin, length];
  }
}
