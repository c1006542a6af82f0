import {
  FIELD_INDEX,
  FIELDS,
  type FieldRow,
  type Frame,
  type FrameColumn,
  type Numbers,
  type Type,
} from '@psutil-extra/native/protocol';
import { milliseconds, rawLimits, rawSignalMasks, rowValue, SIGNAL_SETS } from '../schema/decode.js';
import type { Columns } from '../schema/fields.generated.js';
import type { Field } from '../schema/fields.js';
import type { ListColumn } from '../schema/list-column.js';
import { limitNumber, resourcesOf } from '../schema/resources.js';

/** @internal Joins the column of each frame. */
export function makeColumn<F extends Field>(field: F, frames: readonly Frame[], length: number): Columns[F];
export function makeColumn(field: Field, frames: readonly Frame[], length: number): unknown {
  const index = FIELD_INDEX[field];
  const { type, view } = FIELDS[index] as FieldRow;
  const parts: Part[] = frames.map((frame) => ({ frame, column: frame.column(index) }));
  const build = view === null ? BUILDERS[type.kind] : VIEWS[view];
  return (build as Build)(type, parts, length, index);
}

/** Arrow's bitmap of a column: a bit for each row, set if it has a value. */
export function validityOf(field: number, frames: readonly Frame[], length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  let at = 0;
  for (const frame of frames) {
    const column = frame.column(field);
    for (let row = 0; row < frame.rows; row++, at++) if (column.has(row)) (bits[at >> 3] as number) |= 1 << (at & 7);
  }
  return bits;
}

/** Such a bitmap of a column that is made of others. */
export function validityBits(length: number, has: (row: number) => boolean): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  for (let row = 0; row < length; row++) if (has(row)) (bits[row >> 3] as number) |= 1 << (row & 7);
  return bits;
}

interface Part {
  readonly frame: Frame;
  readonly column: FrameColumn;
}

type Build = (type: Type, parts: readonly Part[], length: number, field: number) => unknown;

const minusOne =
  (make: new (length: number) => Int32Array | Float64Array): Build =>
  (_, parts, length) =>
    filled(new make(length), parts, -1, (column, row) => column.numbers[row] as number);

/** Sizes and times: every number is a possible value, so that NaN means missing. */
const float64: Build = (_, parts, length) =>
  filled(new Float64Array(length), parts, Number.NaN, (column, row) => Number(column.numbers[row]));

const objects: Build = (_, parts, __, field) =>
  parts.flatMap(({ frame }) => Array.from({ length: frame.rows }, (_row, row) => rowValue(field, frame, row)));

/** One builder for each logical type. */
const BUILDERS: { readonly [kind in Type['kind']]: Build } = {
  bool: objects,
  enum: objects,
  text: objects,
  bytes: objects,
  i32: minusOne(Int32Array),
  u32: minusOne(Float64Array),
  i64: float64,
  u64: float64,
  f64: float64,
  list: (type, parts, length, field) => {
    const { item } = type as { readonly item: Type };
    if (item.kind === 'struct') return objects(type, parts, length, field);
    return item.kind === 'text' ? texts(parts, length) : numbers(item, parts, length);
  },
  struct: (type, parts, length, field) => {
    if ((FIELDS[field] as FieldRow).storage === 'variable') return objects(type, parts, length, field);
    const made: Record<string, unknown> = {};
    membersOf(type).forEach((member, i) => {
      const members = memberParts(parts, i);
      const isNumber = !['bool', 'enum'].includes(member.type.kind);
      made[member.name] = isNumber
        ? BUILDERS[member.type.kind](member.type, members, length, field)
        : valuesOf(members);
    });
    return made;
  },
};

function membersOf(type: Type): readonly { readonly name: string; readonly type: Type }[] {
  return (type as { readonly members: readonly { name: string; type: Type }[] }).members;
}

