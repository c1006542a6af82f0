import type { Failure, FailureKind } from './failure.js';
import { FIELDS, type FieldMask, type Shape } from './field.js';

/**
 * Columns of processes in one block of bytes, as `src/core/frame.h` writes and describes them. Views are
 * made when they are first looked at, so a frame that is only passed on costs nothing.
 */
export class Frame {
  readonly buffer: ArrayBuffer;
  readonly #words: Int32Array;
  #pids: Int32Array | undefined;
  #failures: Int32Array | undefined;
  #texts: string[] | undefined;
  readonly #columns: (Column | undefined)[] = [];
  readonly #dictionaries: (Dictionary | undefined)[] = [];
  readonly #made: unknown[][] = [];

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
    if (this.#word(WORD.bytes) !== buffer.byteLength) throw new RangeError('not a whole frame');
  }

  /** The fields that it has columns of. */
  get fields(): FieldMask {
    return this.#word(WORD.fields);
  }

  get rows(): number {
    return this.#word(WORD.rows);
  }

  get pids(): Int32Array {
    this.#pids ??= new Int32Array(this.buffer, this.#word(WORD.pidOffset), this.rows);
    return this.#pids;
  }

  /** How often each source was read for it, in the order of the addon's `sources`. */
  reads(source: number): number {
    return this.#word(WORD.reads + source);
  }

  /** What start times count by, and when reading began (NaN where nobody asked). */
  get clock(): Clock {
    const [zero, perSecond, readAt] = new Float64Array(this.buffer, HEADER_WORDS * 4, DOUBLES);
    return { zero: zero as number, perSecond: perSecond as number, readAt: readAt as number };
  }

  /** Microseconds that reading took. */
  get elapsed(): number {
    return new Float64Array(this.buffer, HEADER_WORDS * 4, DOUBLES)[3] as number;
  }

  /** How many of the PIDs asked for it covers; those behind have not been looked at. */
  get taken(): number {
    return this.#word(WORD.taken);
  }

  /** The PID from which the rest of a walk is to be read; −1 behind the last. */
  get next(): number {
    return this.#word(WORD.next);
  }

  /** The column of a field: values, or numbers of dictionary entries. */
  column(field: number): Column {
    let column = this.#columns[field];
    if (column === undefined) {
      const offset = this.#word(HEADER_WORDS + DOUBLES * 2 + field);
      if (offset === 0) throw new RangeError(`the frame has no column of ${FIELDS[field]?.name ?? field}`);
      column = new COLUMN_OF[(FIELDS[field] as (typeof FIELDS)[number]).shape](this.buffer, offset, this.rows);
      this.#columns[field] = column;
    }
    return column;
  }

  /** One cell of a column; for a row or two that is cheaper than a view of the column. */
  cell(field: number, row: number): number {
    if (((CELL_IN_WORDS >> field) & 1) === 0) return this.column(field)[row] as number;
    const offset = this.#word(HEADER_WORDS + DOUBLES * 2 + field);
    if (offset === 0) throw new RangeError(`the frame has no column of ${FIELDS[field]?.name ?? field}`);
    // As an Uint32Array has it: NO_ENTRY is not −1.
    const word = this.#word((offset >> 2) + row);
    return ((ENTRIES >> field) & 1) === 1 ? word >>> 0 : word;
  }

