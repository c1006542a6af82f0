import { type InspectOptions, inspect } from 'node:util';
import { FIELD_INDEX, type Frame } from '@psutil-extra/native/protocol';
import { rowReader } from '../schema/decode.js';
import { FIELD_NAMES, type Field, fieldIndex } from '../schema/fields.js';
import { invalidType, invalidValue } from '../support/arguments.js';
import type { Origin } from '../support/capabilities.js';
import { type ProcessError, processError } from '../support/errors.js';
import { makeColumn, validityBits, validityOf } from './columns.js';
import type { ComputedColumn, ComputedColumns, TableColumns, TableField, TableValues } from './computed-column.js';

/**
 * A process in a table: its PID and the fields that were requested, `null` if one could not be read. It is a plain object,
 * and a new one each time; signal sets and limits that rows share are frozen.
 */
export type ProcessRow<F extends TableField = Field> = { pid: number } & { [K in F]: TableValues[K] | null };

/** @internal The frames of a table, and the columns that are not in them; `undefined` if the value is no table. */
export let framesOf: (
  table: unknown,
) =>
  | { readonly fields: readonly TableField[]; readonly frames: readonly Frame[]; readonly computed: ComputedColumns }
  | undefined;

/** The processes that a scan has read, as columns. A row becomes an object only when it is used. */
export class ProcessTable<F extends TableField = Field> implements Iterable<ProcessRow<F>> {
  /** The columns, without `pid`. */
  readonly fields: readonly (F extends Field ? Field : TableField)[];
  /**
   * Where its rows come from: `'procfs'` or `'bpf'` on Linux, `'sysctl'` on BSDs and macOS; `'bpf+procfs'` if BPF was refused
   * after the first rows.
   */
  readonly source: string;
  /** The number of rows. */
  readonly length: number;
  // Private copies: a caller may change the public ones.
  readonly #fields: readonly F[];
  readonly #length: number;
  readonly #frames: readonly Frame[];
  readonly #origin: Origin;
  readonly #computed: ComputedColumns;
  readonly #readers: ((row: number) => ProcessRow<F>)[] = [];
  /** The caller's array, which may be sorted or overwritten. */
  #pids: Int32Array | undefined;
  #order: Order | undefined;

