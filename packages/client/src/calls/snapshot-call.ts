import { FailureKind, FIELD_INDEX } from '@psutil-extra/native/protocol';
import { value } from '../schema/decode.js';
import type { FieldSource } from '../schema/field-source.js';
import type { DefaultField, Field, FieldValues, NamedField, Origin } from '../schema/fields.js';
import { isRootRefused, processError } from '../support/errors.js';
import type { CallOptions } from '../support/options.js';

/** What `snapshot()` takes. */
export interface SnapshotOptions<F extends readonly NamedField[] = readonly DefaultField[], D = null>
  extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
  /** Stands where a field is denied, not supported, or lost to a zombie. Default `null`. */
  readonly fallback?: D | undefined;
}

/** The PID and the fields asked for. */
export type Snapshot<F extends Field = DefaultField, D = null> = { pid: number } & { [K in F]: FieldValues[K] | D };

/** @internal The values of these fields; throws where there is no such process or the system failed. */
export function snapshotOf(
  cells: FieldSource,
  pid: number,
  fields: readonly Field[],
  fallback: unknown,
  origin: Origin,
): Record<string, unknown> {
  const snapshot: Record<string, unknown> = { pid };
  for (const name of fields) {
    const field = FIELD_INDEX[name];
    const failure = cells.failure(field);
    if (failure === undefined) {
      snapshot[name] = value(field, cells);
    } else if (failure.kind === FailureKind.gone || failure.kind === FailureKind.system || isRootRefused(failure)) {
      throw processError(failure, pid, name, origin.root);
    } else {
      snapshot[name] = fallback;
    }
  }
  return snapshot;
}
