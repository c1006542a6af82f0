import { escapeCell, escapeJson, escapeName } from './escape.js';
import { jsonOf, plainRows } from './json.js';
import type { Listing } from './selection.js';

/**
 * RFC 4180: a line of the fields' names, and a line a process. A value that is not one number or text is JSON
 * in its cell, a value that could not be read is an empty one. What a terminal acts on is escaped, for what is written to
 * a file will be shown on one some day; `forTerminal` escapes line breaks too, which CSV has quotes for.
 */
export function* csvLines(listing: Listing, forTerminal: boolean): Generator<string> {
  yield `${['pid', ...listing.fields].join()}\r\n`;
  for (const row of plainRows(listing)) {
    const cells = Object.values(row).map((value) => {
      if (value === null) return '';
      if (typeof value !== 'string') return quoted(escapeJson(jsonOf(value)));
      return quoted(forTerminal ? escapeName(value) : escapeCell(value));
    });
    yield `${cells.join()}\r\n`;
  }
}

/** Quotes only where a reader would take the text for more than one cell. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
