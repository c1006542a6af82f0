import { createClient, type Field } from '../index.js';
import { cellsOf, headersOf } from './cells.js';
import { jsonLines } from './json.js';
import { print } from './print.js';
import { tableLines } from './table.js';
import { lineWidth } from './width.js';

/** The command line of `psutil-extra scan`. */
export interface ScanCommand {
  readonly fields?: readonly string[];
  readonly json?: true;
  readonly procRoot: string;
}

/** Prints every process on stdout and, as the last line on stderr, how many there are. */
export async function scan(command: ScanCommand): Promise<void> {
  const began = performance.now();
  // To load BPF for one scan takes longer than most machines' processes do.
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs' });
  // Names that are no fields are the library's to refuse.
  const fields = (command.fields ?? FIELDS) as readonly Field[];
  // All of it before the first line: an error leaves no half of an answer behind.
  const table = await client.scan({ fields });
  const took = performance.now() - began;
  const lines = command.json
    ? jsonLines(table)
    : tableLines(headersOf(fields), cellsOf(table, fields), lineWidth(process.stdout, process.env));
  const complete = await print(lines, process.stdout);
  if (complete) process.stderr.write(`${table.length} processes in ${Math.round(took)} ms\n`);
}

/** What is printed where no fields are named. */
const FIELDS = ['name', 'pgid', 'sid', 'umask', 'groups', 'sigmasks', 'rlimits'] as const satisfies readonly Field[];
