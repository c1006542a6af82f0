import { createClient } from 'psutil-extra';
import { counted } from './counted.mjs';
import { csvLines } from './csv.mjs';
import { Exit } from './exit.mjs';
import { Interruption } from './interruption.mjs';
import { jsonArray, jsonLines, plainRows } from './json.mjs';
import { type Listed, listed, positionsIn, type ScanCommand, type View, viewOf } from './listing.mjs';
import { parquetPackage } from './parquet.mjs';
import { print, printBytes } from './print.mjs';
import { complainOf } from './processes.mjs';
import { withProgress } from './progress.mjs';
import { type Listing, selectionBy } from './selection.mjs';
import { stdoutTable } from './stdout-table.mjs';
import { UsageError } from './usage-error.mjs';
import { watch } from './watch.mjs';

/**
 * Prints processes on stdout and, as the last line on stderr, how many there are; or prints them again and again. Returns the exit
 * code: that of the first PID which no process has, or one of its own if nothing matches.
 */
export async function scan(pattern: RegExp | undefined, command: ScanCommand): Promise<number> {
  const began = performance.now();
  if (command.arrow && process.stdout.isTTY) {
    throw new UsageError('--arrow writes bytes that are not for a terminal: redirect them, as in > processes.arrow');
  }
  if (command.redact !== undefined && !command.arrow && command.parquet === undefined) {
    throw new UsageError('--redact is for --parquet and --arrow');
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
  if (!(await written(listing, view, command))) return Exit.ok;
  const { rows, found, missing } = listing;
  const some = rows.length < found ? `${rows.length} of ` : '';
  process.stderr.write(`${some}${counted(found, 'process')} in ${Math.round(took)} ms\n`);
  return missing.length === 0 && found === 0 && selection.isChoice ? Exit.nothing : await complainOf(client, missing);
}

/** Writes what was read, and returns false if not all of it is wanted: by the reader of a pipe, or because of an interruption. */
async function written(listing: Listed, view: View, command: ScanCommand): Promise<boolean> {
  const { arrow, parquet, redact = [] } = command;
  if (parquet !== undefined) return writtenAsParquet(parquet, listing, redact);
  if (!arrow) return print(piecesOf(listing, view, command), process.stdout);
  return printBytes(await (await import('./arrow.mjs')).arrowFile(listing, redact), process.stdout);
}

async function writtenAsParquet(file: string, listing: Listed, redact: readonly RegExp[]): Promise<boolean> {
  const { writeParquet } = await parquetPackage('--parquet');
  using interruption = new Interruption();
  const { signal } = interruption;
  const options = { fields: listing.fields, rows: positionsIn(listing), redact, signal };
  try {
    await writeParquet(file, listing.table, options);
  } catch (error) {
    // What was begun has been removed.
    if (!signal.aborted) throw error;
  }
  return !signal.aborted;
}

function piecesOf(listing: Listing, view: View, command: ScanCommand): Iterable<string> {
  if (command.json) return jsonArray(plainRows(listing));
  if (command.ndjson) return jsonLines(plainRows(listing));
  if (command.csv) return csvLines(listing, process.stdout.isTTY, command.headers);
  const columns = view.columns();
  const cells = listing.rows.map((row) => columns.map((column) => column.cell(row)));
  return stdoutTable(columns, cells, command);
}
