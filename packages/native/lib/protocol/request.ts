/** Values in the operations of the addon's `Reader`, and its results besides frames. */

/** The bits of the flags of a read. */
export const ReadFlag = Object.freeze({
  /** Return all fields of the sources that are read anyway. */
  wholeSources: 1,
  /** The PIDs come from `list()`: none of them is a thread's id. */
  listed: 2,
  /** Leave out a process that is gone. */
  dropGone: 4,
  /**
   * Readings are compared with each other: processor time is as exact as its source, `memory` may have `rss` and `vms` alone, and
   * `readAt` is in milliseconds of a clock that is never set.
   */
  sampled: 8,
} as const);

/**
 * The only value of a column, a 32-bit number, and above it a bit for each source that was read. `cellOf` and `sourcesOf`
 * return the two parts.
 */
export type PackedScalar = number;

/** The value of a {@link PackedScalar}. */
export function cellOf(scalar: PackedScalar): number {
  return scalar | 0;
}

/** The sources that were read for a {@link PackedScalar}, as bits. */
export function sourcesOf(scalar: PackedScalar): number {
  return Math.floor(scalar / 2 ** 32);
}

/** Instead of a start time: any process with this PID. */
export const ANY_START = -1;

/**
 * The same, and the `startTime` must distinguish the process from every other, whatever that costs. On Linux the start then has
 * a fraction (`src/platform/linux/pidfd.h`). The fraction identifies the process, and is no part of the time.
 */
export const IDENTIFY = -2;
