import type { Place } from '../../../packages/client/dist/cli/top/arrangement.mjs';
import { type Row, TopColumns } from '../../../packages/client/dist/cli/top/columns.mjs';
import { type View, viewOf } from '../../../packages/client/dist/cli/top/view.mjs';

/** A row with the fields of the usual table. */
export function row(pid: number, name: string | null, more: Partial<Row> = {}): Row {
  return {
    pid,
    name,
    ppid: 1,
    startTime: 1000 * pid,
    state: 'sleeping',
    uids: { real: 0, effective: 0, saved: 0 },
    cpuPercent: 0,
    memory: { rss: 1024 * pid, vms: 0 },
    cpuTimes: { user: 1000 * pid, system: 0, childrenUser: 0, childrenSystem: 0 },
    ...more,
  } as Row;
}

export const KNOWN = new TopColumns({ userName: (uid: number) => (uid === 0 ? 'root' : `user-${uid}`) });
export const COLUMNS = KNOWN.usual({ supports: () => true });

/** A view that is sorted by a column: `-cpu`. */
export function sortedBy(sort: string, more: Partial<View> = {}): View {
  const column = KNOWN.named(sort.replace('-', ''));
  if (column === undefined) throw new Error(`no column ${sort}`);
  const order = [{ column, sign: sort.startsWith('-') ? -1 : 1 } as const];
  return { ...viewOf({ order, isTree: false, isFull: false, filter: '' }), ...more };
}

export function inPlaces(rows: readonly Row[]): Place[] {
  return rows.map((each) => ({ row: each, lines: '' }));
}
