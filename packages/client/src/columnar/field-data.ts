import {
  FIELD_INDEX,
  FIELDS,
  type FieldRow,
  type Frame,
  type FrameColumn,
  fixedValue,
  type Type,
} from '@psutil-extra/native/protocol';
import type { Field as ArrowField, Data } from 'apache-arrow';
import { capabilitySet } from '../schema/capability-numbers.js';
import { milliseconds, rowValue, SIGNAL_SETS } from '../schema/decode.js';
import { environOf } from '../schema/environ.js';
import type { Field, FieldValues } from '../schema/fields.js';
import { type Arrow, arrowType, RESOURCE_NAMES } from './arrow-types.js';
import { dataOf } from './build-data.js';
import { gathered } from './gather.js';
import type { Picks } from './picks.js';
import type { Redaction } from './redaction.js';
import { Validity } from './validity.js';

/** The data of a field's column, of the rows that are picked. A value that could not be read is null. */
export function fieldData(arrow: Arrow, field: Field, picks: Picks, redaction: Redaction): Data {
  const row = FIELDS[FIELD_INDEX[field]] as FieldRow;
  const columns = picks.columns(field);
  const type = arrowType(arrow, field);
  if (row.view === 'time') return fixedData(arrow, type, picks, columns, wholeMilliseconds);
  switch (row.storage) {
    case 'variable':
      return sharedData(arrow, field, picks, columns, redaction);
    case 'fixed':
      return memberData(arrow, type, row.type, picks, columns);
    case 'struct': {
      const validity = new Validity(picks.length);
      eachValue(picks, columns, (at) => validity.set(at));
      const { members } = row.type as Extract<Type, { kind: 'struct' }>;
      const children = members.map((member, i) => {
        const ofMember = columns.map((column) => (column.members[i] as { column: FrameColumn }).column);
        const memberType = type.children[i]?.type;
        return row.view === 'capabilities'
          ? distinctData(arrow, memberType, picks, ofMember, (bits) => capabilitySet(bits as bigint).names())
          : memberData(arrow, memberType, member.type, picks, ofMember);
      });
      return arrow.makeData({ type, length: picks.length, ...validity.parts, children } as never) as Data;
    }
  }
}

type ArrowType = ArrowField['type'];
type Element = (cell: number | bigint, frame: Frame) => unknown;

/** A column of one number for each row. */
function memberData(arrow: Arrow, type: ArrowType, logical: Type, picks: Picks, columns: readonly FrameColumn[]): Data {
  if (logical.kind === 'enum') return distinctData(arrow, type, picks, columns, (cell) => fixedValue(logical, cell));
  if (logical.kind === 'bool') return distinctData(arrow, type, picks, columns, (cell) => cell !== 0);
  return fixedData(arrow, type, picks, columns, (cell) => fixedValue(logical, cell));
}

function fixedData(
  arrow: Arrow,
  type: ArrowType,
  picks: Picks,
  columns: readonly FrameColumn[],
  element: Element,
): Data {
  const { frames, part, row, length } = picks;
  const validity = new Validity(length);
  const data = new type.ArrayType(length);
  eachValue(picks, columns, (at) => {
    validity.set(at);
    const of = part[at] as number;
    data[at] = element((columns[of] as FrameColumn).numbers[row[at] as number] as number | bigint, frames[of] as Frame);
  });
  return arrow.makeData({ type, length, ...validity.parts, data } as never) as Data;
}

/** A column of numbers that stand for other values, each of which is made once. */
function distinctData(
  arrow: Arrow,
  type: ArrowType,
  picks: Picks,
  columns: readonly FrameColumn[],
  element: (cell: number | bigint) => unknown,
): Data {
  const known = new Map<number | bigint, number>();
  const values: unknown[] = [];
  const from = new Int32Array(picks.length).fill(-1);
  eachValue(picks, columns, (at) => {
    const column = columns[picks.part[at] as number] as FrameColumn;
    const cell = column.numbers[picks.row[at] as number] as number | bigint;
    let place = known.get(cell);
    if (place === undefined) {
      place = values.push(element(cell)) - 1;
      known.set(cell, place);
    }
    from[at] = place;
  });
  return gathered(arrow, dataOf(arrow, type, values), from);
}

/** A column of a dictionary: rows of a frame that share a value have it converted once. */
function sharedData(
  arrow: Arrow,
  field: Field,
  { frames, part, row, length }: Picks,
  columns: readonly FrameColumn[],
  redaction: Redaction,
): Data {
  const known = columns.map((column) => new Int32Array(column.distinct).fill(-1));
  const values: unknown[] = [];
  const from = new Int32Array(length).fill(-1);
  for (let at = 0; at < length; at++) {
    const of = part[at] as number;
    const column = columns[of] as FrameColumn;
    const place = row[at] as number;
    if (!column.has(place)) continue;
    const code = column.numbers[place] as number;
    const seen = known[of] as Int32Array;
    if (!(code < seen.length)) throw column.damaged(`the dictionary has no entry ${code}`);
    if (seen[code] === -1)
      seen[code] = values.push(sharedValue(field, column, place, frames[of] as Frame, redaction)) - 1;
    from[at] = seen[code] as number;
  }
  return gathered(arrow, dataOf(arrow, arrowType(arrow, field), values), from);
}

/** A value as its column has it. */
function sharedValue(field: Field, column: FrameColumn, row: number, frame: Frame, redaction: Redaction): unknown {
  const index = FIELD_INDEX[field];
  const { type, view } = FIELDS[index] as FieldRow;
  switch (view) {
    case 'signalMasks': {
      const masks = rowValue(index, frame, row) as FieldValues['sigmasks'];
      // A set that this platform does not report is null.
      return Object.fromEntries(SIGNAL_SETS.map((set) => [set, masks[set]?.names() ?? null]));
    }
    case 'limits': {
      const limits = rowValue(index, frame, row) as FieldValues['rlimits'];
      return Object.fromEntries(RESOURCE_NAMES.map((resource) => [resource, limits[resource] ?? null]));
    }
    case 'environ': {
      // Each entry by itself, with its name: `NAME=value`.
      const entries = (column.value(row) as string[]).map((entry) => redaction.texts([entry])[0] as string);
      return Object.entries(environOf(entries)).map(([name, value]) => ({ name, value }));
    }
    default:
      return redaction.value(type, column.value(row));
  }
}

/** Calls back with the position of each row that has a value. */
function eachValue(picks: Picks, columns: readonly FrameColumn[], callback: (at: number) => void): void {
  const { part, row, length } = picks;
  for (let at = 0; at < length; at++) {
    if ((columns[part[at] as number] as FrameColumn).has(row[at] as number)) callback(at);
  }
}

const wholeMilliseconds: Element = (cell, frame) => BigInt(Math.round(milliseconds(Number(cell), frame)));
