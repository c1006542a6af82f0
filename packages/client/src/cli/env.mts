import { createClient } from 'psutil-extra';
import { escapeName } from './escape.mjs';
import { Exit } from './exit.mjs';
import { printRecords, type RecordColumn, type RecordsCommand } from './records.mjs';

/** Prints the environment of a process, as it was when its program was executed. */
export async function env(pid: number, command: RecordsCommand): Promise<number> {
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs', threads: 1 });
  const variables = Object.entries(await client.environ(pid));
  await printRecords(
    variables.map(([name, value]) => ({ pid, name, value })),
    COLUMNS,
    command,
  );
  return Exit.ok;
}

const COLUMNS: readonly RecordColumn<{ readonly name: string; readonly value: string }>[] = [
  { title: 'NAME', side: 'left', cell: ({ name }) => ({ text: escapeName(name) }) },
  { title: 'VALUE', side: 'left', min: 12, cell: ({ value }) => ({ text: escapeName(value) }) },
];
