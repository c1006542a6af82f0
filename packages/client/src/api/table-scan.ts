import type { Frame } from '@psutil-extra/native/protocol';
import { Scan } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { DEFAULT_FIELDS, type Fields, fieldList, type NamedField } from '../schema/fields.js';
import { invalidType, isIterable } from '../support/arguments.js';
import type { ReadScanOptions } from '../support/call-options.js';
import { processError } from '../support/errors.js';
import { ProcessTable } from '../table/process-table.js';
import type { CheckedOptions } from './client-options.js';

/** @internal What it uses of its client. */
export interface TableContext extends ScanContext {
  readonly options: CheckedOptions;
}

/** @internal A scan, and the tables that are made of its frames. */
export class TableScan<F extends readonly NamedField[]> {
  readonly signal: AbortSignal | undefined;
  readonly #context: TableContext;
  readonly #fields: readonly Fields<F>[];
  readonly #scan: Scan;

  /** Checks the options; reads nothing. */
  constructor(context: TableContext, options: ReadScanOptions, batchSize: number) {
    const { signal, fields = DEFAULT_FIELDS, pids } = options;
    const { names, set } = fieldList(fields);
    if (pids !== undefined && !isIterable(pids)) throw invalidType('options.pids', 'an iterable of PIDs', pids);
    const { strategy, origin } = context;
    const refusal = pids === undefined && context.options.source === 'bpf' ? strategy.foreseenRefusal : null;
    if (refusal !== null) throw processError(refusal, 0, 'scan', origin);
    this.signal = signal;
    this.#context = context;
    this.#fields = names as readonly Fields<F>[];
    this.#scan = new Scan(context, set, pids, signal, batchSize);
  }

  /** The next batch's frames; `undefined` after the last. */
  batch(): Promise<Frame[] | undefined> {
    return this.#scan.batch();
  }

  /** The table of the batch that was read last. */
  table(frames: readonly Frame[]): ProcessTable<Fields<F>> {
    return new ProcessTable(this.#fields, this.#scan.source, frames, this.#context.origin);
  }
}
