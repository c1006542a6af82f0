import type { Data, DataType } from 'apache-arrow';
import type { Field, FieldValues, ProcessRow, ResourceName, SignalMasks } from '../index.js';
import { constants } from '../index.js';
import type { Listing } from './selection.js';

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
  const types = typesOf(arrow);
  const columns: [string, DataType, readonly unknown[]][] = [
    ['pid', new arrow.Int32(), rows.map(({ pid }) => pid)],
    ...fields.map((field): [string, DataType, readonly unknown[]] => {
      const toArrow = VALUES[field] as ((value: unknown) => unknown) | undefined;
      const values = rows.map((row: ProcessRow) => {
        const value: unknown = row[field];
        return value === null || toArrow === undefined ? value : toArrow(value);
      });
      return [field, types[field], values];
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

function typesOf(arrow: Arrow): Record<Field, DataType> {
  const { Field: Member, Float64, Int32, List, Struct, TimestampMillisecond, Uint16, Uint32, Utf8 } = arrow;
  const struct = (names: readonly string[], type: DataType) =>
    new Struct(names.map((name) => new Member(name, type, true)));
  const list = (type: DataType) => new List(new Member('item', type, true));
  const ids = struct(['real', 'effective', 'saved'], new Uint32());
  return {
    name: new Utf8(),
    ppid: new Int32(),
    state: new Utf8(),
    uids: ids,
    gids: ids,
    groups: list(new Uint32()),
    umask: new Uint16(),
    sigmasks: struct(SETS, list(new Utf8())),
    pgid: new Int32(),
    sid: new Int32(),
    threads: new Int32(),
    startTime: new TimestampMillisecond('UTC'),
    rlimits: struct(RESOURCES, struct(['soft', 'hard'], new Float64())),
  };
}

/** Members that this platform does not report are null. */
const SETS = ['pending', 'blocked', 'ignored', 'caught', 'processPending'] as const satisfies (keyof SignalMasks)[];
const RESOURCES = Object.keys(constants).filter((name) => name !== 'RLIM_INFINITY') as ResourceName[];

/** Converts values to the type of their column. */
const VALUES: { readonly [F in Field]?: (value: FieldValues[F]) => unknown } = {
  sigmasks: (masks) => Object.fromEntries(SETS.map((set) => [set, masks[set]?.names() ?? null])),
  startTime: (began) => Math.round(began),
  rlimits: (limits) => Object.fromEntries(RESOURCES.map((resource) => [resource, limits[resource] ?? null])),
};
