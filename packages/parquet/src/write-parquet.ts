import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { ProcessTable, TableField } from 'psutil-extra';
import { partsOf } from 'psutil-extra/arrow';
import {
  checkNumber,
  checkOptions,
  checkPatterns,
  checkSignal,
  checkText,
  invalidType,
  invalidValue,
} from './arguments.js';
import { interruptible } from './interruptible.js';
import type { Counts } from './requests.js';
import { WritingThread } from './writing-thread.js';

/** A table, or several of the same fields: an array, or what `scanBatches()` and `sample()` return. */
export type Tables<F extends TableField = TableField> =
  | ProcessTable<F>
  | Iterable<ProcessTable<F>>
  | AsyncIterable<ProcessTable<F>>;

/** What is written of the tables, and under which name of the machine. */
export interface ParquetOptions<F extends TableField = TableField> {
  /** The name in the column `host`. Default: that of the system. */
  host?: string;
  /** What is in the column `time`. Default: when each table arrives here. */
  time?: Date | number;
  /** Which columns, of those that the tables have. Default: all. */
  fields?: readonly F[];
  /** Of one table, which rows by their positions, and in which order. Default: all. */
  rows?: readonly number[];
  /** What these match in texts, such as command lines, becomes `[redacted]`. */
  redact?: readonly RegExp[];
  /** Ends the writing: it rejects with the signal's reason, and there is no file. */
  signal?: AbortSignal;
}

/** How many rows and tables have been written, and how many bytes the file has. */
export type Written = Readonly<Pick<Counts, 'rows' | 'bytes'>> & { readonly tables: number };

const OPTIONS = [
  'host',
  'time',
  'fields',
  'rows',
  'redact',
  'signal',
] as const satisfies readonly (keyof ParquetOptions)[];

/**
 * Writes tables into one Parquet file. A file of that name is replaced when the new one is complete; if anything fails, it
 * is left as it was.
 */
export async function writeParquet<F extends TableField>(
  file: string,
  tables: Tables<F>,
  options: ParquetOptions<F> = {},
): Promise<Written> {
  checkText('file', file);
  checkOptions(options, OPTIONS);
  const signal = checkSignal(options.signal);
  const host = checkText('options.host', options.host ?? hostname());
  const redact = checkPatterns('options.redact', options.redact);
  const time = options.time === undefined ? undefined : checkTime(options.time);
  const each = tablesIn(tables);
  const rows = options.rows === undefined ? undefined : checkRows(options.rows, tables);
  signal?.throwIfAborted();
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  await using thread = await WritingThread.open({ kind: 'file', file: resolve(file), host, redact, cancelled });
  signal?.addEventListener('abort', cancel);
  let count = 0;
  let isWhole = false;
  try {
    let first: string | undefined;
    for await (const table of interruptible(each, signal)) {
      const parts = partsOf(table);
      if (parts === undefined) throw invalidType('tables', 'a table or tables of psutil-extra', table);
      const fields = chosenFields(options.fields, parts.fields);
      first ??= fields.join();
      if (fields.join() !== first) throw invalidValue('tables', `must all have the fields ${first}`, table);
      await thread.append({ ...parts, fields }, time ?? Date.now(), rows && { rows });
      count++;
    }
    signal?.throwIfAborted();
    if (count === 0) throw invalidValue('tables', 'must have a table: without one no column is known', tables);
    isWhole = true;
    const { rows: written, bytes } = await thread.close(true);
    return { tables: count, rows: written, bytes };
  } catch (error) {
    // What failed is not hidden by what fails because of it.
    if (!isWhole) await thread.close(false).catch(() => undefined);
    // The thread does not know the reason.
    const isCancelled = signal?.aborted === true && (error as NodeJS.ErrnoException | null)?.code === 'ABORT_ERR';
    throw isCancelled ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function tablesIn(tables: unknown): Iterable<unknown> | AsyncIterable<unknown> {
  // A table is iterable too, by its rows.
  if (partsOf(tables) !== undefined) return [tables];
  const { [Symbol.iterator]: all, [Symbol.asyncIterator]: later } = Object(tables) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  if (typeof tables === 'string' || (typeof all !== 'function' && typeof later !== 'function')) {
    throw invalidType('tables', 'a table or tables of psutil-extra', tables);
  }
  return tables as Iterable<unknown> | AsyncIterable<unknown>;
}

function chosenFields(fields: unknown, known: readonly TableField[]): readonly TableField[] {
  if (fields === undefined) return known;
  if (!Array.isArray(fields)) throw invalidType('options.fields', 'an array of field names', fields);
  fields.forEach((field, at) => {
    if (known.includes(field)) return;
    throw invalidValue(`options.fields[${at}]`, `must be one of those of the table: ${known.join(', ')}`, field);
  });
  return [...new Set(fields as TableField[])];
}

function checkTime(time: unknown): number {
  const value = time instanceof Date ? time.getTime() : time;
  return checkNumber('options.time', value, -MOST_MILLISECONDS, MOST_MILLISECONDS);
}

function checkRows(rows: unknown, tables: unknown): Uint32Array {
  if (!Array.isArray(rows)) throw invalidType('options.rows', 'an array of positions', rows);
  if (partsOf(tables) === undefined) throw invalidValue('options.rows', 'is for one table', rows);
  const { length } = tables as ProcessTable;
  rows.forEach((row, at) => {
    if (!Number.isInteger(row)) throw invalidType(`options.rows[${at}]`, 'an integer', row);
    checkNumber(`options.rows[${at}]`, row, 0, length - 1);
  });
  return Uint32Array.from(rows as number[]);
}

/** The range of a Date. */
const MOST_MILLISECONDS = 8.64e15;