function memberParts(parts: readonly Part[], member: number): Part[] {
  return parts.map(({ frame, column }) => ({
    frame,
    column: (column.members[member] as { column: FrameColumn }).column,
  }));
}

/** Members of a struct that are not numbers. */
const valuesOf = (parts: readonly Part[]): unknown[] =>
  parts.flatMap(({ frame, column }) => Array.from({ length: frame.rows }, (_, row) => column.value(row)));

const VIEWS: { readonly [view: string]: Build } = {
  environ: objects,
  connections: objects,
  memoryMaps: objects,
  capabilities: (type, parts, length) =>
    Object.fromEntries(
      membersOf(type).map(({ name }, i) => [
        name,
        filled(new BigUint64Array(length), memberParts(parts, i), 0n, (column, row) => column.numbers[row] as bigint),
      ]),
    ),
  time: (_, parts, length) =>
    filled(new Float64Array(length), parts, Number.NaN, (column, row, frame) =>
      milliseconds(column.numbers[row] as number, frame),
    ),
  signalMasks: (_, parts, length) =>
    Object.fromEntries(
      SIGNAL_SETS.map((name, set) => [
        name,
        filled(
          new BigUint64Array(length),
          parts,
          0n,
          (column, row) => rawSignalMasks(column, row)[1 + set * 2] as bigint,
        ),
      ]),
    ),
  limits: (_, parts, length) => {
    // Thousands of rows share a few sets of limits.
    const shared = new Map<FrameColumn, Float64Array[]>(parts.map(({ column }) => [column, []]));
    const numbersOf = (column: FrameColumn, row: number): Float64Array => {
      const known = shared.get(column) as Float64Array[];
      const code = column.numbers[row] as number;
      known[code] ??= Float64Array.from(rawLimits(column, row), limitNumber);
      return known[code];
    };
    const one = (at: number) =>
      filled(new Float64Array(length), parts, Number.NaN, (column, row) => numbersOf(column, row)[at] ?? Number.NaN);
    return Object.fromEntries(
      resourcesOf(parts[0]?.column.numbering).names.flatMap((name, resource) =>
        name === undefined ? [] : [[name, { soft: one(resource * 2), hard: one(resource * 2 + 1) }]],
      ),
    );
  },
};

function filled<A extends Int32Array | Float64Array | BigUint64Array>(
  made: A,
  parts: readonly Part[],
  missing: A[number],
  element: (column: FrameColumn, row: number, frame: Frame) => A[number],
): A {
  let at = 0;
  for (const { frame, column } of parts) {
    for (let row = 0; row < frame.rows; row++) made[at++] = column.has(row) ? element(column, row, frame) : missing;
  }
  return made;
}

function numbers(item: Type, parts: readonly Part[], length: number): ListColumn<Uint32Array | Float64Array> {
  const { offsets, lists } = listed(parts, length, (column, row) => column.list(row));
  const total = offsets[length] as number;
  const values = item.kind === 'u32' ? new Uint32Array(total) : new Float64Array(total);
  lists.forEach((list, row) => {
    let at = offsets[row] as number;
    for (let i = 0; i < list.length; i++) values[at++] = Number(list[i]);
  });
  return { offsets, values };
}

function texts(parts: readonly Part[], length: number): ListColumn<string[]> {
  const { offsets, lists } = listed(parts, length, (column, row) => column.value(row) as string[]);
  return { offsets, values: lists.flat() };
}

function listed<L extends Numbers | string[]>(
  parts: readonly Part[],
  length: number,
  listOf: (column: FrameColumn, row: number) => L,
): { offsets: Uint32Array; lists: (L | never[])[] } {
  const offsets = new Uint32Array(length + 1);
  const lists: (L | never[])[] = [];
  let end = 0;
  for (const { frame, column } of parts) {
    for (let row = 0; row < frame.rows; row++) {
      const list = column.has(row) ? listOf(column, row) : [];
      end += list.length;
      lists.push(list);
      offsets[lists.length] = end;
    }
  }
  return { offsets, lists };
}