  /** The distinct values of a field whose column holds entries. */
  dictionary(field: number): Dictionary {
    let dictionary = this.#dictionaries[field];
    if (dictionary === undefined) {
      const offset = this.#word(HEADER_WORDS + DOUBLES * 2 + FIELDS.length + field);
      if (offset === 0) throw new RangeError(`the frame has no dictionary of ${FIELDS[field]?.name ?? field}`);
      dictionary = new Dictionary(this.#words, offset);
      this.#dictionaries[field] = dictionary;
    }
    return dictionary;
  }

  /** What `make` makes of a dictionary's entry, made once: rows that share the entry share it. */
  made<T>(field: number, entry: number, make: (dictionary: Dictionary, entry: number) => T): T {
    this.#made[field] ??= [];
    const made = this.#made[field];
    made[entry] ??= make(this.dictionary(field), entry);
    return made[entry] as T;
  }

  /** Whether any row or field failed. */
  get hasFailures(): boolean {
    return this.#word(WORD.failures) > 0;
  }

  /** Why the whole row failed, if it did. */
  rowFailure(row: number): Failure | undefined {
    return this.hasFailures ? this.#failure(row, WHOLE_ROW) : undefined;
  }

  /** Why this field of this row has no value, if it has none. */
  failure(row: number, field: number): Failure | undefined {
    return this.hasFailures ? (this.#failure(row, field) ?? this.#failure(row, WHOLE_ROW)) : undefined;
  }

  #failure(row: number, field: number): Failure | undefined {
    this.#failures ??= new Int32Array(
      this.buffer,
      this.#word(WORD.failureOffset),
      this.#word(WORD.failures) * FAILURE_WORDS,
    );
    const records = this.#failures;
    // Records stand in the order of their rows.
    let low = 0;
    let high = records.length / FAILURE_WORDS;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((records[middle * FAILURE_WORDS] as number) < row) low = middle + 1;
      else high = middle;
    }
    for (let at = low * FAILURE_WORDS; records[at] === row; at += FAILURE_WORDS) {
      if (records[at + 1] !== field) continue;
      return {
        kind: records[at + 2] as FailureKind,
        errno: records[at + 3] as number,
        code: this.#text(records[at + 4] as number),
        syscall: this.#text(records[at + 5] as number),
      };
    }
    return undefined;
  }

  #text(index: number): string {
    this.#texts ??= new TextDecoder()
      .decode(new Uint8Array(this.buffer, this.#word(WORD.textOffset), this.#word(WORD.textLength)))
      .split('\0');
    return this.#texts[index] ?? '';
  }

  #word(index: number): number {
    return this.#words[index] as number;
  }
}

export type Column = Int32Array | Uint32Array | Uint8Array | Float64Array;

/** Ticks since `zero` (milliseconds since the epoch), `perSecond` of them in a second. */
export interface Clock {
  readonly zero: number;
  readonly perSecond: number;
  readonly readAt: number;
}

/** Values of any length, each there once. */
export class Dictionary {
  readonly count: number;
  readonly #words: Int32Array;
  readonly #ends: number;
  readonly #bytesOffset: number;

  /** `words` is the whole frame. */
  constructor(words: Int32Array, offset: number) {
    this.#words = words;
    this.count = words[offset >> 2] as number;
    this.#ends = (offset >> 2) + 2;
    this.#bytesOffset = offset + 8 + Math.ceil(this.count / 2) * 8;
  }

  bytes(entry: number): Uint8Array {
    return new Uint8Array(this.#words.buffer, this.#bytesOffset + this.#begin(entry), this.#length(entry));
  }

  u32(entry: number): Uint32Array {
    return new Uint32Array(this.#words.buffer, this.#bytesOffset + this.#begin(entry), this.#length(entry) / 4);
  }

  u64(entry: number): BigUint64Array {
    return new BigUint64Array(this.#words.buffer, this.#bytesOffset + this.#begin(entry), this.#length(entry) / 8);
  }

  #begin(entry: number): number {
    if (!(entry < this.count)) throw new RangeError(`the dictionary has no entry ${entry}`);
    return entry === 0 ? 0 : (this.#words[this.#ends + entry - 1] as number);
  }

  #length(entry: number): number {
    return (this.#words[this.#ends + entry] as number) - this.#begin(entry);
  }
}

/** What stands in an entry column where there is no value; an `i32` has −1, a `u8` 255, an `f64` NaN. */
export const NO_ENTRY = 0xffffffff;

const WORD = {
  fields: 0,
  rows: 1,
  pidOffset: 2,
  failures: 3,
  failureOffset: 4,
  textOffset: 5,
  textLength: 6,
  bytes: 7,
  taken: 8,
  next: 9,
  reads: 10,
} as const;
const HEADER_WORDS = 18;
const DOUBLES = 4;
const FAILURE_WORDS = 6;
const WHOLE_ROW = -1;

const COLUMN_OF = { i32: Int32Array, u8: Uint8Array, f64: Float64Array, entry: Uint32Array } as const;

/** Fields whose cells are words of the frame, and of them those that are dictionary entries. */
const ENTRIES = fieldsOf('entry');
const CELL_IN_WORDS = ENTRIES | fieldsOf('i32');

function fieldsOf(shape: Shape): FieldMask {
  return FIELDS.reduce((mask, field, index) => (field.shape === shape ? mask | (1 << index) : mask), 0);
}
