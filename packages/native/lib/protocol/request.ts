/** Values in the operations of the addon's `Reader`, and its results besides frames. */

/** The bits of the flags of a read. */
export const ReadFlag = Object.freeze({
  /** Return all fields of the sources that are read anyhow. */
  wholeSources: 1,
  /** The PIDs come from `list()`: none of them is a thread's id. */
  listed: 2,
  /** Leave out a process that is gone. */
  dropGone: 4,
} as const);

/**
 * A column's only cell, a 32-bit number, and above it a bit for each source that was read: `cellOf` and
 * `sourcesOf` take it apart.
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

/** In place of a start time: the PID alone is meant. */
export const ANY_START = -1;

/**
 * The same, and the `startTime` that is read is to distinguish the process from every other, at whatever cost: on Linux
 * the start has a fraction then (`src/platform/linux/pidfd.h`), which belongs to the start wherever a
 * process must have it, and to no time.
 */
export const IDENTIFY = -2;
