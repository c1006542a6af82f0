import { FIELD_INDEX, FIELDS, type FieldRow } from '@psutil-extra/native/protocol';
import type {
  Field,
  FieldValues,
  Ids,
  Limits,
  ProcessRow,
  SignalMasks,
  SignalSet,
  State,
  TableField,
} from 'psutil-extra';
import type { Tone } from './colour.mjs';
import { escapeName } from './escape.mjs';
import { ageText } from './quantities.mjs';
import type { Cell, Header } from './table.mjs';
import { valueText } from './value-text.mjs';

/** A column of the table: its cells, their tone, and how they are sorted. */
export interface Column<F extends TableField = Field> extends Header {
  readonly field: F | 'pid';
  /** The column's own name, in lower case: `blocked` of the field sigmasks. */
  readonly name: string;
  cell(row: ProcessRow<F>): Cell;
  /** `null` if it could not be read. */
  key(row: ProcessRow<F>): string | number | null;
}

/** The columns of a command: those that its options may name. */
export interface Sortable<F extends TableField = Field> {
  readonly names: readonly string[];
  named(name: string): Column<F> | undefined;
}

/** The columns of a table of these fields, PID first. */
export function columnsOf(fields: readonly Field[]): Column[] {
  return [PID, ...fields.flatMap(columnsOfField)];
}

/** The column that a name means, in any case: a field's, or one of the several columns of a field. */
export function columnNamed(name: string, fields: readonly Field[]): Column | undefined {
  const wanted = name.toLowerCase();
  const columns = columnsOf(fields);
  return columns.find((each) => each.name === wanted || each.field.toLowerCase() === wanted);
}

/** A limit as the command writes it. */
export function limitText(value: number | bigint): string {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : String(value);
}

/** How long ago a process began. */
export function ageCell(began: number): Cell {
  return { text: ageText(began), from: String(began) };
}

/** The text of an empty list, and of a value that could not be read. */
export const NONE = '-';
export const UNREADABLE = '?';

/** Everyone may write its new files. */
const EVERYBODY_WRITES = 0o002;
/** It has ended; it is stopped or blocked. */
const STATE_TONES: { readonly [state in State]?: Tone } = {
  zombie: 'alarm',
  dead: 'alarm',
  'disk-sleep': 'notice',
  stopped: 'notice',
  'tracing-stop': 'notice',
  idle: 'faint',
};

/** Tones that mean something. */
const TONES: { readonly [field in Field]?: (value: unknown) => Tone | undefined } = {
  state: (state) => STATE_TONES[state as State],
  uids: (uids) => otherRights(uids as Ids),
  gids: (gids) => otherRights(gids as Ids),
  umask: (umask) => (((umask as number) & EVERYBODY_WRITES) === 0 ? 'alarm' : undefined),
};

/** A process whose rights differ from those of the user who started it. */
function otherRights({ real, effective }: Ids): Tone | undefined {
  return real === effective ? undefined : 'notice';
}

/** How values are written and sorted. */
interface Look {
  readonly text: (value: unknown) => Cell['text'] | undefined;
  readonly key: (value: unknown) => string | number | undefined;
  readonly side?: Header['side'];
  readonly min?: number;
  readonly title?: string;
  /** What the text is made of: see {@link Cell}. */
  readonly from?: (value: unknown) => string;
  readonly tone?: ((value: unknown) => Tone | undefined) | undefined;
}

function column(field: Field, name: string, look: Look): Column {
  const { text, key, side = 'left', min, title = name.toUpperCase(), from, tone } = look;
  return {
    field,
    name: name.toLowerCase(),
    title,
    side,
    ...(min === undefined ? {} : { min }),
    cell(row) {
      const value: unknown = row[field];
      const shown = value === null ? undefined : text(value);
      // A set that the platform does not report is absent, which is not the same as empty.
      if (shown === undefined) return { text: UNREADABLE, tone: 'faint' };
      if (shown.length === 0) return { text: NONE, tone: 'faint' };
      return { text: shown, tone: tone?.(value), ...(from && { from: from(value) }) };
    },
    key(row) {
      const value: unknown = row[field];
      return value === null ? null : (key(value) ?? null);
    },
  };
}

/** The columns of a field: those of its view if it has one, else one of its own or by its type. */
function columnsOfField(field: Field): Column[] {
  const row = FIELDS[FIELD_INDEX[field]] as FieldRow;
  const looks = (row.view === null ? undefined : VIEWS[row.view]) ?? { [field]: LOOKS[field] ?? lookOf(row) };
  return Object.entries(looks).map(([name, look]) => column(field, name, { ...look, tone: TONES[field] }));
}

/** Looks that do not follow from the type. */
const LOOKS: { readonly [field in Field]?: Look } = {
  // Its items are words of one line.
  cmdline: {
    text: (words) => (words as string[]).map(escapeName).join(' '),
    key: (words) => (words as string[]).join(' '),
    min: 12,
  },
};

/** One look for each type. */
function lookOf(row: FieldRow): Look {
  const text = (value: unknown) => valueText(row, value);
  switch (row.type.kind) {
    case 'text':
      return { text, key: (value) => value as string, min: 12 };
    case 'enum':
      return { text, key: String };
    case 'list':
    case 'bytes':
      return { text, key: (value) => valueText(row, value).length, min: 3 };
    case 'struct':
      return { text, key: structKey, side: 'right' };
    default:
      return { text, key: Number, side: row.format === null ? 'right' : 'left' };
  }
}

/** Ids are sorted by the effective one, other structs by their first member. */
function structKey(value: unknown): string | number | undefined {
  const members = value as Record<string, string | number>;
  return members['effective'] ?? Object.values(members)[0];
}

const signals = (name: 'blocked' | 'ignored' | 'caught'): Look => ({
  text: (masks) => shortNames((masks as SignalMasks)[name]),
  key: (masks) => (masks as SignalMasks)[name]?.size,
  min: 3,
});

function shortNames(set: SignalSet | undefined): string[] | undefined {
  return set?.names().map((signal) => signal.slice('SIG'.length));
}

const nofile = (limits: unknown) => (limits as FieldValues['rlimits']).RLIMIT_NOFILE;

/** The columns of each view, by their names; of a value that is its type's own, the field has one. */
const VIEWS: { readonly [view: string]: { readonly [name: string]: Look } } = {
  time: {
    startTime: { text: (began) => ageText(began as number), from: String, key: Number, title: 'AGE', side: 'right' },
  },
  signalMasks: { blocked: signals('blocked'), ignored: signals('ignored'), caught: signals('caught') },
  limits: { nofile: { text: (limits) => pairText(nofile(limits)), key: (limits) => nofile(limits)?.soft } },
};

function pairText(pair: Limits | undefined): string | undefined {
  return pair === undefined ? undefined : `${limitText(pair.soft)}/${limitText(pair.hard)}`;
}

const PID: Column = {
  field: 'pid',
  name: 'pid',
  title: 'PID',
  side: 'right',
  cell: ({ pid }) => ({ text: String(pid) }),
  key: ({ pid }) => pid,
};
