import { createClient, type MemoryMap } from 'psutil-extra';
import { escapeName } from './escape.mjs';
import { Exit } from './exit.mjs';
import { sizeText } from './quantities.mjs';
import { deletedCell, printRecords, type RecordColumn, type RecordsCommand } from './records.mjs';
import { NONE } from './table-columns.mjs';

/** Prints the memory mappings of a process. */
export async function maps(pid: number, command: RecordsCommand): Promise<number> {
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs', threads: 1 });
  const mappings = await client.memoryMaps(pid);
  // As in JSON of the library, addresses are hexadecimal text.
  await printRecords(
    mappings.map(({ start, end, offset, ...rest }) => ({
      pid,
      start: hex(start),
      end: hex(end),
      offset: hex(offset),
      ...rest,
    })),
    COLUMNS,
    command,
  );
  return Exit.ok;
}

type Printed = Omit<MemoryMap, 'start' | 'end' | 'offset'> & {
  readonly start: string;
  readonly end: string;
  readonly offset: string;
};

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}

const size = (title: string, member: 'size' | 'rss' | 'pss' | 'swap', spare?: number): RecordColumn<Printed> => ({
  title,
  side: 'right',
  ...(spare !== undefined && { spare }),
  cell: (mapping) => ({ text: sizeText(mapping[member]) }),
});

const COLUMNS: readonly RecordColumn<Printed>[] = [
  { title: 'START', side: 'right', cell: ({ start }) => ({ text: start.slice(2) }) },
  { title: 'END', side: 'right', cell: ({ end }) => ({ text: end.slice(2) }) },
  { title: 'PERMS', side: 'left', cell: ({ permissions }) => ({ text: permissions }) },
  size('SIZE', 'size'),
  size('RSS', 'rss'),
  size('PSS', 'pss', 1),
  {
    title: 'DIRTY',
    side: 'right',
    spare: 2,
    cell: ({ sharedDirty, privateDirty }) => ({ text: sizeText(sharedDirty + privateDirty) }),
  },
  size('SWAP', 'swap', 3),
  { title: 'DELETED', side: 'left', spare: 4, cell: deletedCell },
  { title: 'PATH', side: 'left', min: 12, cell: ({ path }) => ({ text: path === null ? NONE : escapeName(path) }) },
];
