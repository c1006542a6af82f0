import { rlimitAction } from '@psutil-extra/native/protocol';
import type { Batcher } from '../batch/batcher.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import type { BigIntLimits, Limits, NewLimits } from '../schema/limits.js';
import { ProcessRef } from '../schema/process-ref.js';
import { limitNumber, makeLimits, rawLimits, resourcesOf } from '../schema/resources.js';
import { limitsFrom } from '../schema/thread-answers.js';
import { abortable } from '../support/abort.js';
import {
  type CallOptions,
  type LimitsOptions,
  type ReadOptions,
  readLimitsOptions,
  type SetterOptions,
} from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { notSupported } from '../support/errors.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import type { CallRunner } from './call-runner.js';
import type { Change } from './change.js';
import { killChange } from './kill.js';
import type { SetterName } from './setter-names.js';
import { SETTERS } from './setters.js';
import type { WriteBarriers } from './write-barriers.js';

/** Changes processes. A change is a barrier for its PID, and returns the values that it replaces. */
export class ActionCall {
  readonly #runner: CallRunner;
  readonly #batch: Batcher;
  readonly #context: OneshotContext<Scope>;
  readonly #barriers: WriteBarriers;
  readonly #dispatcher: Dispatcher;
  readonly #isOwnRoot: boolean;
  readonly #origin: Origin;

  constructor(
    runner: CallRunner,
    batch: Batcher,
    context: OneshotContext<Scope>,
    barriers: WriteBarriers,
    dispatcher: Dispatcher,
    isOwnRoot: boolean,
    origin: Origin,
  ) {
    this.#runner = runner;
    this.#batch = batch;
    this.#context = context;
    this.#barriers = barriers;
    this.#dispatcher = dispatcher;
    this.#isOwnRoot = isOwnRoot;
    this.#origin = origin;
  }

  /** Sets a limit; resolves with the one before. */
  setLimit(
    proc: unknown,
    resource: unknown,
    newLimits: NewLimits,
    options: LimitsOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    const change: Change<Limits | BigIntLimits, { signal: AbortSignal | undefined; bigint: boolean }> = {
      method: 'rlimit',
      what: () => `setting ${String(resource)}`,
      refused: 'a limit is not set through another procRoot',
      syscall: 'prlimit64',
      readOptions: readLimitsOptions,
      action: () => {
        const limits = rawLimits(newLimits);
        return rlimitAction(
          resourcesOf(this.#origin.machine?.capabilities).numberOf(resource),
          limits.soft,
          limits.hard,
        );
      },
      previous: (answer, { bigint }) => {
        const { soft, hard } = limitsFrom(answer);
        return bigint ? { soft, hard } : makeLimits(limitNumber(soft), limitNumber(hard));
      },
    };
    return this.#change(proc, change, options, within);
  }

  /** Sets a field by one of {@link SETTERS}; resolves with the value before. */
  set(
    method: SetterName,
    proc: unknown,
    value: unknown,
    options: SetterOptions | undefined,
    within?: Scope,
  ): Promise<unknown> {
    const { field, action, ...setter } = SETTERS[method];
    const change = {
      ...setter,
      method,
      what: () => `setting ${field}`,
      refused: `${field} is not set through another procRoot`,
      action: (read: ReturnType<typeof setter.readOptions>) => action(value, read),
    };
    return this.#change(proc, change, options, within);
  }

  /** Sends a signal. */
  kill(proc: unknown, signal: unknown, options: CallOptions | undefined, within?: Scope): Promise<true> {
    return this.#change(proc, killChange(signal, this.#origin), options, within);
  }

  #change<T, R extends ReadOptions>(
    proc: unknown,
    change: Change<T, R>,
    options: object | undefined,
    within: Scope | undefined,
  ): Promise<T> {
    return this.#runner.run(change.method, proc, options, change.readOptions, async (read) => {
      const { signal } = read;
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      const action = change.action(read, pid);
      if (!this.#isOwnRoot) {
        throw notSupported(pid, change.syscall, change.refused);
      }
      const found = within ?? this.#context.find(pid, start);
      const scope = found?.isFor(start) ? found : undefined;
      scope?.forget(action);
      const reads = [this.#batch.drained(pid), ...(scope === undefined ? [] : [scope.drained()])];
      const write = this.#barriers.write(pid, reads, async () => {
        signal?.throwIfAborted();
        if (scope !== undefined) return scope.act(action, start, signal);
        this.#runner.counters.messages++;
        return this.#dispatcher.run({ op: 'act', pid, start, action }, undefined, signal);
      });
      const reply = await (signal === undefined ? write : abortable(write, signal));
      if (!reply.ok) throw this.#runner.errorFromWire(reply.error, pid, change.what());
      return change.previous(reply.value, read);
    });
  }
}
