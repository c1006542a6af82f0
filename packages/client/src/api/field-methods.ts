import type { Field, FieldValues } from '../schema/fields.js';
import type { BigIntLimits, ResourceName } from '../schema/resources.js';
import type { CallOptions, LimitsOptions } from '../support/call-options.js';
import type { Proc } from './process.js';

/** The method of a field: takes a process, and options. */
export type FieldMethod<F extends Field> = F extends 'rlimits'
  ? {
      (proc: Proc, options: LimitsOptions & { bigint: true }): Promise<Partial<Record<ResourceName, BigIntLimits>>>;
      (proc: Proc, options?: LimitsOptions): Promise<FieldValues[F]>;
    }
  : (proc: Proc, options?: CallOptions) => Promise<FieldValues[F]>;

/**
 * Every field as a method, which resolves with the value that {@link FieldValues} describes. It rejects with
 * `NoSuchProcessError` if there is no such process, and with `AccessDeniedError` or `NotSupportedError` if the field cannot
 * be read.
 */
// By the interface's own keys, so that editors show the comment of each.
export type FieldMethods = { [F in keyof FieldValues]: FieldMethod<F> };
