import { cpus } from 'node:os';
import type { Client, SampleTable, TableField } from '../../index.js';
import { counted } from '../counted.js';
import type { Selection } from '../selection.js';
import type { Row } from './columns.js';
import { CommandLines } from './command-lines.js';

/** Every process at one time, and those of them that are shown. */
export interface Sample {
  readonly summary: Summary;
  readonly rows: readonly Row[];
}

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

/** How samples are made. */
export interface Sampled {
  readonly client: Client;
  readonly fields: readonly TableField[];
  readonly selection: Selection;
  /** Milliseconds from one sample to the next. */
  readonly interval: number;
  /** How many; no end if it is infinite. */
  readonly count: number;
  /** Whether command lines are needed to choose, to sort or to print. */
  readonly needsCommandLines: boolean;
}

/** Samples as they are made. */
export class Samples {
  /** Whether any sample has had a process that was chosen. */
  hasMatched = false;
  readonly #sampled: Sampled;
  readonly #commandLines: CommandLines;
  /** Whether every command line is read. */
  #isFull: boolean;

  constructor(sampled: Sampled) {
    this.#sampled = sampled;
    this.#commandLines = new CommandLines(sampled.client);
    this.#isFull = sampled.needsCommandLines;
  }

  /** Until the signal is aborted. With `first` the first sample takes at most so many milliseconds. */
  async *read({
    signal,
    first,
  }: {
    readonly signal?: AbortSignal;
    readonly first?: number;
  } = {}): AsyncGenerator<Sample> {
    const { client, fields, interval, count } = this.#sampled;
    let left = count;
    if (first !== undefined && first < interval) {
      for await (const table of client.sample({ fields, interval: first, signal })) {
        yield await this.#sampleOf(table);
        left--;
        break;
      }
    }
    if (left <= 0) return;
    for await (const table of client.sample({ fields, interval, signal })) {
      yield await this.#sampleOf(table);
      if (--left <= 0) return;
    }
  }

  /** Reads every command line from now on, and those of these rows at once; or only those that are needed. */
  async setFull(isFull: boolean, rows: readonly Row[]): Promise<void> {
    this.#isFull = isFull || this.#sampled.needsCommandLines;
    await this.#commandLines.addTo(rows, this.#isFull);
  }

  async #sampleOf(table: SampleTable): Promise<Sample> {
    const { client, selection } = this.#sampled;
    const at = new Date();
    const rows = [...table];
    this.#commandLines.forget(table.ended);
    await this.#commandLines.addTo(rows, this.#isFull);
    const chosen = await selection.from(rows, client);
    this.hasMatched ||= chosen.length > 0;
    return { summary: summaryOf(table, at), rows: chosen };
  }
}

function summaryOf(table: SampleTable, at: Date): Summary {
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

/** Such as `312 processes: + 4 new, - 2 ended   CPU 143.0 % of 400   in 1.0 s, 12:31:02`. */
export function summaryText({ at, elapsed, processes, started, ended, cpuPercent, processors }: Summary): string {
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const busy = cpuPercent === undefined ? '' : `CPU ${cpuPercent.toFixed(1)} % of ${100 * processors} `;
  return `${counted(processes, 'process')}: + ${started} new, - ${ended} ended   ${busy}in ${(elapsed / 1000).toFixed(1)} s   ${clock}`;
}
