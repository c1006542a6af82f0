import { type Client, createClient, type Field, NotSupportedError, type ProcessTable } from 'psutil-extra';
import { complain, Exit, exitCodeOf } from './exit.mjs';
import { jsonArray, plainRows } from './json.mjs';
import { print } from './print.mjs';
import { resolved } from './self.mjs';

/** The options of commands that take PIDs. */
export interface PidsCommand {
  readonly json?: true;
  readonly procRoot: string;
}

/** The options of commands whose fields can be chosen. */
export interface FieldsCommand extends PidsCommand {
  readonly fields?: readonly string[];
}

/** The processes that were found, and a client to read more of them. */
export interface Found {
  readonly client: Client;
  readonly table: ProcessTable;
}

/**
 * Reads fields of the named processes, those of the command line or else those that this system supports, and prints those that exist. Prints an error for each of the others, and returns the
 * exit code of the first error.
 */
export async function printProcesses(
  asked: readonly number[],
  fields: readonly Field[],
  { json, procRoot, fields: named }: FieldsCommand,
  lines: (found: Found) => Iterable<string>,
): Promise<number> {
  const pids = asked.map((pid) => resolved(pid, procRoot));
  await using client = createClient({ procRoot, source: 'procfs', threads: 1 });
  // The library rejects names that are no fields.
  const known = (named as readonly Field[] | undefined) ?? fields.filter((field) => client.supports(field));
  const table = await client.scan({ fields: known, pids });
  await checkRoot(client, table);
  const complete =
    table.length === 0 ||
    (await print(
      json ? jsonArray(plainRows({ rows: [...table], fields: known })) : lines({ client, table }),
      process.stdout,
    ));
  if (!complete) return Exit.ok;
  return await complainOf(
    client,
    pids.filter((pid) => table.get(pid) === undefined),
  );
}

/**
 * Fails if the named processes were looked for in a folder that is no proc filesystem: a scan of PIDs has rows without a value then,
 * which would look like processes about which nothing may be known.
 */
export async function checkRoot(client: Client, table: ProcessTable): Promise<void> {
  const row = table.at(0);
  if (row === undefined || table.fields.some((field) => row[field] !== null)) return;
  const error = await whyNot(client, row.pid);
  if (error instanceof NotSupportedError) throw error;
}

/** Prints why each of these processes was not found, and returns the exit code of the first. */
export async function complainOf(client: Client, missing: readonly number[]): Promise<number> {
  let code: number | undefined;
  for (const pid of missing) {
    const error = await whyNot(client, pid);
    complain(error);
    code ??= exitCodeOf(error);
  }
  return code ?? Exit.ok;
}

/** A scan leaves out processes that do not exist; a snapshot rejects with the reason. */
export async function whyNot(client: Client, pid: number): Promise<unknown> {
  try {
    await client.snapshot(pid, { fields: ['pgid'] });
    return new Error(`process ${pid} began after it was looked for`);
  } catch (error) {
    return error;
  }
}
