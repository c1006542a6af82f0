import type { Field, FieldValues, Ids, Limits, ProcessRow, SignalSet } from '../index.js';
import type { Tone } from './colour.js';
import { escapeName } from './escape.js';
import type { Cell, Header } from './table.js';

/** A column of the table: its cells, their tone, and how they are sorted. */
export interface Column extends Header {
  readonly field: Field | 'pid';
  /** The column's own name, in lower case: `blocked` of the field sigmasks. */
  readonly name: string;
  cell(row: ProcessRow): Cell;
  /** `undefined` if it could not be read. */
  key(row: ProcessRow): string | number | null;
}

/** The columns of a table of these fields, PID first. */
export function columnsOf(fields: readonly Field[]): Column[] {
  return [PID, ...fields.flatMap((field) => COLUMNS[field] ?? [fallback(field)])];
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

/** The text of an empty list, and of a value that could not be read. */
export const NONE = '-';
export const UNREADABLE = '?';

/** Tones with a meaning: everyone may write its new files; it has ended; it is stopped or blocked. */
const EVERYBODY_WRITES = 0o002;
const STATE_TONES: { readonly [state in FieldValues['state']]?: Tone } = {
  zombie: 'alarm',
  dead: 'alarm',
  'disk-sleep': 'notice',
  stopped: 'notice',
  'tracing-stop': 'notice',
  idle: 'faint',
};

interface Look<V> {
  readonly text: (value: V) => Cell['text'] | undefined;
  readonly key: (value: V) => string | number | undefined;
  readonly side?: Header['side'];
  readonly min?: number;
  readonly tone?: (value: V) => Tone | undefined;
}

function column<F extends Field>(field: F, name: string, look: Look<FieldValues[F]>): Column {
  const { text, key, side = 'left', min, tone } = look;
  return {
    field,
    name: name.toLowerCase(),
    title: name.toUpperCase(),
    side,
    ...(min === undefined ? {} : { min }),
    cell(row) {
      const value = row[field] as FieldValues[F] | null;
      const shown = value === null ? undefined : text(value);
      // A set that the platform does not report is absent, which is not the same as empty.
      if (shown === undefined) return { text: UNREADABLE, tone: 'faint' };
      if (shown.length === 0) return { text: NONE, tone: 'faint' };
      return { text: shown, tone: tone?.(value as FieldValues[F]) };
    },
    key(row) {
      const value = row[field] as FieldValues[F] | null;
      return value === null ? null : (key(value) ?? null);
    },
  };
}

/** A field that has no look of its own. */
function fallback(field: Field): Column {
  return column(field, field, {
    text: textOf,
    key: (value) => (typeof value === 'number' ? value : textOf(value)),
    min: 8,
  });
}

function textOf(value: unknown): string {
  return escapeName(typeof value === 'string' ? value : JSON.stringify(value));
}

function number(field: 'ppid' | 'pgid' | 'sid' | 'threads'): Column {
  return column(field, field, { text: String, key: (value) => value, side: 'right' });
}

function ids(field: 'uids' | 'gids'): Column {
  return column(field, field, {
    text: idsText,
    key: ({ effective }) => effective,
    side: 'right',
    // A process whose rights differ from those of the user who started it.
    tone: ({ real, effective }) => (real === effective ? undefined : 'notice'),
  });
}

function idsText({ real, effective, saved }: Ids): string {
  return real === effective && real === saved ? String(real) : `${real}/${effective}/${saved}`;
}

function signals(name: 'blocked' | 'ignored' | 'caught'): Column {
  return column('sigmasks', name, {
    text: (masks) => shortNames(masks[name]),
    key: (masks) => masks[name]?.size,
    min: 3,
  });
}

function shortNames(set: SignalSet | undefined): string[] | undefined {
  return set?.names().map((signal) => signal.slice('SIG'.length));
}

function limits(pair: Limits | undefined): string | undefined {
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

/** How each field looks in the table; some are several columns. */
const COLUMNS: { readonly [F in Field]?: readonly Column[] } = {
  name: [column('name', 'name', { text: escapeName, key: (name) => name, min: 12 })],
  ppid: [number('ppid')],
  state: [column('state', 'state', { text: String, key: String, tone: (state) => STATE_TONES[state] })],
  uids: [ids('uids')],
  gids: [ids('gids')],
  groups: [column('groups', 'groups', { text: (groups) => groups.map(String), key: ({ length }) => length, min: 3 })],
  umask: [
    column('umask', 'umask', {
      text: (umask) => umask.toString(8).padStart(4, '0'),
      key: (umask) => umask,
      tone: (umask) => ((umask & EVERYBODY_WRITES) === 0 ? 'alarm' : undefined),
    }),
  ],
  sigmasks: [signals('blocked'), signals('ignored'), signals('caught')],
  pgid: [number('pgid')],
  sid: [number('sid')],
  threads: [number('threads')],
  startTime: [
    column('startTime', 'startTime', { text: (began) => new Date(began).toISOString(), key: (began) => began }),
  ],
  rlimits: [
    column('rlimits', 'nofile', {
      text: ({ RLIMIT_NOFILE }) => limits(RLIMIT_NOFILE),
      key: ({ RLIMIT_NOFILE }) => RLIMIT_NOFILE?.soft,
    }),
  ],
};
