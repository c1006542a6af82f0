import { type Client, createClient, type Field, type ProcessTable } from '../index.js';
import { complain, Exit, exitCodeOf } from './exit.js';
import { jsonArray, plainRows } from './json.js';
import { print } from './print.js';

/** The options of commands that take PIDs. */
export interface PidsCommand {
  readonly json?: true;
  readonly procRoot: string;
}

/** The processes that were found, and a client to read more of them. */
export interface Found {
  readonly client: Client;
  readonly table: ProcessTable;
}

/**
 * Reads fields of the named processes and prints those that exist. Prints an error for each of the others, and returns the
 * exit code of the first error.
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

/** A scan leaves out processes that do not exist; a snapshot rejects with the reason. */
async function whyNot(client: Client, pid: number): Promise<unknown> {
  try {
    await client.snapshot(pid, { fields: ['pgid'] });
    return new Error(`process ${pid} began after it was looked for`);
  } catch (error) {
    return error;
  }
}
