import { paintFor } from './colour.mjs';
import { type Cell, type Header, tableLines } from './table.mjs';
import { lineWidth } from './width.mjs';

/** How a command prints its table. */
export interface TableOptions {
  /** Whether it has a line of heads. */
  readonly headers?: boolean;
}

/** A table for standard output: as wide as that is, in its colours. */
export function stdoutTable(
  headers: readonly Header[],
  rows: readonly (readonly Cell[])[],
  { headers: hasHeads = true }: TableOptions,
  width?: number,
): Generator<string> {
  const { stdout, env } = process;
  return tableLines(headers, rows, width ?? lineWidth(stdout, env), paintFor(stdout, env), hasHeads);
}