  static {
    framesOf = (table) =>
      typeof table === 'object' && table !== null && #frames in table
        ? { fields: table.#fields, frames: table.#frames, computed: table.#computed }
        : undefined;
  }

  /** @internal Made by scans. */
  constructor(
    fields: readonly F[],
    source: string,
    frames: readonly Frame[],
    origin: Origin,
    computed: ComputedColumns = NONE,
  ) {
    this.#fields = Object.freeze([...fields]);
    this.#frames = frames;
    this.#origin = origin;
    this.#computed = computed;
    this.#length = frames.reduce((rows, frame) => rows + frame.rows, 0);
    this.fields = this.#fields as ProcessTable<F>['fields'];
    this.source = source;
    this.length = this.#length;
  }

  /** The PID of each row. It is the same array each time, and the caller may change it: to sort it moves no row of the table. */
  get pids(): Int32Array {
    this.#pids ??= this.#pidsOfRows();
    return this.#pids;
  }

  /**
   * A column: a value for each row, without an object for each row. Numbers are typed arrays in which −1 (`startTime`: NaN) is
   * a value that could not be read; fields of several numbers are several such arrays.
   *
   * @throws TypeError if the scan did not request that field.
   */
  column<K extends F>(field: K): TableColumns[K] {
    this.#checkField(field);
    const computed = this.#computedOf(field);
    if (computed !== undefined) return computed.column();
    return makeColumn(field as Field, this.#frames, this.#length) as TableColumns[K];
  }

  /**
   * Which rows have a value of a field: a bit for each row, set if it has one, the first row in bit 0 of the first byte, as in
   * Arrow's columnar format.
   *
   * @throws TypeError if the scan did not request that field.
   */
  validity(field: F): Uint8Array {
    this.#checkField(field);
    const computed = this.#computedOf(field);
    if (computed !== undefined) return validityBits(this.#length, (row) => computed.has(row));
    return validityOf(FIELD_INDEX[field as Field], this.#frames, this.#length);
  }

  /** The row of a PID; `undefined` if it is not in the table. */
  get(pid: number): ProcessRow<F> | undefined {
    const index = this.#find(pid);
    return index < 0 ? undefined : this.at(index);
  }

  /** A row by its position, as in an array: from the end if it is negative. */
  at(index: number): ProcessRow<F> | undefined {
    if (typeof index !== 'number') throw invalidType('index', 'of type number', index);
    const whole = Math.trunc(index) || 0;
    const located = this.#locate(whole < 0 ? whole + this.#length : whole);
    return located && this.#reader(located.part)(located.row);
  }

  /** Why a field of a PID is `null`; `undefined` if it is not, or if the PID is not in the table. */
  error(pid: number, field: F): ProcessError | undefined {
    const located = this.#locate(this.#find(pid));
    const index = fieldIndex(this.#computedOf(field)?.of ?? field);
    if (index === undefined) throw invalidValue('field', `must be one of ${FIELD_NAMES.join(', ')}`, field);
    if (located === undefined) return undefined;
    const failure = (this.#frames[located.part] as Frame).failure(located.row, index);
    return failure && processError(failure, pid, field, this.#origin);
  }

  *[Symbol.iterator](): Generator<ProcessRow<F>, void, undefined> {
    for (let part = 0; part < this.#frames.length; part++) {
      const read = this.#reader(part);
      const { rows } = this.#frames[part] as Frame;
      for (let row = 0; row < rows; row++) yield read(row);
    }
  }

  /** The rows in an array. */
  toArray(): ProcessRow<F>[] {
    return Array.from(this);
  }

  /** What `callback` returns for each row. */
  map<T>(callback: (row: ProcessRow<F>, index: number) => T): T[] {
    const made: T[] = [];
    for (const row of this) made.push(callback(row, made.length));
    return made;
  }

  /** The rows for which `predicate` is true. */
  filter(predicate: (row: ProcessRow<F>, index: number) => unknown): ProcessRow<F>[] {
    const kept: ProcessRow<F>[] = [];
    let index = 0;
    for (const row of this) if (predicate(row, index++)) kept.push(row);
    return kept;
  }

  /** The first row for which `predicate` is true. */
  find(predicate: (row: ProcessRow<F>, index: number) => unknown): ProcessRow<F> | undefined {
    let index = 0;
    for (const row of this) if (predicate(row, index++)) return row;
    return undefined;
  }

  /** Whether `predicate` is true for any row. */
  some(predicate: (row: ProcessRow<F>, index: number) => unknown): boolean {
    return this.find(predicate) !== undefined;
  }

  /** The rows from one position up to another, as in an array. */
  slice(start?: number, end?: number): ProcessRow<F>[] {
    const length = this.#length;
    const from = position(start, 0, length);
    const to = position(end, length, length);
    return Array.from({ length: Math.max(to - from, 0) }, (_, i) => this.at(from + i) as ProcessRow<F>);
  }

  /** The rows. */
  toJSON(): ProcessRow<F>[] {
    return this.toArray();
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    const shown = this.slice(0, MAX_INSPECTED).map((row) => `  ${inspect(row, { ...options, breakLength: Infinity })}`);
    const more = this.#length - shown.length;
    if (more > 0) shown.push(`  … ${more} more`);
    return `${this.constructor.name}(${this.#length}) [${this.source}] {\n${shown.join(',\n')}\n}`;
  }

  #reader(part: number): (row: number) => ProcessRow<F> {
    if (this.#readers[part] === undefined) {
      const first = this.#frames.slice(0, part).reduce((rows, frame) => rows + frame.rows, 0);
      const read = rowReader(this.#fields, this.#frames[part] as Frame, this.#computed, first);
      this.#readers[part] = read as (row: number) => ProcessRow<F>;
    }
    return this.#readers[part];
  }

  #computedOf<K extends F>(field: K): ComputedColumn<K> | undefined {
    return typeof field === 'string' && Object.hasOwn(this.#computed, field) ? this.#computed[field] : undefined;
  }

  #checkField(field: string): void {
    if ((this.#fields as readonly string[]).includes(field)) return;
    throw invalidValue('field', `must be one of those asked for: ${this.#fields.join(', ')}`, field);
  }

  #pidsOfRows(): Int32Array {
    const pids = new Int32Array(this.#length);
    let at = 0;
    for (const frame of this.#frames) {
      pids.set(frame.pids, at);
      at += frame.rows;
    }
    return pids;
  }

  #locate(index: number): { part: number; row: number } | undefined {
    if (!(index >= 0 && index < this.#length)) return undefined;
    let row = index;
    for (let part = 0; part < this.#frames.length; part++) {
      const { rows } = this.#frames[part] as Frame;
      if (row < rows) return { part, row };
      row -= rows;
    }
    return undefined;
  }

  #find(pid: number): number {
    if (typeof pid !== 'number') throw invalidType('pid', 'of type number', pid);
    this.#order ??= orderOf(this.#pidsOfRows());
    const { pids, rows } = this.#order;
    let low = 0;
    let high = this.#length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = pids[middle] as number;
      if (found === pid) return rows === undefined ? middle : (rows[middle] as number);
      if (found < pid) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** PIDs in order, and the row of each if that is not its position. */
interface Order {
  readonly pids: Int32Array;
  readonly rows: Uint32Array | undefined;
}

/** The list of PIDs is in order already; PIDs that a caller names need not be. */
function orderOf(pids: Int32Array): Order {
  if (!pids.some((each, index) => index > 0 && each < (pids[index - 1] as number))) return { pids, rows: undefined };
  const rows = Uint32Array.from(pids, (_, row) => row).sort((a, b) => (pids[a] as number) - (pids[b] as number));
  return { pids: Int32Array.from(rows, (row) => pids[row] as number), rows };
}

const NONE: ComputedColumns = Object.freeze({});
const MAX_INSPECTED = 10;

function position(index: number | undefined, absent: number, length: number): number {
  const whole = index === undefined ? absent : Math.trunc(index) || 0;
  return whole < 0 ? Math.max(whole + length, 0) : Math.min(whole, length);
}
