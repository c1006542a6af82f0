import type { Origin } from '../support/capabilities.js';
import type { ComputedColumns, TableField } from '../table/computed-column.js';
import { type ProcessRow, ProcessTable } from '../table/process-table.js';
import type { Reading } from './reading.js';

/** Every process, and what it has done since the sample before. */
export class SampleTable<F extends TableField = TableField> extends ProcessTable<F> {
  /** Milliseconds between the two readings. */
  readonly elapsed: number;
  /** PIDs of processes that have begun since the reading before. A PID that was reused is in `ended` too. */
  readonly started: Int32Array;
  /** PIDs of processes that have ended since. */
  readonly ended: Int32Array;

  /** @internal Made by samplers. */
  constructor(fields: readonly F[], reading: Reading, origin: Origin, computed: ComputedColumns, change: Change) {
    super(fields, reading.source, reading.frames, origin, computed);
    this.elapsed = change.elapsed;
    this.started = change.started;
    this.ended = change.ended;
  }
}

/** A process of `top()`. `ioRates` is absent unless they are ordered by it. */
export type TopRow = ProcessRow<'name' | 'cpuPercent' | 'memory'> & Partial<ProcessRow<'ioRates'>>;

interface Change {
  readonly elapsed: number;
  readonly started: Int32Array;
  readonly ended: Int32Array;
}
