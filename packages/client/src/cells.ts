import { type Failure, FIELDS, type Frame } from '@psutil-extra/worker';

/** Fields of one process that have been read. */
export interface Cells {
  /** Why a field has no value, if it has none. */
  failure(field: number): Failure | undefined;
  /** What stands in the field's column: its value, or the number of its value in the frame's dictionary. */
  cell(field: number): number;
  /** Where the column stands; not asked of a value that is its cell. */
  frameOf(field: number): Frame;
}

/** Why a field of a frame's row has no value. */
export function failureIn(frame: Frame, row: number, field: number): Failure | undefined {
  return frame.hasFailures ? frame.failure(row, field) : undefined;
}

/** The positions of a mask's fields. */
export function* positions(mask: number): Generator<number> {
  for (let field = 0; field < FIELDS.length; field++) if ((mask >> field) & 1) yield field;
}
