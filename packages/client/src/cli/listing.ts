import type { Client, Field } from '../index.js';
import type { Criteria, Listing, Selection } from './selection.js';

/** The command line of `psutil-extra scan`. */
export interface ScanCommand extends Criteria {
  readonly fields?: readonly string[];
  readonly json?: true;
  readonly ndjson?: true;
  readonly csv?: true;
  readonly arrow?: true;
  /** Seconds; `true` if no number is given. */
  readonly watch?: number | true;
  readonly procRoot: string;
}

/** Reads the processes to be printed. */
export async function listed(client: Client, fields: readonly Field[], selection: Selection): Promise<Listing> {
  const table = await client.scan({ fields: [...fields, ...selection.needs] });
  return { fields: [...new Set(fields)], rows: selection.from(table) };
}
