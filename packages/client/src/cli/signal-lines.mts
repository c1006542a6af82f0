import type { FieldValues } from 'psutil-extra';
import type { Paint } from './colour.mjs';
import { wrapped } from './table.mjs';
import { NONE } from './table-columns.mjs';

/** A line for each set, or more if it is long. Sets that the platform does not report are left out. */
export function* signalLines(
  masks: FieldValues['sigmasks'],
  width: number,
  indent: string,
  paint: Paint,
): Generator<string> {
  for (const set of SETS) {
    const those = masks[set];
    if (those === undefined) continue;
    const rest = indent + ' '.repeat(LABEL);
    let before = `${indent}${paint('faint', set)}${' '.repeat(LABEL - set.length)}`;
    for (const line of wrapped(those.size === 0 ? [NONE] : those.names(), width, rest)) {
      yield `${before}${line}\n`;
      before = rest;
    }
  }
}

const SETS = ['pending', 'processPending', 'blocked', 'ignored', 'caught'] as const;
const LABEL = 'processPending'.length + 2;
