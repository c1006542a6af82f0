import type { Paint } from '../colour.mjs';
import { escapeName } from '../escape.mjs';
import type { Size } from '../screen.mjs';
import { type Cell, cut, type Header, tableLines, widthOf } from '../table.mjs';
import type { Place } from './arrangement.mjs';
import { inFull, programText, type Row, type TopColumn } from './columns.mjs';
import { TOP_KEYS } from './key-list.mjs';
import { type Summary, summaryText } from './summary.mjs';
import { keyOf, type View } from './view.mjs';

/** All that a screen shows. */
export interface Shown {
  /** `undefined` before the first sample. */
  readonly summary: Summary | undefined;
  readonly view: View;
  readonly places: readonly Place[];
  readonly columns: readonly TopColumn[];
}

/** How many processes a screen shows. */
export function pageOf({ rows }: Size): number {
  return Math.max(1, rows - LINES_AROUND);
}

/** The lines of the screen: what is said of all processes, how they are arranged, the table, and what keys do. */
export function screenLines({ summary, view, places, columns }: Shown, size: Size, paint: Paint): string[] {
  const page = pageOf(size);
  const above = [
    paint('head', cut(summary === undefined ? 'reading processes' : summaryText(summary, size.columns), size.columns)),
    cut(arrangementText(view, places.length), size.columns),
  ];
  const body =
    view.dialogue.kind === 'help'
      ? HELP.map((line) => cut(line, size.columns))
      : listLines({ view, places, columns }, page, size.columns, paint);
  const shown = body.slice(0, page + 1);
  const blank = Array.from({ length: Math.max(0, page + 1 - shown.length) }, () => '');
  return [...above, ...shown, ...blank, footer(view, size.columns, paint)];
}

/** A table for a pipe, with every process. */
export function tableOf(
  places: readonly Place[],
  columns: readonly TopColumn[],
  width: number,
  paint: Paint,
  view: Pick<View, 'order' | 'isFull'> & { readonly hasHeads?: boolean },
): Iterable<string> {
  const rows = places.map((place) => cellsOf(place, columns, view.isFull));
  return tableLines(headersOf(columns, view.order), rows, width, paint, view.hasHeads);
}

function listLines(
  { view, places, columns }: Omit<Shown, 'summary'>,
  page: number,
  width: number,
  paint: Paint,
): string[] {
  const { first, line: selected, order, isFull, tagged } = view;
  // As wide as they will be: a table whose columns move while it is read is hard to read.
  const headers = headersOf(columns, order).map((header, at) => ({
    ...header,
    title: padded(header, WIDTHS[columns[at]?.name ?? ''] ?? 0),
  }));
  const rows = places.slice(first, first + page).map((place, at): Cell[] => {
    const mark = `${first + at === selected ? '>' : ' '}${tagged.has(keyOf(place.row)) ? '*' : ' '}`;
    return [{ text: mark, tone: 'notice' }, ...cellsOf(place, columns, isFull)];
  });
  const [heads = '', ...lines] = tableLines([{ title: '', side: 'left' }, ...headers], rows, width, paint);
  return [heads, ...lines].map((line, at) => {
    const text = line.trimEnd();
    return at - 1 === selected - first
      ? paint('selected', text + ' '.repeat(Math.max(0, width - widthOf(text))))
      : text;
  });
}

function padded({ title, side }: Header, width: number): string {
  return side === 'right' ? title.padStart(width) : title.padEnd(width);
}

function headersOf(columns: readonly TopColumn[], order: View['order']): Header[] {
  return columns.map(({ title, side, min, name }) => ({
    title,
    side,
    ...(min === undefined ? {} : { min }),
    ...(name === order[0]?.column.name ? { tone: 'changed' } : {}),
  }));
}

function cellsOf({ row, lines }: Place, columns: readonly TopColumn[], isFull: boolean): Cell[] {
  return columns.map((column) => {
    const cell = inFull(column, isFull).cell(row);
    return column.field === 'name' && lines !== '' ? { ...cell, text: lines + String(cell.text) } : cell;
  });
}

/** Such as `by CPU%, largest first, as a tree; 3 with 'node'`. */
function arrangementText({ order, isTree, filter, tagged }: View, count: number): string {
  const [first] = order;
  const sorted = first === undefined ? [] : [`by ${first.column.title}${first.sign < 0 ? ', largest first' : ''}`];
  const tree = isTree ? ['as a tree'] : [];
  const those = filter === '' ? [] : [`${count} with '${escapeName(filter)}'`];
  const tags = tagged.size === 0 ? [] : [`${tagged.size} tagged`];
  return [...sorted, ...tree, ...those, ...tags].join('; ');
}

function footer({ dialogue, filter, message }: View, columns: number, paint: Paint): string {
  switch (dialogue.kind) {
    case 'filter':
      return cut(`filter: ${escapeName(filter)}_   Enter keeps it, Esc does not`, columns);
    case 'kill':
      return paint('alarm', cut(`send ${dialogue.signal}? y/n, arrows: another   ${namesOf(dialogue.rows)}`, columns));
    case 'help':
      return paint('faint', 'any key: back');
    case 'list':
      return message === '' ? paint('faint', cut(KEYS, columns)) : paint('notice', cut(message, columns));
  }
}

/** Such as `1234 sleep`, or `3 processes: 1234 1235 1236`. */
function namesOf(rows: readonly Row[]): string {
  const [first, ...others] = rows;
  if (first === undefined) return '';
  return others.length === 0
    ? `${first.pid} ${programText(first, false)}`
    : `${rows.length} processes: ${rows.map(({ pid }) => pid).join(' ')}`;
}

const LINES_AROUND = 4;
/** How wide columns are at least. */
const WIDTHS: { readonly [column: string]: number | undefined } = {
  pid: 7,
  user: 8,
  cpu: 5,
  rss: 5,
  time: 7,
  read: 6,
  write: 7,
};
const KEYS = 'F1 help  F4 filter  F5 tree  F6 sort  F9 kill  F10 quit';

const HELP = TOP_KEYS.map(([keys, meaning]) => `${keys.padEnd(30)}${meaning}`);
