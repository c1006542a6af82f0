import {
  type Failure,
  FailureKind,
  FIELD_INDEX,
  FIELDS,
  type FieldName,
  type FieldRow,
  type Frame,
  type FrameColumn,
  fixedValue,
  type Numbering,
} from '@psutil-extra/native/protocol';
import { capabilitySet } from './capability-numbers.js';
import type { Capabilities } from './capability-set.js';
import { connections, type RawConnection } from './connections.js';
import { environOf } from './environ.js';
import type { FieldSource } from './field-source.js';
import type { BigIntLimits, Limits, ResourceName } from './limits.js';
import { memoryMaps, type RawMapping } from './memory-maps.js';
import { limitNumber, makeLimits, resourcesOf } from './resources.js';
import type { SignalMasks } from './signal-masks.js';
import { signalSet } from './signals.js';

/** The value of a field that has not failed. */
export function value(field: number, source: FieldSource): unknown {
  const frame = source.frame(field);
  if (frame === undefined) return fixedValue((FIELDS[field] as FieldRow).type, source.scalar);
  return rowValue(field, frame, source.row(field));
}

/** The value of a field in a row of a frame; null where it has none. */
export function rowValue(field: number, frame: Frame, row: number): unknown {
  return (READ[field] as Read)(frame.column(field), row, frame);
}

/**
 * Makes plain objects of a frame's rows: `pid` and these fields, in this order. Some may be computed, by the number of the row in
 * the whole table, in which the frame's first row is `first`.
 */
export function rowReader(
  fields: readonly string[],
  frame: Frame,
  computed: { readonly [name: string]: Computed | undefined } = {},
  first = 0,
): (row: number) => { pid: number; [field: string]: unknown } {
  const cells = fields.map((name) => {
    const made = computed[name];
    const field = FIELD_INDEX[(made?.of ?? name) as FieldName];
    const read: Read = made === undefined ? (READ_ROW[field] as Read) : (_, row) => made.value(first + row);
    return { name, column: frame.column(field), read };
  });
  const { pids } = frame;
  return (row) => {
    const made: { pid: number; [field: string]: unknown } = { pid: pids[row] as number };
    for (const { name, column, read } of cells) made[name] = read(column, row, frame);
    return made;
  };
}

/** A value that is made of another field's. */
interface Computed {
  readonly of: FieldName;
  value(row: number): unknown;
}

type Read = (column: FrameColumn, row: number, frame: Frame) => unknown;

/** The value of fields for which that is not the value of their type. */
const VIEWS: { readonly [view: string]: Read } = {
  time: (column, row, frame) => (column.has(row) ? milliseconds(column.numbers[row] as number, frame) : null),
  signalMasks: (column, row) =>
    column.has(row) ? column.decode(row, () => signalMasks(rawSignalMasks(column, row), column.numbering)) : null,
  limits: (column, row) => (column.has(row) ? allLimits(column, row) : null),
  capabilities: (column, row) => (column.has(row) ? capabilitySets(column, row) : null),
  environ: (column, row) => (column.has(row) ? environOf(column.value(row) as string[]) : null),
  connections: (column, row) => (column.has(row) ? connections(column.value(row) as RawConnection[]) : null),
  memoryMaps: (column, row) => (column.has(row) ? memoryMaps(column.value(row) as RawMapping[]) : null),
};

function capabilitySets(column: FrameColumn, row: number): Capabilities {
  const sets = column.members.map(({ name, column: member }) => [
    name,
    // Rows share nothing here, and a set cannot be changed.
    capabilitySet(member.numbers[row] as bigint),
  ]);
  return Object.fromEntries(sets) as Capabilities;
}

/** Thousands of rows have the same limits, which are made once. */
const ROW_VIEWS: typeof VIEWS = {
  ...VIEWS,
  limits: (column, row) => (column.has(row) ? column.decode(row, () => frozenLimits(column, row)) : null),
};

const READ = readersOf(VIEWS);
const READ_ROW = readersOf(ROW_VIEWS);

function readersOf(views: typeof VIEWS): readonly Read[] {
  return FIELDS.map(({ view }: FieldRow) => {
    const read = view === null ? (column: FrameColumn, row: number) => column.value(row) : views[view];
    if (read === undefined) throw new TypeError(`the schema has a view that the client does not know: ${view}`);
    return read;
  });
}

/**
 * A start in milliseconds since the epoch, by the clock at the time of the read: the same in every thread and program. The
 * fraction distinguishes processes, and is no time.
 */
