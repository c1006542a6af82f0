import type { Field, FieldValues, Ids, Limits, ProcessTable, SignalSet } from '../index.js';
import { escapeName } from './escape.js';
import type { Header } from './table.js';

/** The heads of a table of these fields, PID first. */
export function headersOf(fields: readonly Field[]): Header[] {
  return [PID, ...fields.flatMap(columnsOf)];
}

/** The cells of each process. */
export function cellsOf(table: ProcessTable, fields: readonly Field[]): string[][] {
  const columns = fields.map((field) => ({ field, cells: columnsOf(field).map(({ cell }) => cell) }));
  return Array.from(table, (row) => [
    String(row.pid),
    ...columns.flatMap(({ field, cells }) => {
      const value = row[field];
      return cells.map((cell) => (value === null ? UNREADABLE : cell(value)));
    }),
  ]);
}

interface Column<V> extends Header {
  readonly cell: (value: V) => string;
}

function columnsOf(field: Field): readonly Column<unknown>[] {
  return (COLUMNS[field] as readonly Column<unknown>[] | undefined) ?? [column(field, showAny)];
}

function column<V>(name: string, cell: (value: V) => string, side: Header['side'] = 'left'): Column<V> {
  return { title: name.toUpperCase(), side, cell };
}

function showAny(value: unknown): string {
  return escapeName(typeof value === 'string' ? value : JSON.stringify(value));
}

function ids({ real, effective, saved }: Ids): string {
  return real === effective && real === saved ? String(real) : `${real}/${effective}/${saved}`;
}

function octal(umask: number): string {
  return umask.toString(8).padStart(4, '0');
}

function signals(set: SignalSet | undefined): string {
  // A set that the platform cannot tell is absent, which is not the same as empty.
  return set === undefined ? UNREADABLE : short(set.names().map((name) => name.slice('SIG'.length)));
}

function limits(pair: Limits | undefined): string {
  return pair === undefined ? UNREADABLE : `${limit(pair.soft)}/${limit(pair.hard)}`;
}

function limit(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : String(value);
}

/** The first few, and how many more: a JVM catches thirty signals, and one user may have a hundred groups. */
function short(items: readonly unknown[]): string {
  if (items.length === 0) return NONE;
  if (items.length <= SHOWN) return items.join();
  return `${items.slice(0, SHOWN - 1).join()},+${items.length - SHOWN + 1}`;
}

const SHOWN = 4;
const NONE = '-';
const UNREADABLE = '?';

const PID: Header = { title: 'PID', side: 'right' };

/** How a field looks in the table where it is more than one column, or looks better than as it is. */
const COLUMNS: { readonly [F in Field]?: readonly Column<FieldValues[F]>[] } = {
  ppid: [column('ppid', String, 'right')],
  uids: [column('uids', ids, 'right')],
  gids: [column('gids', ids, 'right')],
  groups: [column('groups', short)],
  umask: [column('umask', octal)],
  sigmasks: [
    column('blocked', ({ blocked }) => signals(blocked)),
    column('ignored', ({ ignored }) => signals(ignored)),
    column('caught', ({ caught }) => signals(caught)),
  ],
  pgid: [column('pgid', String, 'right')],
  sid: [column('sid', String, 'right')],
  threads: [column('threads', String, 'right')],
  startTime: [column('startTime', (milliseconds) => new Date(milliseconds).toISOString())],
  rlimits: [column('nofile', ({ RLIMIT_NOFILE }) => limits(RLIMIT_NOFILE))],
};
