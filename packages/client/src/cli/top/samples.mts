import type { Client, SampleTable, TableField } from 'psutil-extra';
import type { Selection } from '../selection.mjs';
import type { Row } from './columns.mjs';
import { CommandLines } from './command-lines.mjs';
import { type Summary, summaryOf } from './summary.mjs';

/** Every process at one time, and those of them that are shown. */
export interface Sample {
  readonly summary: Summary;
  readonly rows: readonly Row[];
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
