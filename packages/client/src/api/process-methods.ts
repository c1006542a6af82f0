import { FIELD_INDEX } from '@psutil-extra/native/protocol';
import type { ActionCall } from '../calls/action-call.js';
import type { LimitCall } from '../calls/limit-call.js';
import type { ReadCall } from '../calls/read-call.js';
import { SETTER_NAMES } from '../calls/setter-names.js';
import type { Snapshot, SnapshotCall, SnapshotOptions } from '../calls/snapshot-call.js';
import type { Scope } from '../oneshot/scope.js';
import type { CallState, SettledValues } from '../oneshot/settled-values.js';
import {
  type DefaultField,
  FIELD_NAMES,
  type Field,
  type Fields,
  type FieldValues,
  type NamedField,
} from '../schema/fields.js';
import type { BigIntLimits, Limits, NewLimits, Resource, ResourceName } from '../schema/limits.js';
import { ProcessRef } from '../schema/process-ref.js';
import type { SignalName } from '../schema/signal-masks.js';
import type { TextField } from '../schema/text-bytes.js';
import type { CallOptions, LimitsOptions, SetterOptions, TextOptions } from '../support/call-options.js';
import type { BoundSetters } from './bound-setters.js';

/**
 * The method of a field, of a process that is known: takes options. With `{ encoding: 'buffer' }` the fields of
 * {@link TextBytes} return what that type says: no overload says it, because TypeScript calls no union of overloaded methods.
 */
export type BoundMethod<F extends Field> = F extends 'rlimits'
  ? {
      (options: LimitsOptions & { bigint: true }): Promise<Partial<Record<ResourceName, BigIntLimits>>>;
      (options?: LimitsOptions): Promise<FieldValues[F]>;
    }
  : (options?: F extends TextField ? TextOptions : CallOptions) => Promise<FieldValues[F]>;

/** Fields as methods of a process, which resolve with the values that {@link FieldValues} describes. */
// Picked from the interface's own keys, so that editors show the comment of each.
export type BoundMethods<F extends Field> = Pick<{ [K in keyof FieldValues]: BoundMethod<K> }, F>;

/** @internal The calls of a client that are about one process. */
export interface ProcessCalls extends CallState {
  readonly reads: ReadCall;
  readonly limits: LimitCall;
  readonly actions: ActionCall;
  readonly snapshots: SnapshotCall;
}

/** What a `Process` and a `Oneshot` have in common: the methods of a client without their first argument. */
export interface ProcessMethods extends BoundSetters {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the setters are made from their table
export class ProcessMethods extends ProcessRef {
  readonly #calls: ProcessCalls;
  readonly #scope: Scope | undefined;
  readonly #settled: SettledValues | undefined;

  /** @internal */
  constructor(calls: ProcessCalls, pid: number, start: number, scope?: Scope, settled?: SettledValues) {
    super(pid, start);
    this.#calls = calls;
    this.#scope = scope;
    this.#settled = settled;
  }

  static {
    for (const name of FIELD_NAMES) {
      const field = FIELD_INDEX[name];
      Object.defineProperty(ProcessMethods.prototype, name, {
        value(this: ProcessMethods, options?: LimitsOptions) {
          const settled = options === undefined ? this.#settled?.get(field) : undefined;
          return settled ?? this.#calls.reads.field(field, this, options, this.#scope);
        },
        configurable: true,
        writable: true,
      });
    }
    for (const name of SETTER_NAMES) {
      Object.defineProperty(ProcessMethods.prototype, name, {
        value(this: ProcessMethods, value: unknown, options?: SetterOptions) {
          return this.#calls.actions.set(name, this, value, options, this.#scope);
        },
        configurable: true,
        writable: true,
      });
    }
  }

  /** One limit, in the units of getrlimit(2); `Infinity` is no limit. As `client.getrlimit()`. */
  getrlimit(resource: Resource, options: LimitsOptions & { bigint: true }): Promise<BigIntLimits>;
  getrlimit(resource: Resource, options?: LimitsOptions): Promise<Limits>;
  getrlimit(resource: Resource, options?: LimitsOptions): Promise<Limits | BigIntLimits> {
    return this.#calls.limits.get(this, resource, options, this.#scope);
  }

  /**
   * Sets a limit and resolves with the one before; without new limits, reads it. As `client.rlimit()`: it rejects with
   * `AccessDeniedError` if that requires CAP_SYS_RESOURCE.
   */
  rlimit(
    resource: Resource,
    newLimits: NewLimits | undefined,
    options: LimitsOptions & { bigint: true },
  ): Promise<BigIntLimits>;
  rlimit(resource: Resource, newLimits?: NewLimits, options?: LimitsOptions): Promise<Limits>;
  rlimit(resource: Resource, newLimits?: NewLimits, options?: LimitsOptions): Promise<Limits | BigIntLimits> {
    return newLimits === undefined
      ? this.#calls.limits.get(this, resource, options, this.#scope)
      : this.#calls.actions.setLimit(this, resource, newLimits, options, this.#scope);
  }

  /** Sends a signal; 0 asks only. As `client.kill()`: a process that has the PID by now is never reached. */
  kill(signal: SignalName | number = 'SIGTERM', options?: CallOptions): Promise<true> {
    return this.#calls.actions.kill(this, signal, options, this.#scope);
  }

  /** Several fields at once. As `client.snapshot()`. */
  snapshot<const F extends readonly NamedField[] = readonly DefaultField[], D = null>(
    options?: SnapshotOptions<F, D>,
  ): Promise<Snapshot<Fields<F>, D>> {
    return this.#calls.snapshots.get(this, options, this.#scope) as Promise<Snapshot<Fields<F>, D>>;
  }
}
