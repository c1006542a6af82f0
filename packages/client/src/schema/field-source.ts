import type { Failure, Frame } from '@psutil-extra/native/protocol';

/** Fields of one process that have been read. */
export interface FieldSource {
  /** Why a field has no value, if it has none. */
  failure(field: number): Failure | undefined;
  /** The frame that has the field; `undefined` if the field is the {@link scalar}. */
  frame(field: number): Frame | undefined;
  /** The row of that frame. */
  row(field: number): number;
  /** The only number that was read. */
  readonly scalar: number;
}

/** Why a field of a frame's row has no value. */
export function failureIn(frame: Frame, row: number, field: number): Failure | undefined {
  return frame.hasFailures ? frame.failure(row, field) : undefined;
}
