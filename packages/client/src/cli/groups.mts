import { Accounts } from './accounts.mjs';
import { escapeName } from './escape.mjs';
import { type PidsCommand, printProcesses } from './processes.mjs';
import { stdoutTable, type TableOptions } from './stdout-table.mjs';
import type { Cell, Header } from './table.mjs';
import { NONE, UNREADABLE } from './table-columns.mjs';

/** Prints all groups of processes: a line is as long as necessary. */
export function groups(pids: readonly number[], command: PidsCommand & TableOptions): Promise<number> {
  const accounts = new Accounts(command.procRoot);
  return printProcesses(pids, ['name', 'gids', 'groups'], command, ({ table }) => {
    const rows = Array.from(table, ({ pid, name, gids, groups: all }): Cell[] => [
      { text: String(pid) },
      { text: name === null ? UNREADABLE : escapeName(name) },
      { text: gids === null ? UNREADABLE : accounts.group(gids.effective) },
      { text: all === null ? UNREADABLE : all.map((gid) => accounts.group(gid)).join(' ') || NONE },
    ]);
    return stdoutTable(HEADERS, rows, command, Number.POSITIVE_INFINITY);
  });
}

const HEADERS: readonly Header[] = [
  { title: 'PID', side: 'right' },
  { title: 'NAME', side: 'left' },
  { title: 'GID', side: 'left' },
  { title: 'GROUPS', side: 'left' },
];
