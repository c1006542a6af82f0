import { FailureKind, FIELD_INDEX, type FieldSet, ONLY } from '@psutil-extra/native/protocol';
import type { Scope } from '../oneshot/scope.js';
import { value } from '../schema/decode.js';
import type { FieldSource } from '../schema/field-source.js';
import {
  DEFAULT_FIELDS,
  type DefaultField,
  type Field,
  type FieldValues,
  fieldList,
  type NamedField,
} from '../schema/fields.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readSnapshotOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { isRootRefused, processError } from '../support/errors.js';
import type { CallRunner } from './call-runner.js';
import type { FieldReader } from './field-reader.js';

/** Options of `snapshot()`. */
export interface SnapshotOptions<F extends readonly NamedField[] = readonly DefaultField[], D = null>
  extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
  /** The value of a field that is denied, not supported, or that a zombie has lost. Default `null`. */
  readonly fallback?: D | undefined;
}

/** The PID and the fields that were requested. */
export type Snapshot<F extends Field = DefaultField, D = null> = { pid: number } & { [K in F]: FieldValues[K] | D };

/** @internal Reads several fields at once. */
export class SnapshotCall {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;
  readonly #origin: Origin;

  constructor(runner: CallRunner, reader: FieldReader, origin: Origin) {
    this.#runner = runner;
    this.#reader = reader;
    this.#origin = origin;
  }

  get(
    proc: unknown,
    options: (CallOptions & { fields?: unknown; fallback?: unknown }) | undefined,
    within?: Scope,
  ): Promise<Record<string, unknown>> {
    return this.#runner.run(
      'snapshot',
      proc,
      options,
      readSnapshotOptions,
      async ({ signal, fields = DEFAULT_FIELDS, fallback }) => {
        const pid = ProcessRef.pidOf(proc);
        const { names, set } = fields === DEFAULT_FIELDS ? DEFAULT_LIST : fieldList(fields);
        // Without fields, a snapshot still rejects if there is no such process.
        const wanted = set.isEmpty ? (ONLY[FIELD_INDEX.pgid] as FieldSet) : set;
        const source = await this.#reader.find(wanted, proc, signal, within, 'snapshot');
        const snapshot = this.#snapshot(source, pid, set.isEmpty ? ['pgid'] : names, fallback);
        return set.isEmpty ? { pid } : snapshot;
      },
    );
  }

  /** The values of these fields. Throws if there is no such process, or if the system failed. */
  #snapshot(source: FieldSource, pid: number, fields: readonly Field[], fallback: unknown): Record<string, unknown> {
    const snapshot: Record<string, unknown> = { pid };
    for (const name of fields) {
      const field = FIELD_INDEX[name];
      const failure = source.failure(field);
      if (failure === undefined) {
        snapshot[name] = value(field, source);
      } else if (failure.kind === FailureKind.gone || failure.kind === FailureKind.system || isRootRefused(failure)) {
        throw processError(failure, pid, name, this.#origin);
      } else {
        snapshot[name] = fallback;
      }
    }
    return snapshot;
  }
}

/** Most snapshots take the default, which needs no check. */
const DEFAULT_LIST = fieldList(DEFAULT_FIELDS);
