import { type Damage, damagedReply } from './damage.js';
import { type Failure, FailureKind } from './failure.js';
import { FieldSet } from './field-set.js';
import { dictionaryBytes, ENTRY_WORDS, FrameColumn } from './frame-column.js';
import type { Numbering } from './numbering.js';
import { FIELDS, type FieldRow, type Type } from './schema.js';
import { ARRAYS } from './values.js';

/**
 * A table of processes in one block of bytes, which `src/core/frame_writer.h` writes and describes. Views are created when they
 * are first used, so a frame that is only passed on costs nothing.
 */
export class Frame {
  readonly buffer: ArrayBuffer;
  /** Creates the error for damage in it. */
  readonly damaged: Damage;
  /** Of the machine that it describes; absent if that is this one. */
  declare readonly numbering: Numbering | undefined;
  /** Where its rows come from, if another machine says so. */
  declare source: string | undefined;
  readonly rows: number;
  /** The fields that it has columns of. */
  readonly fields: FieldSet;
  readonly #words: Int32Array;
  /** Where each field's first entry in the directory of columns begins, in words; 0 if it has none. */
  readonly #entries: Int32Array | number[];
  readonly #columns: (FrameColumn | undefined)[] = [];
  #pids: Int32Array | undefined;
  #failures: Int32Array | undefined;
  #texts: string[] | undefined;

  /** @throws what `damaged` returns, here and in every read, if the addon does not write such bytes. */
  constructor(buffer: ArrayBuffer, damaged: Damage = damagedReply, numbering?: Numbering) {
    this.buffer = buffer;
    this.damaged = damaged;
    // Every call has a frame, and few are of another machine.
    if (numbering !== undefined) this.numbering = numbering;
    const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
    this.#words = words;
    if (buffer.byteLength < HEADER_BYTES) throw this.#incomplete(`${buffer.byteLength} bytes are no header`);
    const bytes = words[WORD.bytes];
    if (bytes !== buffer.byteLength) throw this.#incomplete(`of ${bytes} bytes there are ${buffer.byteLength}`);
    if (words[WORD.layout] !== LAYOUT) throw this.#incomplete(`its layout is ${words[WORD.layout]}, not ${LAYOUT}`);
    this.rows = words[WORD.rows] as number;
    const entries: number[] = [];
    this.fields = this.#checkParts(entries);
    this.#entries = entries;
  }

