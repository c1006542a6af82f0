import { createClient, type Fd } from 'psutil-extra';
import { escapeName } from './escape.mjs';
import { Exit } from './exit.mjs';
import { deletedCell, printRecords, type RecordColumn, type RecordsCommand } from './records.mjs';
import { NONE } from './table-columns.mjs';

/** Prints the open descriptors of a process. */
export async function fds(pid: number, command: RecordsCommand): Promise<number> {
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs', threads: 1 });
  const open = await client.fds(pid);
  await printRecords(
    open.map((fd) => ({ pid, ...fd })),
    COLUMNS,
    command,
  );
  return Exit.ok;
}

/** The lowest two bits of the flags of open(2). */
const ACCESS = ['r', 'w', 'rw', '-'] as const;

const COLUMNS: readonly RecordColumn<Fd>[] = [
  { title: 'FD', side: 'right', cell: ({ fd }) => ({ text: String(fd) }) },
  { title: 'KIND', side: 'left', cell: ({ kind }) => ({ text: kind }) },
  {
    title: 'ACCESS',
    side: 'left',
    cell: ({ flags }) => ({ text: flags === undefined ? NONE : (ACCESS[flags & 3] as string) }),
  },
  {
    title: 'POSITION',
    side: 'right',
    cell: ({ position }) => ({ text: position === undefined ? NONE : `${position}` }),
  },
  { title: 'DELETED', side: 'left', cell: deletedCell },
  { title: 'PATH', side: 'left', min: 12, cell: ({ path }) => ({ text: escapeName(path) }) },
];
