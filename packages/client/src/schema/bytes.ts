import { FIELD_INDEX, type FrameColumn, textsIn } from '@psutil-extra/native/protocol';
import type { TextBytes, TextField } from './text-bytes.js';

const TEXTS: ReadonlySet<number> = new Set(
  (['name', 'cmdline', 'exe', 'cwd', 'environ'] as const satisfies readonly TextField[]).map(
    (name) => FIELD_INDEX[name],
  ),
);

/** @internal Whether a field is one of those. */
export function hasBytes(field: number): boolean {
  return TEXTS.has(field);
}

/** @internal The bytes of a row; null if it has no value. */
export function bytesOf(field: number, column: FrameColumn, row: number): TextBytes[TextField] {
  if (!column.has(row)) return null;
  const bytes = column.bytes(column.numbers[row] as number);
  if (column.type.kind === 'text') return Buffer.from(bytes);
  const texts = textsIn(bytes, column.damaged).map((text) => Buffer.from(text));
  return field === FIELD_INDEX.environ ? variablesOf(texts) : texts;
}

/** As `environOf()`, whose names are text here too. */
function variablesOf(entries: readonly Buffer[]): Record<string, Buffer> {
  const variables: [string, Buffer][] = [];
  for (const entry of entries) {
    const end = entry.indexOf('=');
    if (end > 0) variables.push([entry.toString('utf8', 0, end), entry.subarray(end + 1)]);
  }
  return Object.fromEntries(variables);
}
