import { FIELD_INDEX } from '@psutil-extra/native/protocol';
import type { Engine } from '../calls/engine.js';
import type { Snapshot, SnapshotOptions } from '../calls/snapshot-call.js';
import type { Scope } from '../oneshot/scope.js';
import { Told } from '../oneshot/settled-values.js';
import {
  DEFAULT_FIELDS,
  type DefaultField,
  FIELD_NAMES,
  type Field,
  type Fields,
  type FieldValues,
  type NamedField,
} from '../schema/fields.js';
import { Target } from '../schema/process-ref.js';
import type { BigIntLimits, Limits, NewLimits, Resource, ResourceName } from '../schema/resources.js';
import type { CallOptions } from '../support/options.js';

/** Options of calls that bring limits. */
export interface LimitsOptions extends CallOptions {
  /** Limits as bigints, exact beyond 2⁵³. */
  readonly bigint?: boolean | undefined;
}

/** How a field is asked of a process that is known: no argument but options. */
export type BoundMethod<F extends Field> = F extends 'rlimits'
  ? {
      (options: LimitsOptions & { bigint: true }): Promise<Partial<Record<ResourceName, BigIntLimits>>>;
      (options?: LimitsOptions): Promise<FieldValues[F]>;
    }
  : (options?: CallOptions) => Promise<FieldValues[F]>;

/** Fields as methods of a process, which resolve with what {@link FieldValues} says of them. */
// Picked from the interface's own keys, so that editors show what stands there of each.
export type BoundMethods<F extends Field> = Pick<{ [K in keyof FieldValues]: BoundMethod<K> }, F>;

/** What a `Process` and a oneshot's process have in common: the calls of a client without their first argument. */
export class Bound extends Target {
  readonly #engine: Engine;
  readonly #scope: Scope | undefined;
  readonly #told: Told | undefined;

  /** @internal */
  constructor(engine: Engine, pid: number, start: number, scope?: Scope) {
    super(pid, start);
    this.#engine = engine;
    this.#scope = scope;
    this.#told = scope === undefined ? undefined : new Told(engine, scope);
  }

  static {
    for (const name of FIELD_NAMES) {
      const field = FIELD_INDEX[name];
      Object.defineProperty(Bound.prototype, name, {
        value(this: Bound, options?: LimitsOptions) {
          const told = options === undefined ? this.#told?.tell(field, Target.startOf(this)) : undefined;
          return told ?? this.#engine.field(field, this, options, this.#scope);
        },
        configurable: true,
        writable: true,
      });
    }
  }

  /** One limit, in the units of getrlimit(2); `Infinity` is none. As `client.getrlimit()`. */
  getrlimit(resource: Resource, options: LimitsOptions & { bigint: true }): Promise<BigIntLimits>;
  getrlimit(resource: Resource, options?: LimitsOptions): Promise<Limits>;
  getrlimit(resource: Resource, options?: LimitsOptions): Promise<Limits | BigIntLimits> {
    return this.#engine.limit(this, resource, options, this.#scope);
  }

  /**
   * Sets a limit and resolves with the one before; without new limits, reads it. As `client.rlimit()`:
   * `AccessDeniedError` where that takes CAP_SYS_RESOURCE.
   */
  rlimit(
    resource: Resource,
    newLimits: NewLimits | undefined,
    options: LimitsOptions & { bigint: true },
  ): Promise<BigIntLimits>;
  rlimit(resource: Resource, newLimits?: NewLimits, options?: LimitsOptions): Promise<Limits>;
  rlimit(resource: Resource, newLimits?: NewLimits, options?: LimitsOptions): Promise<Limits | BigIntLimits> {
    return newLimits === undefined
      ? this.#engine.limit(this, resource, options, this.#scope)
      : this.#engine.setLimit(this, resource, newLimits, options, this.#scope);
  }

  /** Several fields at once. As `client.snapshot()`. */
  snapshot<const F extends readonly NamedField[] = readonly DefaultField[], D = null>(
    options?: SnapshotOptions<F, D>,
  ): Promise<Snapshot<Fields<F>, D>> {
    return this.#engine.snapshot(this, options, DEFAULT_FIELDS, this.#scope) as Promise<Snapshot<Fields<F>, D>>;
  }
}
