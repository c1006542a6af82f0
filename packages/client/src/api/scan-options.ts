import type { NamedField } from '../schema/fields.js';
import type { CallOptions } from '../support/call-options.js';
import type { Proc } from './process.js';

/** Options of `scan()`. */
export interface ScanOptions<F extends readonly NamedField[]> extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
  /** Which processes. Default: every one. */
  readonly pids?: Iterable<Proc> | undefined;
}

/** Options of `scanBatches()`. */
export interface ScanBatchesOptions<F extends readonly NamedField[]> extends ScanOptions<F> {
  /** The most processes in a table. Default 1024. */
  readonly batchSize?: number | undefined;
}
