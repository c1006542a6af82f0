import { paintFor } from './colour.mjs';
import { escapeName } from './escape.mjs';
import { type PidsCommand, printProcesses } from './processes.mjs';
import { signalLines } from './signal-lines.mjs';
import { UNREADABLE } from './table-columns.mjs';
import { lineWidth } from './width.mjs';

/** Prints the signal sets of processes, by name. */
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
