import type { CallRunner } from '../calls/call-runner.js';
import { ONE_BATCH } from '../scan/scan.js';
import type { Fields, NamedField } from '../schema/fields.js';
import { checkInteger } from '../support/arguments.js';
import { readBatchesOptions, readScanOptions } from '../support/call-options.js';
import type { ProcessTable } from '../table/process-table.js';
import { type TableContext, TableScan } from './table-scan.js';

/** Calls that return columns. */
export class TableCall {
  readonly #context: TableContext;
  readonly #calls: CallRunner;

  constructor(context: TableContext, calls: CallRunner) {
    this.#context = context;
    this.#calls = calls;
  }

  scan<F extends readonly NamedField[]>(options: object | undefined): Promise<ProcessTable<Fields<F>>> {
    return this.#calls.run('scan', undefined, options, readScanOptions, async (read) => {
      const scan = new TableScan<F>(this.#context, read, ONE_BATCH);
      return scan.table((await scan.batch()) ?? []);
    });
  }

  async *batches<F extends readonly NamedField[]>(
    options: object | undefined,
  ): AsyncGenerator<ProcessTable<Fields<F>>, void, undefined> {
    const scan = await this.#calls.start(options, readBatchesOptions, async (read) => {
      const batchSize = checkInteger('options.batchSize', read.batchSize ?? DEFAULT_BATCH, 1, 2 ** 31 - 1);
      return new TableScan<F>(this.#context, read, batchSize);
    });
    for (;;) {
      const frames = await this.#calls.step('scanBatches', { signal: scan.signal }, () => scan.batch());
      if (frames === undefined) return;
      if (frames.length > 0) yield scan.table(frames);
    }
  }
}

const DEFAULT_BATCH = 1024;
