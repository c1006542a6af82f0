import { FailureKind } from './failure.js';
import { ALL_FIELDS, FieldSet, NO_FIELDS } from './field-set.js';
import type { Frame } from './frame.js';

/**
 * The fields of a frame's row that can be cached. If the process is gone, that is final for every field. A passing failure, such
 * as a lack of descriptors, is final for none.
 */
export function cacheableFields(frame: Frame, row: number): FieldSet {
  if (!frame.hasFailures) return frame.fields;
  const whole = frame.rowFailure(row);
  if (whole !== undefined) return whole.kind === FailureKind.system ? NO_FIELDS : ALL_FIELDS;
  const transient = [...frame.fields].filter((field) => frame.failure(row, field)?.kind === FailureKind.system);
  return frame.fields.difference(FieldSet.of(...transient));
}
