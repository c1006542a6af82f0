import type { Action, Failure, FieldBits, PackedScalar } from './protocol/index.js';

/**
 * The operations of the addon's `Reader`. `src/binding/operation.h` has the same operations and positions. The addon takes a
 * number and positional arguments, because reading an object's properties there takes longer than some reads.
 */
export const Op = Object.freeze({
  pids: 0,
  table: 1,
  cursor: 2,
  list: 3,
  act: 4,
  descendants: 5,
  endSampler: 6,
} as const);

/** The arguments of every read. */
interface Read {
  /** The fields of all processes together. */
  readonly fields: FieldBits;
  /** Bits of `ReadFlag`. */
  readonly flags?: number;
  /** While its element is above 0, the read stops after a few processes. The frame's `taken` is how many it has read. */
  readonly urgentPending?: Int32Array | null;
}

/** A row for each PID, in their order. Without flags, one whole number of one process is answered with that number alone. */
export interface ReadPids extends Read {
  readonly op: 'pids';
  readonly pids: Int32Array;
  /** The start that each process must have. */
  readonly starts?: Float64Array | null | undefined;
  /** A table of sets, and for each PID the position of its set there; all `fields` of each if there is none. */
  readonly sets?: Float64Array | null | undefined;
  readonly setOf?: Uint8Array | null | undefined;
}

/** A row for every process, by one call of the system, of fields in `Capabilities.bulk`. If the call fails, so does the read. */
export interface ReadTable extends Read {
  readonly op: 'table';
}

/**
 * About `max` of all processes from a position on, 0 at first; the frame's `next` is where the next part begins, below 0
 * after the last. By `Capabilities.walk`, or with `ReadFlag.listed` from the list of PIDs. `number` is the same for all parts
 * of a read.
 */
export interface ReadCursor extends Read {
  readonly op: 'cursor';
  readonly number: number;
  readonly from: number;
  readonly max: number;
  /**
   * With `ReadFlag.sampled` and `ReadFlag.listed`: what is opened stays open for the next reading of this number, until
   * {@link EndSampler}; at most `maxHeld` descriptors, a quarter of all if that is −1. 0 is none.
   */
  readonly sampler?: number | undefined;
  readonly maxHeld?: number | undefined;
}

/** About `max` PIDs from a cursor on, 0 at first; the answer's cursor is the position after them, −1 at the end. */
export interface ListPids {
  readonly op: 'list';
  readonly cursor: number;
  readonly max: number;
  readonly urgentPending?: Int32Array | null;
}

/**
 * These PIDs and those of all their descendants, by the kernel's lists of children. The answer's cursor is −1 if those are all,
 * and 0 if there are more than `max`.
 */
export interface ListDescendants {
  readonly op: 'descendants';
  readonly pids: Int32Array;
  readonly max: number;
}

/** Closes what is open for a sampler. */
export interface EndSampler {
  readonly op: 'endSampler';
  readonly sampler: number;
}

/** Changes one process. Returns the values that it had before. */
export interface Act {
  readonly op: 'act';
  readonly pid: number;
  /** `ANY_START`, or the start that the process must have. */
  readonly start: number;
  readonly action: Pick<Action, 'kind' | 'arguments'>;
}

export type ReadOperation = ReadPids | ReadTable | ReadCursor;

/** Blocking calls of the system. A reader belongs to one thread. A wrong argument is a TypeError that names it. */
export interface Reader {
  /** The arguments are those of {@link run}, by position. */
  run(op: number, ...positional: unknown[]): unknown;
  /** What distinguishes this boot of the system from every other; empty where the system has no such text. */
  bootId(): string;
  /** Called when there has been nothing to read for some time: ends processes that help with reads. Returns whether to call again. */
  rest(): boolean;
}

/** Performs an operation: an `ArrayBuffer` is that of a `Frame`. */
export function run(reader: Reader, operation: ReadOperation): ArrayBuffer | PackedScalar | Failure;
export function run(
  reader: Reader,
  operation: ListPids | ListDescendants,
): { pids: Int32Array; cursor: number } | Failure;
export function run(reader: Reader, operation: EndSampler): void;
export function run(reader: Reader, operation: Act): BigUint64Array | Failure;
export function run(reader: Reader, operation: ReadOperation | ListPids | ListDescendants | EndSampler | Act): unknown {
  switch (operation.op) {
    case 'pids': {
      const { fields, flags = 0, urgentPending = null, pids, starts = null, sets = null, setOf = null } = operation;
      // A single call leaves these out: each argument takes time, and more than six take an allocation.
      if (starts === null && sets === null) return reader.run(Op.pids, fields, flags, urgentPending, pids);
      return reader.run(Op.pids, fields, flags, urgentPending, pids, starts, sets, setOf);
    }
    case 'table': {
      const { fields, flags = 0, urgentPending = null } = operation;
      return reader.run(Op.table, fields, flags, urgentPending);
    }
    case 'cursor': {
      const { fields, flags = 0, urgentPending = null, number, from, max, sampler = 0, maxHeld = -1 } = operation;
      if (sampler === 0) return reader.run(Op.cursor, fields, flags, urgentPending, number, from, max);
      return reader.run(Op.cursor, fields, flags, urgentPending, number, from, max, sampler, maxHeld);
    }
    case 'list':
      return reader.run(Op.list, operation.cursor, operation.max, operation.urgentPending ?? null);
    case 'descendants':
      return reader.run(Op.descendants, operation.pids, operation.max);
    case 'endSampler':
      return reader.run(Op.endSampler, operation.sampler);
    case 'act': {
      const { pid, start, action } = operation;
      return reader.run(Op.act, action.kind, pid, start, action.arguments);
    }
  }
}
