import { type Dictionary, FIELD_INDEX, type Frame, NO_ENTRY } from '@psutil-extra/worker';
import { failureIn } from './cells.js';
import { type Field, limitNumbers, milliseconds, SIGNAL_SETS, type State, value } from './fields.js';
import { RESOURCES, type ResourceName } from './resources.js';
import type { SignalMasks } from './signals.js';

/** User or group ids, one of each kind a row; −1 where they could not be read. */
export interface IdsColumn {
  /** Of who started it. */
  real: Float64Array;
  /** The one that permissions are checked by. */
  effective: Float64Array;
  /** The one that it may become again. */
  saved: Float64Array;
}

/** Lists of different lengths: those of row `i` are `values` from `offsets[i]` up to `offsets[i + 1]`. */
export interface GroupsColumn {
  /** Where each row's ids begin in `values`, and at last where they end: one more than there are rows. */
  offsets: Uint32Array;
  /** The group ids of all rows, one after another. Who is in no group and who could not be read have none: `table.error()` tells them apart. */
  values: Uint32Array;
}

/** What `table.column()` gives for each field, a value a row in the order of `table.pids`. Units are those of {@link FieldValues}. */
export interface Columns {
  /** `null` where it could not be read. */
  name: (string | null)[];
  /** −1 where it could not be read; 0 is no parent, or none in this PID namespace. */
  ppid: Int32Array;
  /** `null` where it could not be read. */
  state: (State | null)[];
  /** User ids: three columns. */
  uids: IdsColumn;
  /** Group ids: three columns. */
  gids: IdsColumn;
  /** Supplementary group ids: lists of different lengths. */
  groups: GroupsColumn;
  /** `0o022` is 18; −1 where it could not be read, as of a zombie. */
  umask: Int32Array;
  /** A column a set. Bit 0 is signal 1; all zero where they could not be read. */
  sigmasks: { [K in keyof SignalMasks]-?: BigUint64Array };
  /** −1 where it could not be read. */
  pgid: Int32Array;
  /** −1 where it could not be read. */
  sid: Int32Array;
  /** How many; −1 where it could not be read. */
  threads: Int32Array;
  /** Milliseconds since the epoch; NaN where it could not be read. */
  startTime: Float64Array;
  /** Two columns for each resource of this platform, in the units of getrlimit(2). `Infinity` is no limit, NaN one that could not be read. */
  rlimits: Partial<Record<ResourceName, { soft: Float64Array; hard: Float64Array }>>;
}

/** @internal Joins the column of each frame. */
export function makeColumn<F extends Field>(field: F, frames: readonly Frame[], length: number): Columns[F];
export function makeColumn(field: Field, frames: readonly Frame[], length: number): unknown {
  const index = FIELD_INDEX[field];
  switch (field) {
    case 'umask':
    case 'ppid':
    case 'pgid':
    case 'sid':
    case 'threads':
      return filled(new Int32Array(length), frames, index, (cell) => cell);
    case 'startTime':
      return filled(new Float64Array(length), frames, index, milliseconds);
    case 'name':
    case 'state':
      return texts(frames, index);
    case 'uids':
    case 'gids':
      return ids(frames, index, length);
    case 'groups':
      return groups(frames, index, length);
    case 'sigmasks':
      return sigmasks(frames, index, length);
    case 'rlimits':
      return rlimits(frames, index, length);
  }
}

function filled<A extends Int32Array | Float64Array | BigUint64Array>(
  column: A,
  frames: readonly Frame[],
  field: number,
  element: (cell: number, frame: Frame) => A[number],
): A {
  let at = 0;
  for (const frame of frames) {
    const cells = frame.column(field);
    for (let row = 0; row < frame.rows; row++) column[at++] = element(cells[row] as number, frame);
  }
  return column;
}

function texts(frames: readonly Frame[], field: number): unknown[] {
  return frames.flatMap((frame) =>
    Array.from({ length: frame.rows }, (_, row) =>
      failureIn(frame, row, field) === undefined ? value(field, frame, cellAt(frame, field, row)) : null,
    ),
  );
}

function cellAt(frame: Frame, field: number, row: number): number {
  return frame.column(field)[row] as number;
}

function ids(frames: readonly Frame[], field: number, length: number): IdsColumn {
  const one = (which: number) =>
    filled(new Float64Array(length), frames, field, (cell, frame) =>
      cell === NO_ENTRY ? -1 : (frame.made(field, cell, u32)[which] as number),
    );
  return { real: one(0), effective: one(1), saved: one(2) };
}

function groups(frames: readonly Frame[], field: number, length: number): GroupsColumn {
  const offsets = new Uint32Array(length + 1);
  let at = 0;
  let end = 0;
  for (const frame of frames) {
    const cells = frame.column(field);
    for (let row = 0; row < frame.rows; row++) {
      end += listOf(frame, field, cells[row] as number).length;
      offsets[++at] = end;
    }
  }
  const values = new Uint32Array(end);
  at = 0;
  for (const frame of frames) {
    const cells = frame.column(field);
    for (let row = 0; row < frame.rows; row++) {
      values.set(listOf(frame, field, cells[row] as number), offsets[at++]);
    }
  }
  return { offsets, values };
}

function listOf(frame: Frame, field: number, cell: number): Uint32Array {
  return cell === NO_ENTRY ? NO_LIST : frame.made(field, cell, u32);
}

function sigmasks(frames: readonly Frame[], field: number, length: number): Columns['sigmasks'] {
  const column = (set: number) =>
    filled(new BigUint64Array(length), frames, field, (cell, frame) =>
      // Behind the word that says which sets are known, each set has two words.
      cell === NO_ENTRY ? 0n : (frame.dictionary(field).u64(cell)[1 + set * 2] as bigint),
    );
  const [pending, blocked, ignored, caught, processPending] = SIGNAL_SETS.map((_, set) => column(set));
  return { pending, blocked, ignored, caught, processPending } as Columns['sigmasks'];
}

function rlimits(frames: readonly Frame[], field: number, length: number): Columns['rlimits'] {
  const columns: Columns['rlimits'] = {};
  RESOURCES.forEach((name, resource) => {
    if (name === undefined) return;
    const one = (which: number) =>
      filled(new Float64Array(length), frames, field, (cell, frame) =>
        cell === NO_ENTRY ? Number.NaN : (limitNumbers(frame, cell)[resource * 2 + which] ?? Number.NaN),
      );
    columns[name] = { soft: one(0), hard: one(1) };
  });
  return columns;
}

function u32(dictionary: Dictionary, entry: number): Uint32Array {
  return dictionary.u32(entry);
}

const NO_LIST = new Uint32Array(0);
