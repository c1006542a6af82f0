import type { Client, Field, ProcessRow } from 'psutil-extra';
import { commandCell } from './command-text.mjs';
import { escapeName } from './escape.mjs';
import { cpuTimeText, sizeText } from './quantities.mjs';
import type { Header } from './table.mjs';
import { ageCell, type Column, columnsOf, NONE, UNREADABLE } from './table-columns.mjs';

/** What people expect of a list of processes: the columns of `ps aux`. */
export const OVERVIEW_FIELDS = [
  'username',
  'cpuTimes',
  'memory',
  'state',
  'startTime',
  'name',
  'cmdline',
] as const satisfies readonly Field[];

/** The columns of the overview, PID first; without those of which this system knows nothing. */
export function overviewColumns(client: Pick<Client, 'supports'>): Column[] {
  const columns = OVERVIEW.filter(({ field }) => field === 'pid' || client.supports(field));
  return client.supports('cmdline') ? columns : [...columns, ...columnsOf(['name']).slice(1)];
}

/** The column of the overview with this name. */
export function overviewColumn(name: string): Column | undefined {
  return [...OVERVIEW, START].find((each) => each.name === name.toLowerCase());
}

/** The names that the overview has for columns whose fields have others. */
export const OVERVIEW_NAMES = ['user', 'time', 'rss', 'age', 'start', 'command'] as const;

type Text = string | undefined;

function column<F extends Field>(
  field: F,
  name: string,
  side: Header['side'],
  text: (value: NonNullable<ProcessRow[F]>) => Text,
  key: (value: NonNullable<ProcessRow[F]>) => string | number,
  min?: number,
): Column {
  const valueIn = (row: ProcessRow) => row[field];
  return {
    field,
    name,
    title: name.toUpperCase(),
    side,
    ...(min === undefined ? {} : { min }),
    cell(row) {
      const value = valueIn(row);
      if (value === null || value === undefined) return { text: UNREADABLE, tone: 'faint' };
      return { text: text(value) ?? NONE };
    },
    key(row) {
      const value = valueIn(row);
      return value === null || value === undefined ? null : key(value);
    },
  };
}

/** The age of a process: sorted by it, the youngest is the first. */
const AGE: Column = {
  ...column(
    'startTime',
    'age',
    'right',
    () => undefined,
    (began) => -began,
  ),
  cell: ({ startTime }) => (startTime === null ? { text: UNREADABLE, tone: 'faint' } : ageCell(startTime)),
};

/** To sort by it the oldest is the first. */
const START: Column = { ...AGE, name: 'start', key: ({ startTime }) => startTime };

const OVERVIEW: readonly Column[] = [
  ...columnsOf([]),
  column('username', 'user', 'left', escapeName, String, 8),
  column(
    'cpuTimes',
    'time',
    'right',
    ({ user, system }) => cpuTimeText(user + system),
    ({ user, system }) => user + system,
  ),
  column(
    'memory',
    'rss',
    'right',
    ({ rss }) => sizeText(rss),
    ({ rss }) => rss,
  ),
  ...columnsOf(['state']).slice(1),
  AGE,
  {
    ...column(
      'cmdline',
      'command',
      'left',
      () => undefined,
      (cmdline) => cmdline.join(' '),
      12,
    ),
    cell: commandCell,
  },
];
