/** Where what stands in a frame: as `src/core/frame_writer.h` writes it. */

/** The words of the header. */
export const WORD = {
  bytes: 0,
  rows: 1,
  taken: 2,
  next: 3,
  pids: 4,
  columns: 5,
  counters: 6,
  failures: 7,
  failureOffset: 8,
  textOffset: 9,
  textLength: 10,
  clock: 11,
  time: 12,
  elapsed: 13,
  layout: 14,
  full: 15,
} as const;

/** Counts up whenever the bytes of a frame change their meaning. */
export const LAYOUT = 3;
export const HEADER_BYTES = 64;
/** Words of a record of a failure: row, field, kind, errno, and the positions of code and system call in the texts. */
export const FAILURE_WORDS = 6;
/** The field of a failure of a whole row. */
export const WHOLE_ROW = -1;
export const ENCODING = { plain: 0, dictionary: 1 } as const;
