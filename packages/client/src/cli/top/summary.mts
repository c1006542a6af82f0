import { cpus } from 'node:os';
import type { SampleTable } from 'psutil-extra';
import { counted } from '../counted.mjs';

/** What is said of all processes together. */
export interface Summary {
  readonly at: Date;
  /** Milliseconds for which it was measured. */
  readonly elapsed: number;
  readonly processes: number;
  readonly started: number;
  readonly ended: number;
  /** Of all processes, in percent of one processor; `undefined` if this system does not report it. */
  readonly cpuPercent: number | undefined;
  readonly processors: number;
}

export function summaryOf(table: SampleTable, at: Date): Summary {
  const percents = table.fields.includes('cpuPercent') ? table.column('cpuPercent') : undefined;
  return {
    at,
    elapsed: table.elapsed,
    processes: table.length,
    started: table.started.length,
    ended: table.ended.length,
    cpuPercent: percents?.reduce((sum, percent) => sum + (Number.isNaN(percent) ? 0 : percent), 0),
    processors: cpus().length,
  };
}

/** Such as `312 processes: + 4 new, - 2 ended   CPU 143.0 % of 400 in 1.0 s   12:31:02`, or as much of it as fits. */
export function summaryText(summary: Summary, width = Number.POSITIVE_INFINITY): string {
  const { at, elapsed, processes, started, ended, cpuPercent, processors } = summary;
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const among = `${counted(processes, 'process')}: + ${started} new, - ${ended} ended`;
  const busy = cpuPercent === undefined ? '' : `CPU ${cpuPercent.toFixed(1)} % of ${100 * processors}`;
  const took = `in ${(elapsed / 1000).toFixed(1)} s`;
  const used = `${among}   ${busy === '' ? took : `${busy} ${took}`}`;
  const texts = [`${used}   ${clock}`, used, `${among}   ${busy}`.trimEnd(), among];
  return texts.find(({ length }) => length <= width) ?? among;
}
