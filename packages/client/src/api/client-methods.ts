import type { Field, FieldValues } from '../schema/fields.js';
import type { BigIntLimits, ResourceName } from '../schema/limits.js';
import type { TextField } from '../schema/text-bytes.js';
import type { CallOptions, LimitsOptions, TextOptions } from '../support/call-options.js';
import type { BoundSetters } from './bound-setters.js';

/** The method of a field: takes a process, and options. */
export type FieldMethod<Proc, F extends Field> = F extends 'rlimits'
  ? {
      (proc: Proc, options: LimitsOptions & { bigint: true }): Promise<Partial<Record<ResourceName, BigIntLimits>>>;
      (proc: Proc, options?: LimitsOptions): Promise<FieldValues[F]>;
    }
  : (proc: Proc, options?: F extends TextField ? TextOptions : CallOptions) => Promise<FieldValues[F]>;

/**
 * Every field as a method, which resolves with the value that {@link FieldValues} describes. It rejects with
 * `NoSuchProcessError` if there is no such process, and with `AccessDeniedError` or `NotSupportedError` if the field cannot
 * be read.
 */
// By the interface's own keys, so that editors show the comment of each.
export type FieldMethodsOf<Proc> = { [F in keyof FieldValues]: FieldMethod<Proc, F> };

/** The setters, each with the process as its first argument. */
export type SetterMethodsOf<Proc> = {
  [M in keyof BoundSetters]: BoundSetters[M] extends (...args: infer A) => infer R
    ? (proc: Proc, ...args: A) => R
    : never;
};
