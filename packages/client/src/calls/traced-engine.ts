import { callsAreTraced, tracedCall } from '../observe/tracing.js';
import type { Scope } from '../oneshot/scope.js';
import { FIELD_NAMES, type Field } from '../schema/fields.js';
import { Target } from '../schema/process-ref.js';
import type { BigIntLimits, Limits, NewLimits } from '../schema/resources.js';
import type { CallOptions } from '../support/options.js';
import { Engine, type FieldCallOptions, type Identified, type LimitsCallOptions } from './engine.js';

/** An engine that tells of its calls on the channel `psutil-extra:call`, while anybody listens. */
export class TracedEngine extends Engine {
  override field(
    field: number,
    proc: unknown,
    options: FieldCallOptions | undefined,
    within?: Scope,
  ): Promise<unknown> {
    if (!callsAreTraced()) return super.field(field, proc, options, within);
    return this.traced(FIELD_NAMES[field] as string, proc, () => super.field(field, proc, options, within));
  }

  override limit(
    proc: unknown,
    resource: unknown,
    options: LimitsCallOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    return this.traced('getrlimit', proc, () => super.limit(proc, resource, options, within));
  }

  override setLimit(
    proc: unknown,
    resource: unknown,
    newLimits: NewLimits,
    options: LimitsCallOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    return this.traced('rlimit', proc, () => super.setLimit(proc, resource, newLimits, options, within));
  }

  override snapshot(
    proc: unknown,
    options: (CallOptions & { fields?: unknown; fallback?: unknown }) | undefined,
    defaults: readonly Field[],
    within?: Scope,
  ): Promise<Record<string, unknown>> {
    return this.traced('snapshot', proc, () => super.snapshot(proc, options, defaults, within));
  }

  override identify(proc: unknown, options: CallOptions | undefined): Promise<Identified> {
    return this.traced('process', proc, () => super.identify(proc, options));
  }

  override pids(options: CallOptions | undefined): Promise<Int32Array> {
    return this.traced('pids', undefined, () => super.pids(options));
  }

  /** A call that is made of others: a scan. */
  traced<T>(method: string, proc: unknown, make: () => Promise<T>): Promise<T> {
    if (!callsAreTraced()) return make();
    return tracedCall(method, pidOf(proc), () => this.counters.cacheHits, make);
  }
}

/** What is no process is the call's to refuse. */
function pidOf(proc: unknown): number | undefined {
  if (typeof proc === 'number') return proc + 0;
  return proc instanceof Target ? proc.pid : undefined;
}
