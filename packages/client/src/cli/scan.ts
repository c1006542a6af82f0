import { createClient } from '../index.js';
import { counted } from './counted.js';
import { csvLines } from './csv.js';
import { Exit } from './exit.js';
import { jsonArray, jsonLines, plainRows } from './json.js';
import { listed, type ScanCommand, type View, viewOf } from './listing.js';
import { print, printBytes } from './print.js';
import { complainOf } from './processes.js';
import { withProgress } from './progress.js';
import { type Listing, selectionBy } from './selection.js';
import { stdoutTable } from './stdout-table.js';
import { UsageError } from './usage-error.js';
import { watch } from './watch.js';

/**
 * Prints processes on stdout and, as the last line on stderr, how many there are; or prints them again and again. Returns the exit
 * code: that of the first PID which no process has, or one of its own if nothing matches.
 */
export async function scan(pattern: RegExp | undefined, command: ScanCommand): Promise<number> {
  const began = performance.now();
  if (command.arrow && process.stdout.isTTY) {
    throw new UsageError('--arrow writes bytes that are not for a terminal: redirect them, as in > processes.arrow');
  }
  if (pattern !== undefined && command.name !== undefined) {
    throw new UsageError('the pattern is given twice: after the command, and by --name');
  }
  const selection = await selectionBy(pattern === undefined ? command : { ...command, name: pattern });
  // To load BPF for one scan takes longer than to read the processes of most machines.
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs' });
  const view = viewOf(command, client);
  if (command.watch !== undefined) {
    await watch(client, view, selection, command);
    return Exit.ok;
  }
  // Everything is read before the first line is printed, so that an error leaves no half of the output.
  const listing = await withProgress(
    'reading processes',
    client,
    listed(client, view.fields, selection, command.limit),
  );
  const took = performance.now() - began;
  const complete = command.arrow
    ? await printBytes(await (await import('./arrow.js')).arrowFile(listing), process.stdout)
    : await print(piecesOf(listing, view, command), process.stdout);
  if (!complete) return Exit.ok;
  const { rows, found, missing } = listing;
  const some = rows.length < found ? `${rows.length} of ` : '';
  process.stderr.write(`${some}${counted(found, 'process')} in ${Math.round(took)} ms\n`);
  return missing.length === 0 && found === 0 && selection.isChoice ? Exit.nothing : await complainOf(client, missing);
}

function piecesOf(listing: Listing, view: View, command: ScanCommand): Iterable<string> {
  if (command.json) return jsonArray(plainRows(listing));
  if (command.ndjson) return jsonLines(plainRows(listing));
  if (command.csv) return csvLines(listing, process.stdout.isTTY, command.headers);
  const columns = view.columns();
  const cells = listing.rows.map((row) => columns.map((column) => column.cell(row)));
  return stdoutTable(columns, cells, command);
}
