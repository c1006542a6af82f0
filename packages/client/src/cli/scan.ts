import { createClient } from '../index.js';
import { paintFor } from './colour.js';
import { counted } from './counted.js';
import { csvLines } from './csv.js';
import { jsonArray, jsonLines, plainRows } from './json.js';
import { listed, type ScanCommand, type View, viewOf } from './listing.js';
import { print, printBytes } from './print.js';
import { withProgress } from './progress.js';
import { type Listing, selectionBy } from './selection.js';
import { tableLines } from './table.js';
import { UsageError } from './usage-error.js';
import { watch } from './watch.js';
import { lineWidth } from './width.js';

/** Prints processes on stdout and, as the last line on stderr, how many there are; or prints them again and again. */
export async function scan(command: ScanCommand): Promise<void> {
  const began = performance.now();
  if (command.arrow && process.stdout.isTTY) {
    throw new UsageError('--arrow writes bytes that are not for a terminal: redirect them, as in > processes.arrow');
  }
  const selection = await selectionBy(command);
  // To load BPF for one scan takes longer than to read the processes of most machines.
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs' });
  const view = viewOf(command, client);
  if (command.watch !== undefined) return await watch(client, view, selection, command);
  // Everything is read before the first line is printed, so that an error leaves no half of the output.
  const listing = await withProgress('reading processes', client, listed(client, view.fields, selection));
  const took = performance.now() - began;
  const complete = command.arrow
    ? await printBytes(await (await import('./arrow.js')).arrowFile(listing), process.stdout)
    : await print(piecesOf(listing, view, command), process.stdout);
  if (complete) process.stderr.write(`${counted(listing.rows.length, 'process')} in ${Math.round(took)} ms\n`);
}

function piecesOf(listing: Listing, view: View, command: ScanCommand): Iterable<string> {
  const { stdout, env } = process;
  if (command.json) return jsonArray(plainRows(listing));
  if (command.ndjson) return jsonLines(plainRows(listing));
  if (command.csv) return csvLines(listing, stdout.isTTY);
  const columns = view.columns();
  const cells = listing.rows.map((row) => columns.map((column) => column.cell(row)));
  return tableLines(columns, cells, lineWidth(stdout, env), paintFor(stdout, env));
}
