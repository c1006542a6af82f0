import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import { type Paint, plain, type Tone } from './colour.mjs';

/** A column's head, and on which side its cells stand. */
export interface Header {
  readonly title: string;
  readonly side: 'left' | 'right';
  /** The width down to which cells may be shortened; without it they are not. */
  readonly min?: number;
  /** Whether the column is left out where the table is too wide else: the largest number first. */
  readonly spare?: number;
  /** That of the title. */
  readonly tone?: Tone;
}

/** A text, or a list of which as many items are shown as fit. */
export interface Cell {
  readonly text: string | readonly string[];
  readonly tone?: Tone | undefined;
  /** What the text is made of, if that is the same while the text changes, as of an age. */
  readonly from?: string;
}

/**
 * An aligned table: a line of headings, if it has them, and a line for each row, none of them wider than `width`. To fit, the space between
 * columns is reduced, then the widest columns are shortened, then those that can be spared are left out, and at last lines
 * are cut.
 */
export function* tableLines(
  allHeaders: readonly Header[],
  allRows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint = plain,
  hasHeads = true,
): Generator<string> {
  const allNatural = allHeaders.map(({ title }, column) =>
    allRows.reduce((widest, row) => Math.max(widest, widthOf(whole(row[column] as Cell, width))), title.length),
  );
  const kept = affordable(allNatural, allHeaders, width);
  const [natural, headers] = [picked(allNatural, kept), picked(allHeaders, kept)];
  const rows = kept.length === allHeaders.length ? allRows : allRows.map((row) => picked(row, kept));
  const gap = sum(natural) + WIDE_GAP * (headers.length - 1) <= width ? WIDE_GAP : NARROW_GAP;
  const widths = fitted(natural, headers, width - gap * (headers.length - 1));
  const heads = headers.map(({ title, tone = 'head' }): Cell => ({ text: title, tone }));
  for (const row of hasHeads ? [heads, ...rows] : rows) {
    let line = '';
    let taken = 0;
    row.forEach((cell, column) => {
      const available = widths[column] as number;
      const text = shortened(cell, available, width);
      const space = ' '.repeat(Math.max(0, available - widthOf(text)));
      const shown = cell.tone === undefined ? text : paint(cell.tone, text);
      const isRight = headers[column]?.side === 'right';
      // No space after the last cell.
      const isLast = column === headers.length - 1;
      line += (column === 0 ? '' : ' '.repeat(gap)) + (isRight ? space : '') + shown + (isRight || isLast ? '' : space);
      taken += available + gap;
    });
    yield `${taken - gap > width ? cutShort(line.trimEnd(), width) : line.trimEnd()}\n`;
  }
}

/** Text in lines of at most `width`, after an indent. A longer word has a line of its own. */
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

/** How many columns of a terminal a text takes. For most texts that is their length. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** The widths. Columns that can be shortened are reduced together, the widest first, until all fit. */
function fitted(natural: readonly number[], headers: readonly Header[], available: number): number[] {
  if (sum(natural) <= available) return [...natural];
  const mins = minimal(natural, headers);
  let low = 0;
  let high = Math.max(...natural);
  const at = (max: number) => natural.map((width, column) => Math.max(mins[column] as number, Math.min(width, max)));
  // The largest common width at which all fit; columns that are never shortened do not count.
  const capped = (max: number) =>
    at(max).map((width, column) => (headers[column]?.min === undefined ? (natural[column] as number) : width));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(capped(middle)) <= available) low = middle;
    else high = middle - 1;
  }
  const widths = capped(low);
  // The rest of the last step goes to the first columns that are shortened.
  let left = available - sum(widths);
  return widths.map((width, column) => {
    if (left <= 0 || width >= (natural[column] as number)) return width;
    left--;
    return width + 1;
  });
}

/** Down to which widths columns can be shortened. */
function minimal(natural: readonly number[], headers: readonly Header[]): number[] {
  return headers.map(({ min, title }, column) =>
    min === undefined ? (natural[column] as number) : Math.min(natural[column] as number, Math.max(min, title.length)),
  );
}

/** Which columns are shown: as many as fit when all that can be shortened are. */
function affordable(natural: readonly number[], headers: readonly Header[], width: number): number[] {
  const mins = minimal(natural, headers);
  const spare = headers
    .map(({ spare: order }, column) => ({ order, column }))
    .filter(({ order }) => order !== undefined);
  spare.sort((a, b) => (a.order as number) - (b.order as number));
  let kept = headers.map((_, column) => column);
  while (spare.length > 0 && sum(picked(mins, kept)) + NARROW_GAP * (kept.length - 1) > width) {
    const out = spare.pop()?.column;
    kept = kept.filter((column) => column !== out);
  }
  return kept;
}

function picked<T>(list: readonly T[], indices: readonly number[]): T[] {
  return indices.map((index) => list[index] as T);
}

/** A cell that fits; in a pipe, where a line may have any length, lists are short too. */
function whole({ text }: Cell, width: number): string {
  if (typeof text === 'string') return text;
  return width === Number.POSITIVE_INFINITY ? firstOf(text, text.length > SHOWN ? SHOWN - 1 : SHOWN) : text.join();
}

function shortened(cell: Cell, available: number, width: number): string {
  const text = whole(cell, width);
  if (widthOf(text) <= available) return text;
  if (typeof cell.text === 'string') return cutShort(text, available);
  return firstOf(cell.text, fitting(cell.text, available));
}

/** How many items fit, with the count of the rest after them. */
function fitting(items: readonly string[], available: number): number {
  let count = 0;
  let length = 0;
  for (const [index, item] of items.entries()) {
    length += widthOf(item) + ','.length;
    if (length > available) break;
    if (length + `+${items.length - index - 1}`.length <= available) count = index + 1;
  }
  return count;
}

/** The part of a text that fits a width; `text` may contain the sequences of colours. */
export function cut(text: string, width: number): string {
  if (PLAIN.test(text)) return text.slice(0, width);
  const part = sliceAnsi(text, 0, width);
  // A character of two columns does not fit into one.
  return stringWidth(part) > width ? sliceAnsi(text, 0, width - 1) : part;
}

/** The part of a text that fits, with a mark that there is more. */
function cutShort(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${cut(text, width - 1)}…`;
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
