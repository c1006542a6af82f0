import type { Key } from 'node:readline';
import type { SignalName, TableField } from 'psutil-extra';
import type { SortKey } from '../selection.mjs';
import type { Place } from './arrangement.mjs';
import type { Row, TopColumn, TopColumns } from './columns.mjs';
import { keyOf, LIST, SIGNALS, type View } from './view.mjs';

/** What a key is pressed on. */
export interface Pressed {
  readonly text: string;
  readonly key: Key;
  readonly places: readonly Place[];
  /** How many processes are on the screen. */
  readonly page: number;
  /** Those of the table, in their order. */
  readonly columns: readonly TopColumn[];
  readonly known: TopColumns;
}

/** What a key does. */
export interface Step {
  readonly view: View;
  readonly effect?: Effect;
}

export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'signal'; readonly rows: readonly Row[]; readonly signal: SignalName };

/** What a key does to the view. */
export function press(view: View, pressed: Pressed): Step {
  const quiet = view.message === '' ? view : { ...view, message: '' };
  switch (view.dialogue.kind) {
    case 'list':
      return inList(quiet, pressed);
    case 'help':
      return nameOf(pressed) === 'f10' ? QUIT(quiet) : { view: { ...quiet, dialogue: LIST } };
    case 'filter':
      return { view: inFilter(quiet, pressed, view.dialogue.before) };
    case 'kill':
      return inKill(quiet, pressed, view.dialogue);
  }
}

const QUIT = (view: View): Step => ({ view, effect: { kind: 'quit' } });

/** A character as it is, and another key by its name: `?`, `P`, `f5`. */
function nameOf({ text, key }: Pressed): string {
  if (key.ctrl === true || key.meta === true) return `${key.ctrl === true ? '^' : 'M-'}${key.name ?? ''}`;
  return /^[!-~]$/.test(text) ? text : (key.name ?? '');
}

function inList(view: View, pressed: Pressed): Step {
  const name = nameOf(pressed);
  const sorted = SORTED[name];
  if (sorted !== undefined) return { view: { ...view, order: orderOf(sorted, pressed.known) } };
  const moved = lineOf(name, view, pressed);
  if (moved !== undefined) return { view: movedTo(view, moved, pressed.places) };
  switch (name) {
    case 'q':
    case 'f10':
      return QUIT(view);
    case 'h':
    case '?':
    case 'f1':
      return { view: { ...view, dialogue: { kind: 'help' } } };
    case '/':
    case '\\':
    case 'f3':
    case 'f4':
      return { view: { ...view, dialogue: { kind: 'filter', before: view.filter } } };
    case 'escape':
      return { view: { ...view, filter: '' } };
    case 't':
    case 'f5':
      return { view: { ...view, isTree: !view.isTree } };
    case 'c':
      return { view: { ...view, isFull: !view.isFull } };
    case '>':
    case '.':
    case 'f6':
      return { view: { ...view, order: nextOrder(view, pressed.columns, 1) } };
    case '<':
    case ',':
      return { view: { ...view, order: nextOrder(view, pressed.columns, -1) } };
    case 'I':
      return { view: { ...view, order: reversed(view.order) } };
    case 'space':
      return { view: tagged(view, pressed.places) };
    case 'U':
      return { view: { ...view, tagged: new Map() } };
    case 'k':
    case 'f9':
      return { view: asking(view, pressed.places) };
    default:
      return { view };
  }
}

/** The keys that sort, as in htop(1), and the columns that they sort by. */
const SORTED: { readonly [key: string]: `-${string}` | 'pid' | undefined } = {
  P: '-cpu',
  M: '-rss',
  T: '-time',
  N: 'pid',
};

function orderOf(text: string, known: TopColumns): readonly SortKey<TableField>[] {
  const column = known.named(text.replace('-', '')) as TopColumn;
  return [{ column, sign: text.startsWith('-') ? -1 : 1 }];
}

