import { Frame } from '@psutil-extra/native/protocol';
import type { Data, DataType, RecordBatch } from 'apache-arrow';
import type { Field } from '../schema/fields.js';
import type { ComputedPart, TableParts } from '../table/table-parts.js';
import { type Arrow, arrowType } from './arrow-types.js';
import { dataOf } from './build-data.js';
import { fieldData } from './field-data.js';
import { gathered } from './gather.js';
import { Picks } from './picks.js';
import { Redaction } from './redaction.js';
import { Validity } from './validity.js';

export interface BatchOptions {
  /** Which rows, by their positions and in this order. Default: all. */
  readonly rows?: Iterable<number>;
  /** What is replaced in texts. */
  readonly redact?: readonly RegExp[];
  /** Columns that stand before all others: the machine, and when it was read. */
  readonly origin?: { readonly host: string; readonly time: number };
}

/**
 * A table as a record batch of Arrow with a column for each field. A value that could not be read is null; no limit is an
 * infinite number, as in the library. Signals are lists of names, times are timestamps in UTC.
 */
export function recordBatch(arrow: Arrow, parts: TableParts, options: BatchOptions = {}): RecordBatch {
  const { redact = [], origin } = options;
  const rows = options.rows === undefined ? undefined : Uint32Array.from(options.rows);
  const frames = parts.frames.map((buffer) => new Frame(buffer));
  const picks = new Picks(frames, rows);
  const redaction = new Redaction(redact);
  const columns: [string, DataType, Data][] = parts.fields.map((field) => {
    const computed = parts.computed[field];
    const type = arrowType(arrow, field);
    const data =
      computed === undefined
        ? fieldData(arrow, field as Field, picks, redaction)
        : computedData(arrow, type, computed, rows, picks.length);
    return [field, type, data];
  });
  const pids = arrow.makeData({ type: new arrow.Int32(), length: picks.length, nullCount: 0, data: picks.pids() });
  const first: [string, DataType, Data][] = [...originData(arrow, origin, picks.length), ['pid', pids.type, pids]];
  const schema = new arrow.Schema([
    ...first.map(([name, type]) => new arrow.Field(name, type, false)),
    ...columns.map(([name, type]) => new arrow.Field(name, type, true)),
  ]);
  const data = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: picks.length,
    nullCount: 0,
    children: [...first, ...columns].map(([, , each]) => each),
  });
  return new arrow.RecordBatch(schema, data as never);
}

/** A table as a file of Arrow, or as a stream. */
export function arrowBytes(
  arrow: Arrow,
  parts: TableParts,
  format: 'file' | 'stream',
  options: BatchOptions = {},
): Uint8Array {
  const batch = recordBatch(arrow, parts, options);
  return arrow.tableToIPC(new arrow.Table(batch.schema, [batch]), format);
}

function originData(arrow: Arrow, origin: BatchOptions['origin'], length: number): [string, DataType, Data][] {
  if (origin === undefined) return [];
  const host = gathered(arrow, dataOf(arrow, new arrow.Utf8(), [origin.host]), new Int32Array(length));
  const type = new arrow.TimestampMillisecond('UTC');
  const data = new BigInt64Array(length).fill(BigInt(Math.round(origin.time)));
  const time = arrow.makeData({ type, length, nullCount: 0, data });
  return [
    ['host', host.type, host],
    ['time', type, time],
  ];
}

/** A column that a sample has made of two readings: numbers in which NaN is missing. */
function computedData(
  arrow: Arrow,
  type: DataType,
  { column, validity }: ComputedPart,
  rows: Uint32Array | undefined,
  length: number,
): Data {
  const place = (at: number) => rows?.[at] ?? at;
  const numbers = (from: Float64Array): Data => {
    const bits = new Validity(length);
    const data = Float64Array.from({ length }, (_, at) => {
      const number = from[place(at)] as number;
      if (Number.isNaN(number)) return 0;
      bits.set(at);
      return number;
    });
    return arrow.makeData({ type: new arrow.Float64(), length, ...bits.parts, data });
  };
  if (column instanceof Float64Array) return numbers(column);
  const known = new Validity(length);
  for (let at = 0; at < length; at++) {
    if (((validity[place(at) >> 3] as number) >> (place(at) & 7)) & 1) known.set(at);
  }
  const children = type.children.map(({ name }) => numbers(column[name] as Float64Array));
  return arrow.makeData({ type, length, ...known.parts, children } as never) as Data;
}
