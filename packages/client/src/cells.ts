import { type Failure, FIELDS, type Frame } from '@psutil-extra/worker';

/** Fields of one process that have been read: each stands in a frame, all in the same row. */
export interface Cells {
  readonly row: number;
  frameOf(field: number): Frame;
}

/** Why a field has no value, if it has none. */
export function failureOf(cells: Cells, field: number): Failure | undefined {
  const frame = cells.frameOf(field);
  return frame.hasFailures ? frame.failure(cells.row, field) : undefined;
}

/** The positions of a mask's fields. */
export function* positions(mask: number): Generator<number> {
  for (let field = 0; field < FIELDS.length; field++) if ((mask >> field) & 1) yield field;
}
