import { FailureKind } from './failure.js';
import { ALL_FIELDS, FieldSet, NO_FIELDS } from './field-set.js';
import type { Frame } from './frame.js';

/**
 * The fields of a row of a frame that can be cached. That a process is gone is an answer to every field;
 * that the system had no descriptor left, say, is an answer to none.
 */
export function cacheableFields(frame: Frame, row: number): FieldSet {
  if (!frame.hasFailures) return frame.fields;
  const whole = frame.rowFailure(row);
  if (whole !== undefined) return whole.kind === FailureKind.system ? NO_FIELDS : ALL_FIELDS;
  const transient = [...frame.fields].filter((field) => frame.failure(row, field)?.kind === FailureKind.system);
  return frame.fields.difference(FieldSet.of(...transient));
}
