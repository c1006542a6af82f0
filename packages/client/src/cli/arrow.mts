import { FIELD_INDEX, FIELDS, type FieldRow, type Type } from '@psutil-extra/native/protocol';
import type { Data, DataType } from 'apache-arrow';
import type { Connection, Field, FieldValues, ProcessRow, ResourceName, SignalMasks } from 'psutil-extra';
import { constants } from 'psutil-extra';
import type { Listing } from './selection.mjs';

type Arrow = typeof import('apache-arrow');

/**
 * An Arrow IPC file with a column for each field. A value that could not be read is null; no limit is an infinite number, as
 * in the library. Signals are lists of names, times are timestamps in UTC.
 *
 * The library that writes it is larger than all of this package, and most users never need it: it is an optional peer, and
 * only this file imports it.
 */
export async function arrowFile(listing: Listing): Promise<Uint8Array> {
  const arrow = await load();
  const { fields, rows } = listing;
  const columns: [string, DataType, readonly unknown[]][] = [
    ['pid', new arrow.Int32(), rows.map(({ pid }) => pid)],
    ...fields.map((field): [string, DataType, readonly unknown[]] => {
      const toArrow = VALUES[field] as ((value: unknown) => unknown) | undefined;
      const values = rows.map((row: ProcessRow) => {
        const value: unknown = row[field];
        return value === null || toArrow === undefined ? value : toArrow(value);
      });
      return [field, fieldType(arrow, field), values];
    }),
  ];
  const schema = new arrow.Schema(columns.map(([name, type]) => new arrow.Field(name, type, name !== 'pid')));
  const batch = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: rows.length,
    nullCount: 0,
    children: columns.map(([, type, values]) => arrow.vectorFromArray(values, type).data[0] as Data),
  });
  return arrow.tableToIPC(new arrow.Table(schema, [new arrow.RecordBatch(schema, batch)]), 'file');
}

async function load(): Promise<Arrow> {
  try {
    return await import('apache-arrow');
  } catch (error) {
    // Another error if the library is installed, and one of its own dependencies is missing.
    if (!(error as Error).message.includes("'apache-arrow'")) throw error;
    throw new Error(
      '--arrow needs the package apache-arrow, which is not installed: npm install apache-arrow (with npx: npx -p psutil-extra -p apache-arrow psutil-extra …)',
      { cause: error },
    );
  }
}

/** The column of a field: that of its view where it has one, else that of its type in the schema. */
function fieldType(arrow: Arrow, field: Field): DataType {
  const { type, view, format }: FieldRow = FIELDS[FIELD_INDEX[field]] as FieldRow;
  // All of its values fit, and files have had it so.
  if (format === 'mode') return new arrow.Uint16();
  const texts = list(arrow, new arrow.Utf8());
  switch (view) {
    case 'time':
      return new arrow.TimestampMillisecond('UTC');
    case 'signalMasks':
      return struct(
        arrow,
        SETS.map((name) => [name, texts]),
      );
    case 'limits': {
      const pair = struct(arrow, [
        ['soft', new arrow.Float64()],
        ['hard', new arrow.Float64()],
      ]);
      return struct(
        arrow,
        RESOURCES.map((name) => [name, pair]),
      );
    }
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

function list(arrow: Arrow, item: DataType): DataType {
  return new arrow.List(new arrow.Field('item', item, true));
}

function struct(arrow: Arrow, members: readonly (readonly [name: string, type: DataType])[]): DataType {
  return new arrow.Struct(members.map(([name, type]) => new arrow.Field(name, type, true)));
}

/** Members that this platform does not report are null. */
const SETS = ['pending', 'blocked', 'ignored', 'caught', 'processPending'] as const satisfies (keyof SignalMasks)[];
const RESOURCES = Object.keys(constants).filter((name) => name !== 'RLIM_INFINITY') as ResourceName[];

/** An address and its port in columns of their own, as the schema has them. */
function end(name: 'local' | 'remote', at: Connection['local']): object {
  if (at === null || typeof at === 'string') return { [name]: at, [`${name}Port`]: null };
  return { [name]: at.address, [`${name}Port`]: at.port };
}

/** Converts values to the type of their column. */
const VALUES: { readonly [F in Field]?: (value: FieldValues[F]) => unknown } = {
  sigmasks: (masks) => Object.fromEntries(SETS.map((set) => [set, masks[set]?.names() ?? null])),
  startTime: (began) => Math.round(began),
  environ: (variables) => Object.entries(variables).map(([name, value]) => ({ name, value })),
  capabilities: (sets) => Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, set.names()])),
  connections: (sockets) =>
    sockets.map(({ local, remote, ...socket }) => ({ ...socket, ...end('local', local), ...end('remote', remote) })),
  rlimits: (limits) => Object.fromEntries(RESOURCES.map((resource) => [resource, limits[resource] ?? null])),
};
