import { abortable } from '../support/abort.js';
import { ClientClosedError } from '../support/errors.js';
import { readTopOptions, type TopOptions, type TopOrder } from './sample-options.js';
import type { SampleTable, TopRow } from './sample-table.js';
import { Samples } from './samples.js';
import type { Sampling } from './sampling.js';

/** The processes that have most of something, by one sample. */
export class TopCall {
  readonly #sampling: Sampling;

  constructor(sampling: Sampling) {
    this.#sampling = sampling;
  }

  top(options: TopOptions | undefined): Promise<TopRow[]> {
    return this.#sampling.calls.runLong('top', undefined, options, readTopOptions, async (read) => {
      const { by, count, interval, signal } = read;
      const fields: readonly Listed[] = by === 'io' ? [...FIELDS, 'ioRates'] : FIELDS;
      const samples = new Samples<Listed>(this.#sampling, { fields, interval }, true);
      try {
        const sampled = samples.next();
        const { value: table } = await (signal === undefined ? sampled : abortable(sampled, signal));
        if (table === undefined) throw new ClientClosedError();
        return largest(amounts(table, by), count).map((row) => table.at(row) as TopRow);
      } finally {
        await samples.return();
      }
    });
  }
}

/** How much of it each process has; less than none where that is not known. */
function amounts(table: SampleTable<Listed>, by: TopOrder): Float64Array {
  if (by === 'memory') return table.column('memory').rss.map(known);
  if (by === 'cpu') return table.column('cpuPercent').map(known);
  const { readBytes, writeBytes } = table.column('ioRates');
  return readBytes.map((read, row) => known(read + (writeBytes[row] as number)));
}

function known(amount: number): number {
  return Number.isNaN(amount) ? -1 : amount;
}

/** The rows of the largest amounts, the largest first, and of equal ones that which comes first. */
function largest(numbers: Float64Array, count: number): number[] {
  const rows = Uint32Array.from(numbers, (_, row) => row);
  rows.sort((a, b) => (numbers[b] as number) - (numbers[a] as number) || a - b);
  return [...rows.subarray(0, count)];
}

type Listed = 'name' | 'cpuPercent' | 'memory' | 'ioRates';
const FIELDS = ['name', 'cpuPercent', 'memory'] as const satisfies readonly Listed[];
