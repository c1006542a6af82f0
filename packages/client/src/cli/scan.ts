import { type Client, createClient, type Field } from '../index.js';
import { columnsOf } from './cells.js';
import { paintFor } from './colour.js';
import { csvLines } from './csv.js';
import { UsageError } from './exit.js';
import { jsonArray, jsonLines, plainRows } from './json.js';
import { print, printBytes } from './print.js';
import { withProgress } from './progress.js';
import { type Criteria, type Listing, type Selection, selectionBy } from './selection.js';
import { tableLines } from './table.js';
import { watch } from './watch.js';
import { lineWidth } from './width.js';

/** The command line of `psutil-extra scan`. */
export interface ScanCommand extends Criteria {
  readonly fields?: readonly string[];
  readonly json?: true;
  readonly ndjson?: true;
  readonly csv?: true;
  readonly arrow?: true;
  /** Seconds; `true` where none are named. */
  readonly watch?: number | true;
  readonly procRoot: string;
}

/** Prints processes on stdout and, as the last line on stderr, how many there are; or prints them again and again. */
export async function scan(command: ScanCommand): Promise<void> {
  const began = performance.now();
  if (command.arrow && process.stdout.isTTY) {
    throw new UsageError('--arrow writes bytes that are not for a terminal: redirect them, as in > processes.arrow');
  }
  const selection = await selectionBy(command);
  // To load BPF for one scan takes longer than most machines' processes do.
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs' });
  // Names that are no fields are the library's to refuse.
  const fields = (command.fields ?? FIELDS) as readonly Field[];
  if (command.watch !== undefined) return await watch(client, fields, selection, command);
  // All of it before the first line: an error leaves no half of an answer behind.
  const listing = await withProgress('reading processes', client, listed(client, fields, selection));
  const took = performance.now() - began;
  const complete = command.arrow
    ? await printBytes(await (await import('./arrow.js')).arrowFile(listing), process.stdout)
    : await print(piecesOf(listing, command), process.stdout);
  if (complete) process.stderr.write(`${listing.rows.length} processes in ${Math.round(took)} ms\n`);
}

/** Reads what is to be printed. */
export async function listed(client: Client, fields: readonly Field[], selection: Selection): Promise<Listing> {
  const table = await client.scan({ fields: [...fields, ...selection.needs] });
  return { fields: [...new Set(fields)], rows: selection.from(table) };
}

function piecesOf(listing: Listing, command: ScanCommand): Iterable<string> {
  const { stdout, env } = process;
  if (command.json) return jsonArray(plainRows(listing));
  if (command.ndjson) return jsonLines(plainRows(listing));
  if (command.csv) return csvLines(listing, stdout.isTTY);
  const columns = columnsOf(listing.fields);
  const cells = listing.rows.map((row) => columns.map((column) => column.cell(row)));
  return tableLines(columns, cells, lineWidth(stdout, env), paintFor(stdout, env));
}

/** What is printed where no fields are named. */
const FIELDS = ['name', 'pgid', 'sid', 'umask', 'groups', 'sigmasks', 'rlimits'] as const satisfies readonly Field[];
