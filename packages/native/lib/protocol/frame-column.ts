import type { Damage } from './damage.js';
import type { FieldRow, Type } from './field-row.js';
import type { Numbering } from './numbering.js';
import { ARRAYS, fixedValue, type Numbers, numbersOf, variableValue, visitTexts } from './values.js';

/** The values of a field in a frame, one for each row. */
export class FrameColumn {
  readonly type: Type;
  readonly #words: Int32Array;
  readonly #entry: number;
  readonly #storage: FieldRow['storage'];
  readonly #rows: number;
  /** As {@link Frame.damaged}. */
  readonly damaged: Damage;
  /** As {@link Frame.numbering}. */
  declare readonly numbering: Numbering | undefined;
  #numbers: Numbers | undefined;
  #validity: Uint8Array | null | undefined;
  #members: { readonly name: string; readonly optional: boolean; readonly column: FrameColumn }[] | undefined;
  /** What `decode` and `list` made of each dictionary entry. */
  readonly #decoded: unknown[] = [];
  readonly #lists: (Numbers | undefined)[] = [];

  constructor(
    words: Int32Array,
    entry: number,
    row: Pick<FieldRow, 'type' | 'storage'>,
    rows: number,
    frame: FrameOfColumn,
  ) {
    this.damaged = frame.damaged;
    if (frame.numbering !== undefined) this.numbering = frame.numbering;
    this.#words = words;
    this.#entry = entry;
    this.#storage = row.storage;
    this.type = row.type;
    this.#rows = rows;
  }

  /** Whether a row has a value. */
  has(row: number): boolean {
    // A kernel may lack any member. For most structs the first member decides.
    if (this.#storage === 'struct') return this.members.some(({ column }) => column.has(row));
    const bits = this.validity;
    return bits === null || (((bits[row >> 3] as number) >> (row & 7)) & 1) === 1;
  }

  /** A bit for each row, set if it has a value; null if no value is missing. */
  get validity(): Uint8Array | null {
    if (this.#validity === undefined) {
      const at = this.#words[this.#entry + 1] as number;
      this.#validity = at === 0 ? null : new Uint8Array(this.#words.buffer, at, (this.#rows + 7) >> 3);
    }
    return this.#validity;
  }

  /** The numbers of its rows: values, or for a variable field codes of its dictionary. */
  get numbers(): Numbers {
    if (this.#numbers === undefined) {
      const make = this.#storage === 'variable' ? Uint32Array : ARRAYS[this.type.kind];
      if (make === undefined) throw new TypeError(`a ${this.type.kind} has no numbers`);
      this.#numbers = new make(this.#words.buffer as ArrayBuffer, this.#words[this.#entry + 2] as number, this.#rows);
    }
    return this.#numbers;
  }

  /** The number of a row. Where no view of all has been made, words are read where they stand: an answer is mostly one row. */
  #number(row: number): number | bigint {
    if (this.#numbers === undefined) {
      const word = this.#words[((this.#words[this.#entry + 2] as number) >> 2) + row] as number;
      if (this.#storage === 'variable') return word >>> 0;
      if (this.type.kind === 'i32') return word;
    }
    return this.numbers[row] as number | bigint;
  }

  /** Of a struct, the columns of its members. */
  get members(): readonly { readonly name: string; readonly optional: boolean; readonly column: FrameColumn }[] {
    if (this.type.kind !== 'struct') return [];
    this.#members ??= this.type.members.map(({ name, type, optional }, i) => ({
      name,
      optional,
      column: new FrameColumn(this.#words, this.#entry + i * ENTRY_WORDS, { type, storage: 'fixed' }, this.#rows, this),
    }));
    return this.#members;
  }

  /** How many distinct values a variable field has. */
  get distinct(): number {
    return this.#words[this.#entry + 4] as number;
  }

  /** The bytes of a distinct value. */
  bytes(code: number): Uint8Array {
    const offsets = (this.#words[this.#entry + 3] as number) >> 2;
    const count = this.#words[this.#entry + 4] as number;
    const length = this.#words[this.#entry + 5] as number;
    if (!(code >= 0 && code < count)) throw this.damaged(`the dictionary has no entry ${code}`);
    const begin = this.#words[offsets + code] as number;
    const end = this.#words[offsets + code + 1] as number;
    if (!(begin >= 0 && begin <= end && end <= length))
      throw this.damaged(`entry ${code} of the dictionary is not within it`);
    return new Uint8Array(this.#words.buffer, offsets * 4 + dictionaryBytes(count) + begin, end - begin);
  }

  /**
   * The texts in a distinct value, without a copy: none if it has no texts.
   *
   * @throws what `damaged` returns, if its bytes are not those of a value of the type.
   */
  texts(code: number): Uint8Array[] {
    const texts: Uint8Array[] = [];
    visitTexts(this.type, this.bytes(code), this.damaged, (text) => texts.push(text));
    return texts;
  }

  /** Throws as {@link texts} does. */
  check(code: number): void {
    visitTexts(this.type, this.bytes(code), this.damaged, () => {});
  }

  /** A list of numbers, without a copy. Rows that share it share the view. */
  list(row: number): Numbers {
    const code = this.#number(row) as number;
    let list = this.#lists[code];
    if (list === undefined) {
      list = numbersOf((this.type as { readonly item: Type }).item, this.bytes(code), this.damaged) as Numbers;
      this.#lists[code] = list;
    }
    return list;
  }

  /** What `make` returns for the bytes of a row's value. Rows that share the bytes share the result. A column has one `make`. */
  decode<T>(row: number, make: (bytes: Uint8Array) => T): T {
    const code = this.#number(row) as number;
    let made = this.#decoded[code] as T | undefined;
    if (made === undefined) {
      made = make(this.bytes(code));
      this.#decoded[code] = made;
    }
    return made;
  }

  /** The value of a row, by its type; null if there is none. Lists and structs belong to the caller. */
  value(row: number): unknown {
    if (!this.has(row)) return null;
    switch (this.#storage) {
      case 'fixed':
        return fixedValue(this.type, this.#number(row), this.damaged);
      case 'struct': {
        const made: Record<string, unknown> = {};
        for (const { name, optional, column } of this.members) {
          const value = column.value(row);
          if (value !== null) made[name] = value;
          else if (!optional) throw this.damaged(`a value without its member ${name}`);
        }
        return made;
      }
      case 'variable':
        if (this.type.kind === 'text')
          return this.decode(row, (bytes) => variableValue(this.type, bytes, this.damaged));
        return variableValue(this.type, this.bytes(this.#number(row) as number), this.damaged);
    }
  }
}

/** What a column has of its frame. */
interface FrameOfColumn {
  readonly damaged: Damage;
  readonly numbering: Numbering | undefined;
}

/** The offsets of a dictionary. Its bytes follow them. */
export function dictionaryBytes(count: number): number {
  return Math.ceil(((count + 1) * 4) / 8) * 8;
}

/** Words of an entry in the directory of columns. */
export const ENTRY_WORDS = 6;
