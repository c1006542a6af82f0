import { inspect } from 'node:util';
import { FIELD_INDEX, type Frame } from '@psutil-extra/worker';
import { invalidType, invalidValue } from './arguments.js';
import { type Columns, makeColumn } from './columns.js';
import { type ProcessError, processError } from './errors.js';
import { FIELD_NAMES, type Field, type FieldValues, fieldIndex, type Origin, value } from './fields.js';

/** A process in a table: its PID and the fields that were asked for, `null` where one could not be read. */
export type ProcessRow<F extends Field = Field> = Readonly<{ pid: number } & { [K in F]: FieldValues[K] | null }> & {
  /** The same as a plain object, which can be spread, cloned and compared. */
  toJSON(): { pid: number } & { [K in F]: FieldValues[K] | null };
};

/**
 * Processes by the columns that a scan brought. Rows are views, made when they are looked at; what is never
 * looked at never becomes an object.
 */
export class ProcessTable<F extends Field = Field> implements Iterable<ProcessRow<F>> {
  /** The columns, `pid` aside. */
  readonly fields: readonly F[];
  /**
   * What read its rows: `'procfs'` or `'bpf'` on Linux, `'sysctl'` on BSDs and macOS; `'bpf+procfs'` where BPF was refused
   * after it had read the first of them.
   */
  readonly source: string;
  /** Rows. */
  readonly length: number;
  // Of its own: what is public is the caller's to change.
  readonly #fields: readonly F[];
  readonly #length: number;
  readonly #frames: readonly Frame[];
  readonly #origin: Origin;
  readonly #Row: RowClass;
  /** The caller's, which may be sorted or written over. */
  #pids: Int32Array | undefined;
  #order: Order | undefined;

  /** @internal Made by scans. */
  constructor(fields: readonly F[], source: string, frames: readonly Frame[], origin: Origin) {
    this.#fields = Object.freeze([...fields]);
    this.#frames = frames;
    this.#origin = origin;
    this.#length = frames.reduce((rows, frame) => rows + frame.rows, 0);
    this.#Row = rowClass(this.#fields);
    this.fields = this.#fields;
    this.source = source;
    this.length = this.#length;
  }

  /** The PID of each row. The same array each time, and the caller's own: sorting it moves no row of the table. */
  get pids(): Int32Array {
    this.#pids ??= this.#pidsOfRows();
    return this.#pids;
  }

  /**
   * A column, a value a row, without an object a row. Numbers are typed arrays in which −1 (`startTime`:
   * NaN) is a value that could not be read; fields of several numbers are several such arrays.
   *
   * @throws TypeError where the scan did not ask for that field.
   */
  column<K extends F>(field: K): Columns[K] {
    if (!this.#fields.includes(field)) {
      throw invalidValue('field', `must be one of those asked for: ${this.#fields.join(', ')}`, field);
    }
    return makeColumn(field, this.#frames, this.#length);
  }

  /** The row of a PID; nothing where it is not in the table. */
  get(pid: number): ProcessRow<F> | undefined {
    const index = this.#find(pid);
    return index < 0 ? undefined : this.at(index);
  }

  /** A row by its position, which is taken as an array takes it: from the end where it is negative. */
  at(index: number): ProcessRow<F> | undefined {
    if (typeof index !== 'number') throw invalidType('index', 'of type number', index);
    const whole = Math.trunc(index) || 0;
    const located = this.#locate(whole < 0 ? whole + this.#length : whole);
    return located && (new this.#Row(located.frame, located.row) as unknown as ProcessRow<F>);
  }

  /** Why a field of a PID is `null`; nothing where it is not, or the PID is not in the table. */
  error(pid: number, field: F): ProcessError | undefined {
    const located = this.#locate(this.#find(pid));
    const index = fieldIndex(field);
    if (index === undefined) throw invalidValue('field', `must be one of ${FIELD_NAMES.join(', ')}`, field);
    if (located === undefined) return undefined;
    const failure = located.frame.failure(located.row, index);
    return failure && processError(failure, pid, field, this.#origin.root);
  }

  *[Symbol.iterator](): Generator<ProcessRow<F>, void, undefined> {
    const Row = this.#Row;
    for (const frame of this.#frames) {
      for (let row = 0; row < frame.rows; row++) yield new Row(frame, row) as unknown as ProcessRow<F>;
    }
  }

  /** The rows, which are made plain objects by `JSON.stringify`. */
  toJSON(): ProcessRow<F>[] {
    return [...this];
  }

  [inspect.custom](): string {
    return `ProcessTable { length: ${this.#length}, fields: [${this.#fields.join(', ')}], source: '${this.source}' }`;
  }

  #locate(index: number): { frame: Frame; row: number } | undefined {
    if (!(index >= 0 && index < this.#length)) return undefined;
    let row = index;
    for (const frame of this.#frames) {
      if (row < frame.rows) return { frame, row };
      row -= frame.rows;
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

  #pidsOfRows(): Int32Array {
    const pids = new Int32Array(this.#length);
    let at = 0;
    for (const frame of this.#frames) {
      pids.set(frame.pids, at);
      at += frame.rows;
    }
    return pids;
  }
}

/** PIDs in order, and the row of each where that is not its place. */
interface Order {
  readonly pids: Int32Array;
  readonly rows: Uint32Array | undefined;
}

/** Listings are in order already; PIDs of a caller's choosing need not be. */
function orderOf(pids: Int32Array): Order {
  if (!pids.some((each, index) => index > 0 && each < (pids[index - 1] as number))) return { pids, rows: undefined };
  const rows = Uint32Array.from(pids, (_, row) => row).sort((a, b) => (pids[a] as number) - (pids[b] as number));
  return { pids: Int32Array.from(rows, (row) => pids[row] as number), rows };
}

type RowClass = new (frame: Frame, row: number) => object;

const CLASSES = new Map<string, RowClass>();
const MOST_CLASSES = 256;

/** The class of rows with these fields, which nobody may change: tables to come share it. Getters stand on its prototype, so that a row is three words. */
function rowClass(fields: readonly Field[]): RowClass {
  const key = fields.join();
  const known = CLASSES.get(key);
  if (known !== undefined) return known;
  // There are billions of orders, and a server may let its users choose theirs.
  if (CLASSES.size >= MOST_CLASSES) CLASSES.clear();
  class Row {
    readonly #frame: Frame;
    readonly #row: number;

    constructor(frame: Frame, row: number) {
      this.#frame = frame;
      this.#row = row;
    }

    static {
      for (const name of fields) {
        const field = FIELD_INDEX[name];
        Object.defineProperty(Row.prototype, name, {
          get(this: Row) {
            const frame = this.#frame;
            if (frame.hasFailures && frame.failure(this.#row, field) !== undefined) return null;
            return value(field, frame, frame.column(field)[this.#row] as number);
          },
          enumerable: true,
          configurable: true,
        });
      }
    }

    get pid(): number {
      return this.#frame.pids[this.#row] as number;
    }

    toJSON(): Record<string, unknown> {
      const plain: Record<string, unknown> = { pid: this.pid };
      for (const field of fields) plain[field] = (this as unknown as Record<string, unknown>)[field];
      return plain;
    }

    [inspect.custom](_depth: number, options: object): string {
      return inspect(this.toJSON(), options);
    }
  }
  CLASSES.set(key, Row);
  return Row;
}
