import type { Client, Field, ProcessRow, TableField } from 'psutil-extra';
import { FIELDS } from 'psutil-extra';
import type { Accounts } from '../accounts.mjs';
import { commandCell } from '../command-text.mjs';
import { escapeName } from '../escape.mjs';
import { MAIN_THREAD, programNames } from '../name-match.mjs';
import { overviewColumn } from '../overview.mjs';
import { sizeText } from '../quantities.mjs';
import { STATE_LETTERS } from '../states.mjs';
import type { Cell } from '../table.mjs';
import { type Column, columnNamed, columnsOf, type Sortable, UNREADABLE } from '../table-columns.mjs';
import { UsageError } from '../usage-error.mjs';

/** A process of a sample, with the fields that were requested. */
export type Row = ProcessRow<TableField>;
export type TopColumn = Column<TableField>;

/** What is read without `--fields`. All but the user is in one file on Linux. */
export const TOP_FIELDS = [
  'name',
  'ppid',
  'startTime',
  'state',
  'uids',
  'cpuPercent',
  'memory',
  'cpuTimes',
] as const satisfies readonly TableField[];

/** The fields that a sample may have: first those that take two readings. */
export const SAMPLED_FIELDS: readonly TableField[] = ['cpuPercent', 'ioRates', ...FIELDS];

/** Those without `--fields` that this system supports. */
export function supportedFields(client: Pick<Client, 'supports'>): TableField[] {
  return TOP_FIELDS.filter((field) => client.supports(field === 'cpuPercent' ? 'cpuTimes' : field));
}

/** The columns of the command. */
export class TopColumns implements Sortable<TableField> {
  readonly names: readonly string[];
  readonly #own: readonly TopColumn[];

  constructor(accounts: Pick<Accounts, 'userName'>) {
    this.#own = [...columnsOf([]), userColumn(accounts), ...OWN];
    this.names = [...new Set(['pid', ...this.#own.map(({ name }) => name), ...SAMPLED_FIELDS])];
  }

  /** By its own name or that of its field, in any case. */
  named(name: string): TopColumn | undefined {
    const wanted = name.toLowerCase();
    return (
      this.#own.find((each) => each.name === wanted || each.field.toLowerCase() === wanted) ??
      columnNamed(wanted, FIELDS)
    );
  }

  /** Those of a table without `--fields`. */
  usual(client: Pick<Client, 'supports'>): TopColumn[] {
    const fields = new Set<string>(['pid', ...supportedFields(client)]);
    return USUAL.map((name) => this.named(name) as TopColumn).filter(({ field }) => fields.has(field));
  }

  /** Those of the fields that `--fields` names, PID first. */
  of(fields: readonly string[]): TopColumn[] {
    return ['pid', ...fields].flatMap((field): readonly TopColumn[] => {
      const own = this.#own.filter((each) => each.field === field);
      if (own.length > 0) return own;
      if ((FIELDS as readonly string[]).includes(field)) return columnsOf([field as Field]).slice(1);
      throw new UsageError(`--fields: unknown field '${field}'; valid fields are ${SAMPLED_FIELDS.join(', ')}`);
    });
  }
}

/** The column of the program, with its whole command line or without. */
export function inFull(column: TopColumn, isFull: boolean): TopColumn {
  return column === COMMAND && isFull ? COMMAND_LINE : column;
}

/** What stands in the column of the program. */
export function programText(row: Row, isFull: boolean): string {
  return String(inFull(COMMAND, isFull).cell(row).text);
}

const USUAL = ['pid', 'user', 'state', 'cpu', 'rss', 'time', 'command'];

/** Processor time at which a process is worth a look, in percent of one processor. */
const BUSY = 50;

const UNKNOWN: Cell = { text: UNREADABLE, tone: 'faint' };

/** A Node.js program has the names of its program and its script, where its command line was read. */
const COMMAND: TopColumn = {
  field: 'name',
  name: 'command',
  title: 'COMMAND',
  side: 'left',
  min: 12,
  cell: (row) => (row.name === null ? UNKNOWN : { text: nameOf(row) }),
  key: (row) => (row.name === null ? null : nameOf(row)),
};

const COMMAND_LINE: TopColumn = {
  ...COMMAND,
  // It has not been read yet just after it was first wanted.
  cell: (row) => (row.cmdline === undefined ? COMMAND.cell(row) : commandCell(row)),
};

function nameOf({ name, cmdline }: Row): string {
  const names = name === MAIN_THREAD ? programNames(cmdline ?? []) : [];
  return names.length > 0 ? names.map(escapeName).join(' ') : escapeName(name ?? '');
}

/** The user database may be on a network: only the names in `/etc/passwd` are looked up. */
function userColumn(accounts: Pick<Accounts, 'userName'>): TopColumn {
  const nameIn = ({ uids }: Row) => (uids === null ? null : accounts.userName(uids.effective));
  return {
    field: 'uids',
    name: 'user',
    title: 'USER',
    side: 'left',
    min: 8,
    cell(row) {
      const text = nameIn(row);
      return text === null ? UNKNOWN : { text };
    },
    key: nameIn,
  };
}

const WORDS = columnNamed('state', FIELDS) as Column;

const STATE: TopColumn = {
  ...WORDS,
  title: 'S',
  cell(row) {
    const { tone } = WORDS.cell(row);
    if (row.state === null) return UNKNOWN;
    return { text: STATE_LETTERS[row.state], tone };
  },
};

function number(field: TableField, name: string, title: string, of: (row: Row) => number | null): TopColumn {
  return {
    field,
    name,
    title,
    side: 'right',
    cell(row) {
      const value = of(row);
      if (value === null) return UNKNOWN;
      if (field !== 'cpuPercent') return { text: sizeText(Math.round(value)), tone: value === 0 ? 'faint' : undefined };
      return { text: value.toFixed(1), tone: value >= BUSY ? 'notice' : value === 0 ? 'faint' : undefined };
    },
    key: of,
  };
}

const OWN: readonly TopColumn[] = [
  STATE,
  number('cpuPercent', 'cpu', 'CPU%', (row) => row.cpuPercent),
  number('ioRates', 'read', 'READ/s', (row) => row.ioRates?.readBytes ?? null),
  number('ioRates', 'write', 'WRITE/s', (row) => row.ioRates?.writeBytes ?? null),
  overviewColumn('rss') as Column,
  overviewColumn('time') as Column,
  COMMAND,
];
