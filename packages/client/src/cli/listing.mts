import type { Client, Field, ProcessTable } from 'psutil-extra';
import { OVERVIEW_FIELDS, overviewColumns } from './overview.mjs';
import { checkRoot } from './processes.mjs';
import type { Criteria, Listing, Selection } from './selection.mjs';
import { type Column, columnsOf } from './table-columns.mjs';

/** The command line of `psutil-extra scan`. */
export interface ScanCommand extends Criteria {
  readonly fields?: readonly string[];
  readonly audit?: true;
  readonly json?: true;
  readonly ndjson?: true;
  readonly csv?: true;
  readonly arrow?: true;
  /** The file to be written. */
  readonly parquet?: string;
  readonly redact?: readonly RegExp[];
  /** Seconds; `true` if no number is given. */
  readonly watch?: number | true;
  /** How many of them. */
  readonly limit?: number;
  /** Whether a table has a line of heads. */
  readonly headers: boolean;
}

/** What is printed of each process. */
export interface View {
  readonly fields: readonly Field[];
  /** The columns of a table; after the fields have been read, so that they are known to exist. */
  columns(): Column[];
}

/** The fields that are named, else those of the format: what people look for in a table, and what programs always got. */
export function viewOf({ fields, audit, json, ndjson, csv, arrow, parquet }: ScanCommand, client: Client): View {
  // The library rejects names that are no fields.
  const named = fields as readonly Field[] | undefined;
  if (named === undefined && !(audit || json || ndjson || csv || arrow || parquet)) {
    const supported = OVERVIEW_FIELDS.filter((field) => client.supports(field));
    return { fields: supported, columns: () => overviewColumns(client) };
  }
  const each = named ?? AUDIT_FIELDS;
  return { fields: each, columns: () => columnsOf(each) };
}

/** What a process may do to others: the fields of `--audit`, and of formats for programs. */
const AUDIT_FIELDS = [
  'name',
  'pgid',
  'sid',
  'umask',
  'groups',
  'sigmasks',
  'rlimits',
] as const satisfies readonly Field[];

/** The processes to be printed, and what is said of the others. */
export interface Listed extends Listing {
  /** In which the rows stand too, perhaps in another order. */
  readonly table: ProcessTable;
  /** How many there were before they were limited. */
  readonly found: number;
  /** The PIDs that were named, and that no process has. */
  readonly missing: readonly number[];
}

/** Reads the processes to be printed. */
export async function listed(
  client: Client,
  fields: readonly Field[],
  selection: Selection,
  limit: number | undefined,
): Promise<Listed> {
  const { needs, pids } = selection;
  const table = await client.scan({ fields: [...fields, ...needs], ...(pids && { pids }) });
  if (pids !== undefined) await checkRoot(client, table);
  const rows = await selection.from(table, client);
  return {
    table,
    fields: [...new Set(fields)],
    rows: rows.slice(0, limit),
    found: rows.length,
    missing: pids?.filter((pid) => table.get(pid) === undefined) ?? [],
  };
}

/** Where the rows that were chosen stand in their table. */
export function positionsIn({ table, rows }: Listed): number[] {
  const places = new Map(Array.from(table.pids, (pid, at) => [pid, at]));
  return rows.map(({ pid }) => places.get(pid) as number);
}