/** By the column beside the one that is sorted by; numbers begin with the largest. */
function nextOrder({ order }: View, columns: readonly TopColumn[], step: 1 | -1): View['order'] {
  const at = columns.findIndex(({ name }) => name === order[0]?.column.name);
  const column = columns[Math.max(0, Math.min(columns.length - 1, at + step))] as TopColumn;
  if (column.name === order[0]?.column.name) return order;
  return [{ column, sign: column.side === 'right' && column.name !== 'pid' ? -1 : 1 }];
}

function reversed([first, ...others]: View['order']): View['order'] {
  return first === undefined ? [] : [{ column: first.column, sign: first.sign === 1 ? -1 : 1 }, ...others];
}

/** The line to which a key moves the bar. */
function lineOf(name: string, { line }: View, { page, places }: Pressed): number | undefined {
  switch (name) {
    case 'up':
    case '^p':
      return line - 1;
    case 'down':
    case '^n':
    case 'j':
      return line + 1;
    case 'pageup':
      return line - page;
    case 'pagedown':
      return line + page;
    case 'home':
    case 'g':
      return 0;
    case 'end':
    case 'G':
      return places.length - 1;
    default:
      return undefined;
  }
}

/** On the first line the bar follows no process: the busiest one stays in sight. */
function movedTo(view: View, wanted: number, places: readonly Place[]): View {
  const line = Math.max(0, Math.min(wanted, places.length - 1));
  const under = places[line];
  return { ...view, line, selected: line === 0 || under === undefined ? undefined : keyOf(under.row) };
}

function tagged(view: View, places: readonly Place[]): View {
  const under = places[view.line];
  if (under === undefined) return view;
  const all = new Map(view.tagged);
  if (!all.delete(keyOf(under.row))) all.set(keyOf(under.row), under.row);
  return movedTo({ ...view, tagged: all }, view.line + 1, places);
}

/** The processes are those of now: another may be under the bar when the question is answered. */
function asking(view: View, places: readonly Place[]): View {
  const under = places[view.line];
  const rows = view.tagged.size > 0 ? [...view.tagged.values()] : under === undefined ? [] : [under.row];
  return rows.length === 0 ? view : { ...view, dialogue: { kind: 'kill', rows, signal: 'SIGTERM' } };
}

function inFilter(view: View, pressed: Pressed, before: string): View {
  const { filter } = view;
  switch (nameOf(pressed)) {
    case 'return':
    case 'enter':
      return { ...view, dialogue: LIST };
    case 'escape':
      return { ...view, filter: before, dialogue: LIST };
    case 'backspace':
      return { ...view, filter: Array.from(filter).slice(0, -1).join('') };
    case '^u':
      return { ...view, filter: '' };
    default:
      return { ...view, filter: filter + writtenBy(pressed) };
  }
}

/** Keys that are no characters write control characters, or nothing. */
function writtenBy({ text }: Pressed): string {
  return /\p{Cc}/u.test(text) ? '' : text;
}

type Asking = Extract<View['dialogue'], { kind: 'kill' }>;

/** Only a plain yes sends the signal, and only a no or a signal does anything else. */
function inKill(view: View, pressed: Pressed, { rows, signal }: Asking): Step {
  const at = SIGNALS.indexOf(signal as (typeof SIGNALS)[number]);
  const other = (step: number): Step => {
    const next = SIGNALS.at((at + step) % SIGNALS.length) as SignalName;
    return { view: { ...view, dialogue: { kind: 'kill', rows, signal: next } } };
  };
  switch (nameOf(pressed)) {
    case 'y':
    case 'return':
    case 'enter':
      return { view: { ...view, dialogue: LIST, tagged: new Map() }, effect: { kind: 'signal', rows, signal } };
    case 'n':
    case 'q':
    case 'escape':
      return { view: { ...view, dialogue: LIST } };
    case 'right':
    case 'down':
      return other(1);
    case 'left':
    case 'up':
      return other(-1);
    default:
      return { view };
  }
}
