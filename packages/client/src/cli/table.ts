import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

/** A column's head, and on which side its cells stand. */
export interface Header {
  readonly title: string;
  readonly side: 'left' | 'right';
}

/** An aligned table: a line of heads, and a line a row, none of them wider than `width`. */
export function* tableLines(
  headers: readonly Header[],
  rows: readonly (readonly string[])[],
  width: number,
): Generator<string> {
  const widths = headers.map(({ title }, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[column] as string)), title.length),
  );
  for (const row of [headers.map(({ title }) => title), ...rows]) {
    const line = row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] as number) - widthOf(cell));
        return headers[column]?.side === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
    yield `${widthOf(line) > width ? sliceAnsi(line, 0, width) : line}\n`;
  }
}

/** How many columns of a terminal a text takes. Nearly every one is plain, and then it is its length. */
function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

const PLAIN = /^[ -~]*$/;
