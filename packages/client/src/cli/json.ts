import type { ProcessTable } from '../index.js';
import { escapeJson } from './escape.js';

/**
 * A table as one JSON array, a process a line. Signal sets are lists of names, a value that could not be
 * read is `null`, and no limit, which JSON has no number for, is `"unlimited"`, as in `/proc/PID/limits`.
 */
export function* jsonLines(table: ProcessTable): Generator<string> {
  let before = '[\n';
  for (const row of table) {
    yield before + escapeJson(JSON.stringify(row, finite));
    before = ',\n';
  }
  yield table.length === 0 ? '[]\n' : '\n]\n';
}

function finite(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
}
