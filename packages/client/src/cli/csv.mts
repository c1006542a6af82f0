import { escapeCell, escapeJson, escapeName } from './escape.mjs';
import { jsonOf, plainRows } from './json.mjs';
import type { Listing } from './selection.mjs';

/**
 * RFC 4180: a line with the fields' names, if it has heads, and a line for each process. A value that is not one number or
 * text is JSON in its cell; a value that could not be read is an empty cell. Control characters of terminals are escaped,
 * because a file may be shown on one later; `forTerminal` also escapes line breaks, for which CSV has quotes.
 */
export function* csvLines(listing: Listing, forTerminal: boolean, hasHeads: boolean): Generator<string> {
  if (hasHeads) yield `${['pid', ...listing.fields].join()}\r\n`;
  for (const row of plainRows(listing)) {
    const cells = Object.values(row).map((value) => {
      if (value === null) return '';
      if (typeof value !== 'string') return quoted(escapeJson(jsonOf(value)));
      return quoted(forTerminal ? escapeName(value) : escapeCell(value));
    });
    yield `${cells.join()}\r\n`;
  }
}

/** Quotes a text only if it would otherwise be read as more than one cell. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
