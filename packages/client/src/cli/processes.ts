import { type Client, createClient, type Field, type ProcessTable } from '../index.js';
import { complain, Exit, exitCodeOf } from './exit.js';
import { jsonArray, plainRows } from './json.js';
import { print } from './print.js';

/** What the commands that take PIDs have in common. */
export interface PidsCommand {
  readonly json?: true;
  readonly procRoot: string;
}

/** The processes that were found, and a client that can tell more. */
export interface Found {
  readonly client: Client;
  readonly table: ProcessTable;
}

/**
 * Reads fields of the processes named and prints them, those that there are. Each of the others is complained of; the
 * answer is the exit code for the first of these.
 */
export async function printProcesses(
  pids: readonly number[],
  fields: readonly Field[],
  { json, procRoot }: PidsCommand,
  lines: (found: Found) => Iterable<string>,
): Promise<number> {
  await using client = createClient({ procRoot, source: 'procfs', threads: 1 });
  const known = fields.filter((field) => client.supports(field));
  const table = await client.scan({ fields: known, pids });
  const complete =
    table.length === 0 ||
    (await print(
      json ? jsonArray(plainRows({ rows: [...table], fields: known })) : lines({ client, table }),
      process.stdout,
    ));
  const missing = pids.filter((pid) => table.get(pid) === undefined);
  if (!complete || missing.length === 0) return Exit.ok;
  let code: number | undefined;
  for (const pid of missing) {
    const error = await whyNot(client, pid);
    complain(error);
    code ??= exitCodeOf(error);
  }
  return code ?? Exit.ok;
}

/** A scan leaves out who is not there; a snapshot says so. */
async function whyNot(client: Client, pid: number): Promise<unknown> {
  try {
    await client.snapshot(pid, { fields: ['pgid'] });
    return new Error(`process ${pid} began after it was looked for`);
  } catch (error) {
    return error;
  }
}
