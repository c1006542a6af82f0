import { type Damage, damagedReply } from './damage.js';
import { Dictionary } from './dictionary.js';
import { type Failure, FailureKind } from './failure.js';
import { FIELDS, type FieldMask, type Shape } from './field.js';

/**
 * Columns of processes in one block of bytes, as `src/core/frame.h` writes and describes them. Views are
 * made when they are first looked at, so a frame that is only passed on costs nothing.
 */
export class Frame {
  readonly buffer: ArrayBuffer;
  /** Makes the error for what is found damaged in it. */
  readonly damaged: Damage;
  readonly #words: Int32Array;
  #pids: Int32Array | undefined;
  #failures: Int32Array | undefined;
  #texts: string[] | undefined;
  #clock: Clock | undefined;
  readonly #columns: (Column | undefined)[] = [];
  readonly #dictionaries: (Dictionary | undefined)[] = [];
  readonly #made: unknown[][] = [];

  /** @throws what `damaged` makes, here and wherever it is read, where these are no bytes that the addon writes. */
  constructor(buffer: ArrayBuffer, damaged: Damage = damagedReply) {
    this.buffer = buffer;
    this.damaged = damaged;
    this.#words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
    const outside = this.#outside();
    if (outside !== undefined) throw damaged(`not a whole frame: ${outside}`);
  }

  /** What the header speaks of that does not lie within the bytes; of all else no view fails or goes astray. */
  #outside(): string | undefined {
    const { buffer, fields, rows } = this;
    const fits = (offset: number, bytes: number) =>
      offset >= FIRST_COLUMN && offset % 8 === 0 && offset + bytes <= buffer.byteLength;
    if (buffer.byteLength < FIRST_COLUMN) return `${buffer.byteLength} bytes are no header`;
    const bytes = this.#word(WORD.bytes);
    if (bytes !== buffer.byteLength) return `of ${bytes} bytes there are ${buffer.byteLength}`;
    if (fields >>> FIELDS.length !== 0) return 'it has fields that there are not';
    if (rows < 0 || !fits(this.#word(WORD.pidOffset), rows * 4)) return 'its PIDs';
    const failures = this.#word(WORD.failures);
    if (failures < 0 || !fits(this.#word(WORD.failureOffset), failures * FAILURE_WORDS * 4)) return 'its failures';
    const textLength = this.#word(WORD.textLength);
    if (textLength < 0 || !fits(this.#word(WORD.textOffset), textLength)) return 'its texts';
    for (let field = 0; field < FIELDS.length; field++) {
      const column = this.#word(COLUMN_OFFSETS + field);
      const dictionary = this.#word(COLUMN_OFFSETS + FIELDS.length + field);
      const asked = (fields >> field) & 1;
      if (asked === 0 ? column !== 0 : !fits(column, rows * (BYTES[field] as number)))
        return `its column of ${nameOf(field)}`;
      if ((asked & (ENTRIES >> field)) === 0 ? dictionary !== 0 : !fits(dictionary, 8)) {
        return `its dictionary of ${nameOf(field)}`;
      }
    }
    return undefined;
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
      if (offset === 0) throw this.damaged(`the frame has no column of ${nameOf(field)}`);
      column = new COLUMN_OF[(FIELDS[field] as (typeof FIELDS)[number]).shape](this.buffer, offset, this.rows);
      this.#columns[field] = column;
    }
    return column;
  }

  /** One cell of a column; for a row or two that is cheaper than a view of the column. */
  cell(field: number, row: number): number {
    if (((CELL_IN_WORDS >> field) & 1) === 0) return this.column(field)[row] as number;
    const offset = this.#word(COLUMN_OFFSETS + field);
    if (offset === 0) throw this.damaged(`the frame has no column of ${nameOf(field)}`);
    // As an Uint32Array has it: NO_ENTRY is not −1.
    const word = this.#word((offset >> 2) + row);
    return ((ENTRIES >> field) & 1) === 1 ? word >>> 0 : word;
  }

  /** The distinct values of a field whose column holds entries. */
  dictionary(field: number): Dictionary {
    let dictionary = this.#dictionaries[field];
    if (dictionary === undefined) {
      const offset = this.#word(COLUMN_OFFSETS + FIELDS.length + field);
      if (offset === 0) throw this.damaged(`the frame has no dictionary of ${nameOf(field)}`);
      dictionary = new Dictionary(this.#words, offset, ENTRY_BYTES[nameOf(field)], this.damaged);
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
      if (!(kind >= FailureKind.gone && kind <= FailureKind.system)) throw this.damaged(`no kind of failure: ${kind}`);
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

function nameOf(field: number): string {
  return FIELDS[field]?.name ?? String(field);
}

function fieldsOf(shape: Shape): FieldMask {
  return FIELDS.reduce((mask, field, index) => (field.shape === shape ? mask | (1 << index) : mask), 0);
}
