import { rlimitAction } from '@psutil-extra/native/protocol';
import type { Batcher } from '../batch/batcher.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import type { BigIntLimits, Limits, NewLimits } from '../schema/limits.js';
import { ProcessRef } from '../schema/process-ref.js';
import { limitNumber, makeLimits, rawLimits, resourceNumber } from '../schema/resources.js';
import { limitsFrom } from '../schema/thread-answers.js';
import { abortable } from '../support/abort.js';
import { type LimitsOptions, readLimitsOptions } from '../support/call-options.js';
import { notSupported } from '../support/errors.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import type { CallRunner } from './call-runner.js';
import type { WriteBarriers } from './write-barriers.js';

/** Sets one limit. */
export class SetLimitCall {
  readonly #runner: CallRunner;
  readonly #batch: Batcher;
  readonly #context: OneshotContext<Scope>;
  readonly #barriers: WriteBarriers;
  readonly #dispatcher: Dispatcher;
  readonly #isOwnRoot: boolean;

  constructor(
    runner: CallRunner,
    batch: Batcher,
    context: OneshotContext<Scope>,
    barriers: WriteBarriers,
    dispatcher: Dispatcher,
    isOwnRoot: boolean,
  ) {
    this.#runner = runner;
    this.#batch = batch;
    this.#context = context;
    this.#barriers = barriers;
    this.#dispatcher = dispatcher;
    this.#isOwnRoot = isOwnRoot;
  }

  /** Sets a limit; resolves with the one before. */
  set(
    proc: unknown,
    resource: unknown,
    newLimits: NewLimits,
    options: LimitsOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    return this.#runner.run('rlimit', proc, options, readLimitsOptions, async ({ signal, bigint }) => {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      const limits = rawLimits(newLimits);
      const action = rlimitAction(resourceNumber(resource), limits.soft, limits.hard);
      if (!this.#isOwnRoot) throw notSupported(pid, 'prlimit64', 'a limit is not set through another procRoot');
      const found = within ?? this.#context.find(pid, start);
      const scope = found?.isFor(start) ? found : undefined;
      scope?.forget(action);
      const reads = [this.#batch.drained(pid), ...(scope === undefined ? [] : [scope.drained()])];
      const write = this.#barriers.write(pid, reads, async () => {
        signal?.throwIfAborted();
        if (scope !== undefined) return scope.act(action, start);
        this.#runner.counters.messages++;
        return this.#dispatcher.run({ op: 'act', pid, start, action });
      });
      const reply = await (signal === undefined ? write : abortable(write, signal));
      if (!reply.ok) throw this.#runner.errorFromWire(reply.error, pid, `setting ${String(resource)}`);
      const { soft, hard } = limitsFrom(reply.value);
      return bigint ? { soft, hard } : makeLimits(limitNumber(soft), limitNumber(hard));
    });
  }
}
