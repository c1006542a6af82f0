import type { Frame } from '@psutil-extra/native/protocol';
import { Scan } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { DEFAULT_FIELDS, type Fields, fieldList, type NamedField, type Origin } from '../schema/fields.js';
import { invalidType, isIterable } from '../support/arguments.js';
import type { ReadScanOptions } from '../support/call-options.js';
import { processError } from '../support/errors.js';
import { ProcessTable } from '../table/process-table.js';
import type { CheckedOptions } from './client-options.js';

/** What a scan uses of a client for its tables. */
export interface Scanning extends ScanContext {
  readonly options: CheckedOptions;
  readonly origin: Origin;
}

/** @internal A scan, and the tables that are made of its frames. */
export class TableScan<F extends readonly NamedField[]> {
  readonly signal: AbortSignal | undefined;
  readonly #client: Scanning;
  readonly #fields: readonly Fields<F>[];
  readonly #scan: Scan;

  /** Checks the options; reads nothing. */
  constructor(client: Scanning, options: ReadScanOptions, batchSize: number) {
    const { signal, fields = DEFAULT_FIELDS, pids } = options;
    const { names, set } = fieldList(fields);
    if (pids !== undefined && !isIterable(pids)) throw invalidType('options.pids', 'an iterable of PIDs', pids);
    const { strategy, origin } = client;
    const refusal = pids === undefined && client.options.source === 'bpf' ? strategy.foreseenRefusal : null;
    if (refusal !== null) throw processError(refusal, 0, 'scan', origin.root);
    this.signal = signal;
    this.#client = client;
    this.#fields = names as readonly Fields<F>[];
    this.#scan = new Scan(client, set, pids, signal, batchSize);
  }

  /** The next batch's frames; `undefined` after the last. */
  batch(): Promise<Frame[] | undefined> {
    return this.#scan.batch();
  }

  /** The table of the batch that was read last. */
  table(frames: readonly Frame[]): ProcessTable<Fields<F>> {
    return new ProcessTable(this.#fields, this.#scan.source, frames, this.#client.origin);
  }
}
