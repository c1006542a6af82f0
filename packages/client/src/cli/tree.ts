import { type Client, createClient, type Field } from '../index.js';
import { commandCell, type Program } from './command-text.js';
import { escapeJson } from './escape.js';
import { jsonOf } from './json.js';
import { print } from './print.js';
import { type Branch, type Place, type Relative, rootsOf, walk } from './process-tree.js';
import { whyNot } from './processes.js';
import { withProgress } from './progress.js';
import { printRecords, type RecordColumn, type RecordsCommand } from './records.js';

/** Prints every process below its parent, or one process with its descendants. */
export async function tree(pid: number | undefined, command: RecordsCommand): Promise<void> {
  const began = performance.now();
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs' });
  const roots = rootsOf(await withProgress('reading processes', client, programsOf(client)));
  const places = [...walk(pid === undefined ? roots : [await branchOf(client, pid, roots)])];
  const complete = command.json
    ? await print(nested(places), process.stdout)
    : command.ndjson
      ? await printRecords(places.map(flat), [], command)
      : await printRecords(places.map(drawn), COLUMNS, command);
  if (!complete || pid !== undefined) return;
  process.stderr.write(`${places.length} processes in ${Math.round(performance.now() - began)} ms\n`);
}

type Listed = Relative & Program;

async function programsOf(client: Client): Promise<Listed[]> {
  const table = await client.scan({ fields: FIELDS.filter((field) => client.supports(field)) });
  // Where the system reports no command lines, a process is called by its name, as one that has none.
  const none = client.supports('cmdline') ? null : [];
  return Array.from(table, ({ pid, ppid, startTime, name, cmdline }) => ({
    pid,
    ppid: ppid ?? null,
    startTime: startTime ?? null,
    name: name ?? null,
    cmdline: cmdline ?? none,
  }));
}

async function branchOf(client: Client, pid: number, roots: readonly Branch<Listed>[]): Promise<Branch<Listed>> {
  for (const { branch } of walk(roots)) if (branch.pid === pid) return branch;
  throw await whyNot(client, pid);
}

/** A line of NDJSON: where a process stands, and not all that is below it. */
function flat({ branch, depth }: Place<Listed>): Listed & { readonly depth: number } {
  const { children: _, ...process } = branch;
  return { ...process, depth };
}

/** A line of the table: the lines that lead to a process are not a part of what it may choose itself. */
function drawn({ branch, lines }: Place<Listed>): Drawn {
  const { text, tone } = commandCell(branch);
  return { pid: branch.pid, cell: { text: lines + String(text), tone } };
}

interface Drawn {
  readonly pid: number;
  readonly cell: ReturnType<typeof commandCell>;
}

/** JSON in which `children` are within their parents, a line for each process. */
function* nested(places: readonly Place<Listed>[]): Generator<string> {
  let open = 0;
  for (const { branch, depth } of places) {
    const { children: _, ...process } = branch;
    if (open === 0) yield '[\n';
    else yield depth === open ? '\n' : `${']}'.repeat(open - depth)},\n`;
    yield `${escapeJson(jsonOf(process)).slice(0, -1)},"children":[`;
    open = depth + 1;
  }
  yield open === 0 ? '[]\n' : `${']}'.repeat(open)}\n]\n`;
}

const FIELDS = ['ppid', 'startTime', 'name', 'cmdline'] as const satisfies readonly Field[];

const COLUMNS: readonly RecordColumn<Drawn>[] = [
  { title: 'PID', side: 'right', cell: ({ pid }) => ({ text: String(pid) }) },
  { title: 'COMMAND', side: 'left', min: 12, cell: ({ cell }) => cell },
];
