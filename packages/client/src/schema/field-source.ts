import { type Failure, type FieldSet, type Frame, STALLED } from '@psutil-extra/native/protocol';

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

/** Whether a read of any of these fields has not ended: it must be requested again. */
export function isStalled(source: FieldSource, fields: FieldSet): boolean {
  for (const field of fields.positions) if (source.failure(field)?.code === STALLED) return true;
  return false;
}