  #incomplete(what: string): Error {
    return this.damaged(`not a whole frame: ${what}`);
  }

  /** Checks that every part in the header lies within the bytes, so that no view fails or reads another part. */
  #checkParts(entries: number[]): FieldSet {
    const words = this.#words;
    const { rows } = this;
    const columns = words[WORD.columns] as number;
    const counters = words[WORD.counters] as number;
    const failures = words[WORD.failures] as number;
    if (rows < 0 || failures < 0) throw this.#incomplete('a count is negative');
    if (!(columns >= 0 && columns <= MAX_COLUMNS && counters >= 0 && counters <= MAX_COUNTERS)) {
      throw this.#incomplete('a count of its header is out of range');
    }
    const first = HEADER_BYTES + columns * ENTRY_BYTES + counters * 8;
    const end = this.buffer.byteLength;
    const parts =
      fits(words[WORD.pids] as number, rows * 4, first, end) &&
      fits(((words[WORD.pids] as number) + rows * 4 + 7) & ~7, ((words[WORD.full] as number) >>> 1) * 4, first, end) &&
      fits(words[WORD.failureOffset] as number, failures * FAILURE_WORDS * 4, first, end) &&
      fits(words[WORD.textOffset] as number, words[WORD.textLength] as number, first, end) &&
      (words[WORD.clock] === 0 || fits(words[WORD.clock] as number, 16, first, end)) &&
      (words[WORD.time] === 0 || fits(words[WORD.time] as number, 8, first, end));
    if (!parts) throw this.#incomplete('a part of it lies outside');
    let low = 0;
    let high = 0;
    let field = -1;
    let member = 0;
    let members = 0;
    for (let i = 0, at = HEADER_BYTES >> 2; i < columns; i++, at += ENTRY_WORDS) {
      const head = words[at] as number;
      if (member === members) {
        const next = head & 0xff;
        // In the order of the schema, each with all its members.
        if (next <= field || next >= FIELDS.length) throw this.#incomplete(OUT_OF_ORDER);
        field = next;
        member = 0;
        members = (WIDTHS[field] as readonly number[]).length;
        entries[field] = at;
        if (field < 32) low |= 1 << field;
        else high |= 1 << (field - 32);
      }
      if ((head & 0xffff) !== (field | (member << 8))) throw this.#incomplete(OUT_OF_ORDER);
      if (!this.#isColumnWhole(at, field, member, first)) {
        throw this.#incomplete(`the column of ${FIELDS[field]?.name} lies outside it`);
      }
      member++;
    }
    if (member !== members) throw this.#incomplete('a column is missing');
    return FieldSet.from(low, high);
  }

  // Every answer passes here, that of a oneshot with a dozen columns: views, closures and destructuring would take 10 µs.
  #isColumnWhole(at: number, field: number, member: number, first: number): boolean {
    const words = this.#words;
    const end = this.buffer.byteLength;
    const encoding = ((words[at] as number) >>> 16) & 0xff;
    const validity = words[at + 1] as number;
    if (validity !== 0 && !fits(validity, (this.rows + 7) >> 3, first, end)) return false;
    const width = (WIDTHS[field] as readonly number[])[member] as number;
    if (!fits(words[at + 2] as number, this.rows * width, first, end)) return false;
    if (FIELDS[field]?.storage !== 'variable') return encoding === ENCODING.plain;
    const count = words[at + 4] as number;
    const length = words[at + 5] as number;
    if (encoding !== ENCODING.dictionary || count < 0 || length < 0) return false;
    return fits(words[at + 3] as number, dictionaryBytes(count) + length, first, end);
  }

  get pids(): Int32Array {
    this.#pids ??= new Int32Array(this.buffer, this.#word(WORD.pids), this.rows);
    return this.#pids;
  }

  /** How often each source was read for it, by the source's position in the addon's `sources`. */
  get reads(): ReadonlyMap<number, number> {
    const reads = new Map<number, number>();
    let at = (HEADER_BYTES + this.#word(WORD.columns) * ENTRY_BYTES) >> 2;
    for (let i = 0; i < this.#word(WORD.counters); i++, at += 2) reads.set(this.#word(at), this.#word(at + 1));
    return reads;
  }

  /** The clock of start times; `undefined` if the frame has none. */
  get clock(): Clock | undefined {
    const at = this.#word(WORD.clock);
    if (at === 0) return undefined;
    const [epoch, ticksPerSecond] = new Float64Array(this.buffer, at, 2);
    return { epoch: epoch as number, ticksPerSecond: ticksPerSecond as number };
  }

  /** When reading began, in ticks of the clock, or as `ReadFlag.sampled` says; NaN if that was not requested. */
  get readAt(): number {
    const at = this.#word(WORD.time);
    return at === 0 ? Number.NaN : (new Float64Array(this.buffer, at, 1)[0] as number);
  }

  /** Microseconds that reading took. */
  get elapsed(): number {
    return this.#word(WORD.elapsed);
  }

  /** How many of the requested PIDs it covers. The others have not been read. */
  get taken(): number {
    return this.#word(WORD.taken);
  }

  /** Whether it took no more rows because of its bound in bytes. */
  get isFull(): boolean {
    return (this.#word(WORD.full) & 1) !== 0;
  }

  /**
   * The PIDs whose reads have not ended, and which must be read again. Their rows have failures of the code {@link STALLED},
   * unless the request leaves out processes without an answer.
   */
  get stalled(): Int32Array {
    const at = this.#word(WORD.pids) + this.rows * 4;
    return new Int32Array(this.buffer, (at + 7) & ~7, this.#word(WORD.full) >>> 1);
  }

  /** Whether there are any. */
  get hasStalled(): boolean {
    return this.#word(WORD.full) > 1;
  }

  /** The PID from which the rest of a walk must be read; −1 after the last. */
  get next(): number {
    return this.#word(WORD.next);
  }

  /** The columns of a field. */
  column(field: number): FrameColumn {
    let column = this.#columns[field];
    if (column === undefined) {
      const entry = this.#entries[field];
      if (entry === undefined) throw this.damaged(`the frame has no column of ${FIELDS[field]?.name ?? field}`);
      column = new FrameColumn(this.#words, entry, FIELDS[field] as FieldRow, this.rows, this);
      this.#columns[field] = column;
    }
    return column;
  }

  /** Whether any row or field failed. */
  get hasFailures(): boolean {
    return this.#word(WORD.failures) > 0;
  }

  /** Why the whole row failed, if it did. */
  rowFailure(row: number): Failure | undefined {
    return this.hasFailures ? this.#failure(row, WHOLE_ROW) : undefined;
  }

  /** Why this field of this row has no value, if it failed. */
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
    // Records are in the order of their rows.
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

/** Ticks since `epoch` (milliseconds since the epoch), `ticksPerSecond` of them in a second. */
export interface Clock {
  readonly epoch: number;
  readonly ticksPerSecond: number;
}

const WORD = {
  bytes: 0,
  rows: 1,
  taken: 2,
  next: 3,
  pids: 4,
  columns: 5,
  counters: 6,
  failures: 7,
  failureOffset: 8,
  textOffset: 9,
  textLength: 10,
  clock: 11,
  time: 12,
  elapsed: 13,
  layout: 14,
  full: 15,
} as const;
const LAYOUT = 3;
const HEADER_BYTES = 64;
const ENTRY_BYTES = ENTRY_WORDS * 4;
const FAILURE_WORDS = 6;
const WHOLE_ROW = -1;
const MAX_COUNTERS = 64;
const ENCODING = { plain: 0, dictionary: 1 } as const;

// In one statement: the compiler would make each use of an exported constant a look-up, which takes as long as all else here.
export { ENCODING, FAILURE_WORDS, HEADER_BYTES, LAYOUT, WHOLE_ROW, WORD };

const OUT_OF_ORDER = 'its directory of columns is out of order';

/** How many bytes a row has in each column of each field. */
const WIDTHS: readonly (readonly number[])[] = FIELDS.map(({ type, storage }: FieldRow) => {
  if (storage === 'variable') return [4];
  const types: readonly Type[] = type.kind === 'struct' ? type.members.map((member) => member.type) : [type];
  return types.map(({ kind }) => ARRAYS[kind]?.BYTES_PER_ELEMENT ?? 0);
});
const MAX_COLUMNS = WIDTHS.reduce((sum, widths) => sum + widths.length, 0);

/** Whether a part lies between the directories and the end. */
function fits(offset: number, bytes: number, first: number, end: number): boolean {
  return offset >= first && offset % 8 === 0 && bytes >= 0 && offset + bytes <= end;
}
