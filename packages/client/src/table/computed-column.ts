import type { Columns } from '../schema/fields.generated.js';
import type { Field, FieldValues } from '../schema/fields.js';

/** Bytes a second. */
export interface IoRates {
  /** That storage delivered. */
  readBytes: number;
  /** That were sent to storage. */
  writeBytes: number;
}

/** {@link IoRates} of every row: a column for each member; NaN is a value that is not known. */
export interface IoRatesColumn {
  /** That storage delivered. */
  readBytes: Float64Array;
  /** That were sent to storage. */
  writeBytes: Float64Array;
}

/** The values that a sample makes of two readings. */
export interface SampledValues {
  /** Processor time, in percent of one processor: a process whose two threads were busy has 200. */
  cpuPercent: number;
  /** Bytes a second. Reading them of another user's process requires CAP_SYS_PTRACE. */
  ioRates: IoRates;
}

interface SampledColumns {
  cpuPercent: Float64Array;
  ioRates: IoRatesColumn;
}

/** What a row of any table may have, by its name. */
export type TableValues = FieldValues & SampledValues;
/** Their columns. */
export type TableColumns = Columns & SampledColumns;
/** The fields of any table. */
export type TableField = keyof TableValues;

/** A column that was not read as it is, but made of one that was. */
export interface ComputedColumn<K extends TableField = TableField> {
  /** The field of which it is made. If that could not be read, this has the same error. */
  readonly of: Field;
  has(row: number): boolean;
  value(row: number): TableValues[K] | null;
  column(): TableColumns[K];
}

/** Such columns, by their names. */
export type ComputedColumns = { readonly [K in TableField]?: ComputedColumn<K> };
