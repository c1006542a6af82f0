import type { ProcessRow } from 'psutil-extra';
import { escapeJson } from './escape.mjs';
import type { Listing } from './selection.mjs';

/**
 * A JSON array, with a line for each process. Signal sets are lists of names, a value that could not be read is `null`, and
 * no limit, for which JSON has no number, is `"unlimited"`, as in `/proc/PID/limits`.
 */
export function* jsonArray(items: Iterable<unknown>): Generator<string> {
  let before = '[\n';
  let behind = '[]\n';
  for (const item of items) {
    yield before + escapeJson(jsonOf(item));
    before = ',\n';
    behind = '\n]\n';
  }
  yield behind;
}

/** The same without the array: a line for each process, to be read one by one. */
export function* jsonLines(items: Iterable<unknown>): Generator<string> {
  for (const item of items) yield `${escapeJson(jsonOf(item))}\n`;
}

/** Processes as objects with a PID and the fields that are to be printed. */
export function* plainRows({ rows, fields }: Listing): Generator<Record<string, unknown>> {
  for (const row of rows) {
    const plain: Record<string, unknown> = { pid: row.pid };
    for (const field of fields) plain[field] = row[field as keyof ProcessRow];
    yield plain;
  }
}

/** A value as JSON. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === Number.POSITIVE_INFINITY) return 'unlimited';
    // A reader would round a number beyond 2⁵³.
    return typeof part === 'bigint' ? String(part) : part;
  });
}
