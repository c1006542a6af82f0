import { type Failure, FailureKind } from './failure.js';
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
  #clock: Clock | undefined;
  readonly #columns: (Column | undefined)[] = [];
  readonly #dictionaries: (Dictionary | undefined)[] = [];
  readonly #made: unknown[][] = [];

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
    if (this.#word(WORD.bytes) !== buffer.byteLength || !this.#isWithin()) throw new RangeError('not a whole frame');
  }

  /** Whether all that the header speaks of lies within the bytes, so that no view of it fails or goes astray. */
  #isWithin(): boolean {
    const { buffer, fields, rows } = this;
    const fits = (offset: number, bytes: number) =>
      offset >= FIRST_COLUMN && offset % 8 === 0 && offset + bytes <= buffer.byteLength;
    if (buffer.byteLength < FIRST_COLUMN || fields >>> FIELDS.length !== 0 || rows < 0) return false;
    const failures = this.#word(WORD.failures);
    const textLength = this.#word(WORD.textLength);
    if (!fits(this.#word(WORD.pidOffset), rows * 4) || failures < 0 || textLength < 0) return false;
    if (!fits(this.#word(WORD.failureOffset), failures * FAILURE_WORDS * 4)) return false;
    if (!fits(this.#word(WORD.textOffset), textLength)) return false;
    for (let field = 0; field < FIELDS.length; field++) {
      const column = this.#word(COLUMN_OFFSETS + field);
      const dictionary = this.#word(COLUMN_OFFSETS + FIELDS.length + field);
      const asked = (fields >> field) & 1;
      if (asked === 0 ? column !== 0 : !fits(column, rows * (BYTES[field] as number))) return false;
      if ((asked & (ENTRIES >> field)) === 0 ? dictionary !== 0 : !fits(dictionary, 8)) return false;
    }
    return true;
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
    if (this.#clock === undefined) {
      const [zero, perSecond, readAt] = new Float64Array(this.buffer, HEADER_WORDS * 4, DOUBLES);
      this.#clock = { zero: zero as number, perSecond: perSecond as number, readAt: readAt as number };
    }
    return this.#clock;
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
      const offset = this.#word(COLUMN_OFFSETS + field);
      if (offset === 0) throw new RangeError(`the frame has no column of ${FIELDS[field]?.name ?? field}`);
      column = new COLUMN_OF[(FIELDS[field] as (typeof FIELDS)[number]).shape](this.buffer, offset, this.rows);
      this.#columns[field] = column;
    }
    return column;
  }

  /** One cell of a column; for a row or two that is cheaper than a view of the column. */
  cell(field: number, row: number): number {
    if (((CELL_IN_WORDS >> field) & 1) === 0) return this.column(field)[row] as number;
    const offset = this.#word(COLUMN_OFFSETS + field);
    if (offset === 0) throw new RangeError(`the frame has no column of ${FIELDS[field]?.name ?? field}`);
    // As an Uint32Array has it: NO_ENTRY is not −1.
    const word = this.#word((offset >> 2) + row);
    return ((ENTRIES >> field) & 1) === 1 ? word >>> 0 : word;
  }

  /** The distinct values of a field whose column holds entries. */
  dictionary(field: number): Dictionary {
    let dictionary = this.#dictionaries[field];
    if (dictionary === undefined) {
      const offset = this.#word(COLUMN_OFFSETS + FIELDS.length + field);
      if (offset === 0) throw new RangeError(`the frame has no dictionary of ${FIELDS[field]?.name ?? field}`);
      dictionary = new Dictionary(this.#words, offset, ENTRY_BYTES[(FIELDS[field] as { name: string }).name]);
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
      const kind = records[at + 2] as FailureKind;
      if (!(kind >= FailureKind.gone && kind <= FailureKind.system))
        throw new RangeError(`no kind of failure: ${kind}`);
      return {
        kind,
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
  readonly #length: number;
  readonly #entryBytes: number | undefined;

  /** `words` is the whole frame; `entryBytes` is how long each value is, where all are equally long. */
  constructor(words: Int32Array, offset: number, entryBytes?: number) {
    this.#words = words;
    this.count = words[offset >> 2] as number;
    this.#length = words[(offset >> 2) + 1] as number;
    this.#ends = (offset >> 2) + 2;
    this.#bytesOffset = offset + 8 + Math.ceil(this.count / 2) * 8;
    this.#entryBytes = entryBytes;
    if (this.count < 0 || this.#length < 0 || this.#bytesOffset + this.#length > words.byteLength) {
      throw new RangeError('the dictionary is not within its frame');
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
    if (!(entry >= 0 && entry < this.count)) throw new RangeError(`the dictionary has no entry ${entry}`);
    const begin = entry === 0 ? 0 : (this.#words[this.#ends + entry - 1] as number);
    const end = this.#words[this.#ends + entry] as number;
    const length = end - begin;
    const whole = begin >= 0 && begin % unit === 0 && length >= 0 && length % unit === 0 && end <= this.#length;
    if (!whole || (this.#entryBytes !== undefined && length !== this.#entryBytes)) {
      throw new RangeError(`entry ${entry} of the dictionary is damaged`);
    }
    return [this.#bytesOffset + begin, length];
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
const COLUMN_OFFSETS = HEADER_WORDS + DOUBLES * 2;
const FIRST_COLUMN = (COLUMN_OFFSETS + FIELDS.length * 2) * 4;

const COLUMN_OF = { i32: Int32Array, u8: Uint8Array, f64: Float64Array, entry: Uint32Array } as const;
const BYTES = FIELDS.map(({ shape }) => COLUMN_OF[shape].BYTES_PER_ELEMENT);

/** Three ids; a word that says which of five sets are known, and their four words each. */
const ENTRY_BYTES: { readonly [field: string]: number } = { uids: 12, gids: 12, sigmasks: 88 };

/** Fields whose cells are words of the frame, and of them those that are dictionary entries. */
const ENTRIES = fieldsOf('entry');
const CELL_IN_WORDS = ENTRIES | fieldsOf('i32');

function fieldsOf(shape: Shape): FieldMask {
  return FIELDS.reduce((mask, field, index) => (field.shape === shape ? mask | (1 << index) : mask), 0);
}
