import { type Client, createClient, type Field, type TreeRow } from 'psutil-extra';
import { commandCell, type Program } from './command-text.mjs';
import { counted } from './counted.mjs';
import { escapeJson } from './escape.mjs';
import { Exit } from './exit.mjs';
import { jsonOf } from './json.mjs';
import { print } from './print.mjs';
import { type Place, walk } from './process-tree.mjs';
import { whyNot } from './processes.mjs';
import { withProgress } from './progress.mjs';
import { printRecords, type RecordColumn, type RecordsCommand } from './records.mjs';

/** Prints every process below its parent, or one process with its descendants. */
export async function tree(pid: number | undefined, command: RecordsCommand): Promise<number> {
  const began = performance.now();
  // As for a scan: to load BPF for one listing takes longer than to read the processes of most machines.
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs' });
  const roots = await withProgress('reading processes', client, treesOf(client));
  const places = [...walk(pid === undefined ? roots : [await branchOf(client, pid, roots)])];
  const complete = command.json
    ? await print(nested(places), process.stdout)
    : command.ndjson
      ? await printRecords(places.map(flat), [], command)
      : await printRecords(places.map(drawn), COLUMNS, command);
  if (!complete || pid !== undefined) return Exit.ok;
  process.stderr.write(`${counted(places.length, 'process')} in ${Math.round(performance.now() - began)} ms\n`);
  return Exit.ok;
}

type Listed = TreeRow<(typeof FIELDS)[number]>;

function treesOf(client: Client): Promise<Listed[]> {
  return client.tree({ fields: FIELDS.filter((field) => client.supports(field)) });
}

async function branchOf(client: Client, pid: number, roots: readonly Listed[]): Promise<Listed> {
  for (const { branch } of walk(roots)) if (branch.pid === pid) return branch;
  throw await whyNot(client, pid);
}

/** A line of NDJSON: where a process stands, and not all that is below it. */
function flat({ branch, depth }: Place<Listed>): Listing & { readonly depth: number } {
  return { ...listingOf(branch), depth };
}

/** A line of the table: the lines that lead to a process are not a part of what it may choose itself. */
function drawn({ branch, lines }: Place<Listed>): Drawn {
  const { text, tone } = commandCell(listingOf(branch));
  return { pid: branch.pid, cell: { text: lines + String(text), tone } };
}

interface Listing extends Program {
  readonly pid: number;
  readonly ppid: number | null;
  readonly startTime: number | null;
}

/** A process by itself, with the same fields on each system. */
function listingOf({ pid, ppid = null, startTime = null, name = null, cmdline = [] }: Partial<Listed>): Listing {
  // Where the system reports no command lines, a process is called by its name, as one that has none.
  return { pid: pid as number, ppid, startTime, name, cmdline };
}

interface Drawn {
  readonly pid: number;
  readonly cell: ReturnType<typeof commandCell>;
}

/** JSON in which `children` are within their parents, a line for each process. */
function* nested(places: readonly Place<Listed>[]): Generator<string> {
  let open = 0;
  for (const { branch, depth } of places) {
    if (open === 0) yield '[\n';
    else yield depth === open ? '\n' : `${']}'.repeat(open - depth)},\n`;
    yield `${escapeJson(jsonOf(listingOf(branch))).slice(0, -1)},"children":[`;
    open = depth + 1;
  }
  yield open === 0 ? '[]\n' : `${']}'.repeat(open)}\n]\n`;
}

const FIELDS = ['ppid', 'startTime', 'name', 'cmdline'] as const satisfies readonly Field[];

const COLUMNS: readonly RecordColumn<Drawn>[] = [
  { title: 'PID', side: 'right', cell: ({ pid }) => ({ text: String(pid) }) },
  { title: 'COMMAND', side: 'left', min: 12, cell: ({ cell }) => cell },
];
