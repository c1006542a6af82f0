import { Accounts } from './accounts.js';
import { escapeName } from './escape.js';
import { type PidsCommand, printProcesses } from './processes.js';
import { stdoutTable, type TableOptions } from './stdout-table.js';
import type { Cell, Header } from './table.js';
import { NONE, UNREADABLE } from './table-columns.js';

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
