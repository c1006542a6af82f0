import type { FieldValues } from '../index.js';
import { NONE, UNREADABLE } from './cells.js';
import { type Paint, paintFor } from './colour.js';
import { escapeName } from './escape.js';
import { type PidsCommand, printProcesses } from './processes.js';
import { wrapped } from './table.js';
import { lineWidth } from './width.js';

/** Prints what processes do with signals, by name. */
export function signals(pids: readonly number[], command: PidsCommand): Promise<number> {
  const { stdout, env } = process;
  const width = lineWidth(stdout, env);
  const paint = paintFor(stdout, env);
  return printProcesses(pids, ['name', 'sigmasks'], command, function* ({ table }) {
    let before = '';
    for (const row of table) {
      const { name, sigmasks } = row;
      yield `${before}${paint('head', `pid ${row.pid}`)}  ${name === null ? UNREADABLE : escapeName(name)}\n`;
      before = '\n';
      if (sigmasks !== null) yield* signalLines(sigmasks, width, '  ', paint);
      else yield `  ${UNREADABLE}  (${escapeName(table.error(row.pid, 'sigmasks')?.message ?? '')})\n`;
    }
  });
}

/** A line a set, and more where it is long. Sets that the platform cannot tell are left out. */
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