export function milliseconds(start: number, { clock, damaged }: Frame): number {
  if (clock === undefined) throw damaged('the frame has start times and no clock');
  return clock.epoch + (Math.floor(start) * 1000) / clock.ticksPerSecond;
}

/** The start itself, as the system counts; NaN if it was not read. It is known even if its time of day is not. */
export function startIn(source: FieldSource): number {
  const frame = source.frame(START_TIME);
  if (frame === undefined) return Number.NaN;
  const start = frame.column(START_TIME).numbers[source.row(START_TIME)] as number;
  return start === 0 && frame.failure(source.row(START_TIME), START_TIME) !== undefined ? Number.NaN : start;
}

/** Why a start that was read has no time of day; `undefined` if it has one, or if no start was read. */
export function unknownTimeOfDay(source: FieldSource): Failure | undefined {
  const failure = source.failure(START_TIME);
  return failure?.kind === FailureKind.unsupported && !Number.isNaN(startIn(source)) ? failure : undefined;
}

const START_TIME = FIELD_INDEX.startTime;

/** The members of `SignalMasks` in the order of `SignalSets` in native's `src/core/schema.h`. */
export const SIGNAL_SETS = ['pending', 'blocked', 'ignored', 'caught', 'processPending'] as const;

/** A word that says which sets are known, and two for each. */
const SIGNAL_WORDS = 1 + SIGNAL_SETS.length * 2;

/** That word and those sets, without a copy: the first word of a set is at `1 + 2 * set`. */
export function rawSignalMasks(column: FrameColumn, row: number): BigUint64Array {
  const raw = column.list(row) as BigUint64Array;
  if (raw.length !== SIGNAL_WORDS) throw column.damaged(`signal masks of ${raw.length} words`);
  return raw;
}

function signalMasks(list: BigUint64Array, numbering: Numbering | undefined): SignalMasks {
  const words = new Uint32Array(list.buffer, list.byteOffset, list.byteLength / 4);
  const known = words[0] as number;
  const masks: { -readonly [K in keyof SignalMasks]: SignalMasks[K] } = {};
  SIGNAL_SETS.forEach((name, set) => {
    // Rows share the value: no caller may change it for the others.
    if ((known >> set) & 1) masks[name] = Object.freeze(signalSet(words, 2 + set * 4, numbering));
  });
  return Object.freeze(masks);
}

/** Soft and hard limit of each resource in turn, without a copy. */
export function rawLimits(column: FrameColumn, row: number): BigUint64Array {
  const raw = column.list(row) as BigUint64Array;
  if (raw.length % 2 !== 0) throw column.damaged('half a limit');
  return raw;
}

/** One limit; `undefined` if the kernel has no such resource: it may be older than the addon's headers. */
export function limit(column: FrameColumn, row: number, resource: number): Limits | undefined {
  const raw = bigIntLimit(column, row, resource);
  return raw && makeLimits(limitNumber(raw.soft), limitNumber(raw.hard));
}

/** The same as bigints. */
export function bigIntLimit(column: FrameColumn, row: number, resource: number): BigIntLimits | undefined {
  const [soft, hard] = rawLimits(column, row).subarray(resource * 2, resource * 2 + 2);
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

/** Every limit, as bigints. */
export function bigIntLimits(column: FrameColumn, row: number): Partial<Record<ResourceName, BigIntLimits>> {
  const made: Partial<Record<ResourceName, BigIntLimits>> = {};
  resourcesOf(column.numbering).names.forEach((name, resource) => {
    const found = bigIntLimit(column, row, resource);
    if (name !== undefined && found !== undefined) made[name] = found;
  });
  return made;
}

function allLimits(column: FrameColumn, row: number): Partial<Record<ResourceName, Limits>> {
  const made: Partial<Record<ResourceName, Limits>> = {};
  const raw = rawLimits(column, row);
  const { names } = resourcesOf(column.numbering);
  for (let resource = 0; resource < raw.length / 2; resource++) {
    const name = names[resource];
    if (name === undefined) continue;
    made[name] = makeLimits(limitNumber(raw[resource * 2] as bigint), limitNumber(raw[resource * 2 + 1] as bigint));
  }
  return made;
}

function frozenLimits(column: FrameColumn, row: number): Partial<Record<ResourceName, Limits>> {
  const limits = allLimits(column, row);
  for (const each of Object.values(limits)) Object.freeze(each);
  return Object.freeze(limits);
}
