import { FIELD_INDEX, FIELDS, type FieldRow, type Type } from '@psutil-extra/native/protocol';
import type { DataType } from 'apache-arrow';
import { SIGNAL_SETS } from '../schema/decode.js';
import type { Field } from '../schema/fields.js';
import type { ResourceName } from '../schema/limits.js';
import { constants } from '../schema/resources.js';
import type { TableField } from '../table/computed-column.js';

/** The library, which the caller has loaded: it is larger than all of this package. */
export type Arrow = typeof import('apache-arrow');

/** The column of a field: that of its view where it has one, else that of its type in the schema. */
export function arrowType(arrow: Arrow, field: TableField): DataType {
  if (field === 'cpuPercent') return new arrow.Float64();
  if (field === 'ioRates') return numbers(arrow, ['readBytes', 'writeBytes']);
  const { type, view, format }: FieldRow = FIELDS[FIELD_INDEX[field as Field]] as FieldRow;
  // All of its values fit, and files have had it so.
  if (format === 'mode') return new arrow.Uint16();
  const texts = list(arrow, new arrow.Utf8());
  switch (view) {
    case 'time':
      return new arrow.TimestampMillisecond('UTC');
    case 'signalMasks':
      return struct(
        arrow,
        SIGNAL_SETS.map((name) => [name, texts]),
      );
    case 'limits':
      return struct(
        arrow,
        RESOURCE_NAMES.map((name) => [name, numbers(arrow, ['soft', 'hard'])]),
      );
    case 'environ':
      return list(
        arrow,
        struct(arrow, [
          ['name', new arrow.Utf8()],
          ['value', new arrow.Utf8()],
        ]),
      );
    case 'capabilities':
      return struct(
        arrow,
        (type as Extract<Type, { kind: 'struct' }>).members.map(({ name }) => [name, texts]),
      );
    default:
      return columnType(arrow, type);
  }
}

/** The resources of this platform, in the order in which files have always had them. */
export const RESOURCE_NAMES = Object.keys(constants).filter((name) => name !== 'RLIM_INFINITY') as ResourceName[];

function columnType(arrow: Arrow, type: Type): DataType {
  switch (type.kind) {
    case 'bool':
      return new arrow.Bool();
    case 'enum':
    case 'text':
      return new arrow.Utf8();
    case 'bytes':
      return new arrow.Binary();
    case 'i32':
      return new arrow.Int32();
    case 'u32':
      return new arrow.Uint32();
    case 'u64':
      return type.bigint === true ? new arrow.Uint64() : new arrow.Float64();
    case 'list':
      return list(arrow, columnType(arrow, type.item));
    case 'struct':
      return struct(
        arrow,
        type.members.map((member) => [member.name, columnType(arrow, member.type)]),
      );
    default:
      // Sizes and times are numbers in the library.
      return new arrow.Float64();
  }
}

function numbers(arrow: Arrow, names: readonly string[]): DataType {
  return struct(
    arrow,
    names.map((name) => [name, new arrow.Float64()]),
  );
}

function list(arrow: Arrow, item: DataType): DataType {
  return new arrow.List(new arrow.Field('item', item, true));
}

function struct(arrow: Arrow, members: readonly (readonly [name: string, type: DataType])[]): DataType {
  return new arrow.Struct(members.map(([name, type]) => new arrow.Field(name, type, true)));
}
