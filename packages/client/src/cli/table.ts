import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import { type Paint, plain, type Tone } from './colour.js';

/** A column's head, and on which side its cells stand. */
export interface Header {
  readonly title: string;
  readonly side: 'left' | 'right';
  /** The width down to which cells may be shortened; without it they are not. */
  readonly least?: number;
}

/** A text, or a list of which as much is shown as there is room for. */
export interface Cell {
  readonly text: string | readonly string[];
  readonly tone?: Tone | undefined;
}

/**
 * An aligned table: a line of heads, and a line a row, none of them wider than `width`. Where it would be, the
 * columns stand closer, then the widest of those that can be shortened are, and at last lines are cut.
 */
export function* tableLines(
  headers: readonly Header[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint = plain,
): Generator<string> {
  const natural = headers.map(({ title }, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(whole(row[column] as Cell, width))), title.length),
  );
  const gap = sum(natural) + WIDE_GAP * (headers.length - 1) <= width ? WIDE_GAP : NARROW_GAP;
  const widths = fitted(natural, headers, width - gap * (headers.length - 1));
  const heads = headers.map(({ title }): Cell => ({ text: title, tone: 'head' }));
  for (const row of [heads, ...rows]) {
    let line = '';
    let taken = 0;
    row.forEach((cell, column) => {
      const room = widths[column] as number;
      const text = shortened(cell, room, width);
      const space = ' '.repeat(Math.max(0, room - widthOf(text)));
      const shown = cell.tone === undefined ? text : paint(cell.tone, text);
      const isRight = headers[column]?.side === 'right';
      // Nothing stands behind the last cell, not even the space that would align it.
      const isLast = column === headers.length - 1;
      line += (column === 0 ? '' : ' '.repeat(gap)) + (isRight ? space : '') + shown + (isRight || isLast ? '' : space);
      taken += room + gap;
    });
    yield `${taken - gap > width ? cut(line, width) : line.trimEnd()}\n`;
  }
}

/** Text in lines of at most `width`, behind an indent. A word that is longer has a line of its own. */
export function* wrapped(words: readonly string[], width: number, indent: string): Generator<string> {
  let line = '';
  for (const word of words) {
    if (line !== '' && indent.length + widthOf(line) + 1 + widthOf(word) > width) {
      yield line;
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  yield line;
}

/** How many columns of a terminal a text takes. Nearly every one is plain, and then it is its length. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** The widths, those that can be shortened brought down together, the widest first, to what there is room for. */
function fitted(natural: readonly number[], headers: readonly Header[], room: number): number[] {
  if (sum(natural) <= room) return [...natural];
  const leasts = headers.map(({ least, title }, column) =>
    least === undefined
      ? (natural[column] as number)
      : Math.min(natural[column] as number, Math.max(least, title.length)),
  );
  let low = 0;
  let high = Math.max(...natural);
  const at = (most: number) =>
    natural.map((width, column) => Math.max(leasts[column] as number, Math.min(width, most)));
  // The largest common width at which all fits; what is never to be shortened does not count.
  const capped = (most: number) =>
    at(most).map((width, column) => (headers[column]?.least === undefined ? (natural[column] as number) : width));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(capped(middle)) <= room) low = middle;
    else high = middle - 1;
  }
  const widths = capped(low);
  // What the last step leaves over goes to the first that is still short.
  let left = room - sum(widths);
  return widths.map((width, column) => {
    if (left <= 0 || width >= (natural[column] as number)) return width;
    left--;
    return width + 1;
  });
}

/** A cell as it stands where there is room; in a pipe, where a line has no end, lists are short all the same. */
function whole({ text }: Cell, width: number): string {
  if (typeof text === 'string') return text;
  return width === Number.POSITIVE_INFINITY ? firstOf(text, text.length > SHOWN ? SHOWN - 1 : SHOWN) : text.join();
}

function shortened(cell: Cell, room: number, width: number): string {
  const text = whole(cell, width);
  if (widthOf(text) <= room) return text;
  if (typeof cell.text === 'string') return `${cut(text, room - 1)}…`;
  return firstOf(cell.text, fitting(cell.text, room));
}

/** How many items there is room for, with the count of the rest behind them. */
function fitting(items: readonly string[], room: number): number {
  let count = 0;
  let length = 0;
  for (const [index, item] of items.entries()) {
    length += widthOf(item) + ','.length;
    if (length > room) break;
    if (length + `+${items.length - index - 1}`.length <= room) count = index + 1;
  }
  return count;
}

/** What of a text fits a width; `text` may hold the sequences of colours. */
function cut(text: string, width: number): string {
  return PLAIN.test(text) ? text.slice(0, width) : sliceAnsi(text, 0, width);
}

/** The first few, and how many more: a JVM catches thirty signals, and one user may have a hundred groups. */
function firstOf(items: readonly string[], count: number): string {
  const shown = items.slice(0, count);
  return (items.length > count ? [...shown, `+${items.length - count}`] : shown).join();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const PLAIN = /^[ -~]*$/;
const SHOWN = 4;
const WIDE_GAP = 2;
const NARROW_GAP = 1;
