import { jsonArray, jsonLines } from './json.mjs';
import { print } from './print.mjs';
import { stdoutTable, type TableOptions } from './stdout-table.mjs';
import type { Cell, Header } from './table.mjs';

/** The options of commands that print a list: of descriptors, mappings, and the like. */
export interface RecordsCommand extends TableOptions {
  readonly json?: true;
  readonly ndjson?: true;
  readonly procRoot: string;
}

/** A column of such a list. */
export interface RecordColumn<T> extends Header {
  cell(record: T): Cell;
}

/**
 * Prints records: in a table a line for each, in JSON an object for each. Resolves with false if the reader has closed the
 * pipe.
 */
export function printRecords<T extends object>(
  records: readonly T[],
  columns: readonly RecordColumn<T>[],
  command: RecordsCommand,
): Promise<boolean> {
  const { json, ndjson } = command;
  const { stdout } = process;
  if (json) return print(jsonArray(records), stdout);
  if (ndjson) return print(jsonLines(records), stdout);
  const cells = records.map((record) => columns.map((column) => column.cell(record)));
  return print(stdoutTable(columns, cells, command), stdout);
}

/** The end of a path that is no longer there. It stands in a column of its own: a path may end with these words itself. */
export function deletedCell({ deleted }: { readonly deleted: boolean }): Cell {
  return deleted ? { text: 'deleted', tone: 'notice' } : { text: '-', tone: 'faint' };
}
