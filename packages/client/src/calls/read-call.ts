import { FIELD_INDEX, type FieldSet, ONLY } from '@psutil-extra/native/protocol';
import type { Batcher } from '../batch/batcher.js';
import { callsAreTraced, tracedCall } from '../observe/tracing.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import { FIELD_NAMES } from '../schema/fields.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type LimitsOptions, readLimitsOptions, readOptions } from '../support/call-options.js';
import type { CallRunner } from './call-runner.js';
import type { FieldReader } from './field-reader.js';
import type { WriteBarriers } from './write-barriers.js';

/**
 * Reads one field. Most calls are of this kind, so it is written out where the others share code: its own steps instead of
 * those of {@link CallRunner} and {@link FieldReader} save two promises and two closures.
 */
export class ReadCall {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;
  readonly #batch: Batcher;
  readonly #context: OneshotContext<Scope>;
  readonly #barriers: WriteBarriers;

  constructor(
    runner: CallRunner,
    reader: FieldReader,
    batch: Batcher,
    context: OneshotContext<Scope>,
    barriers: WriteBarriers,
  ) {
    this.#runner = runner;
    this.#reader = reader;
    this.#batch = batch;
    this.#context = context;
    this.#barriers = barriers;
  }

  field(field: number, proc: unknown, options: LimitsOptions | undefined, within?: Scope): Promise<unknown> {
    if (!callsAreTraced()) return this.#field(field, proc, options, within);
    return tracedCall(FIELD_NAMES[field] as string, proc, this.#runner.counters, () =>
      this.#field(field, proc, options, within),
    );
  }

  async #field(field: number, proc: unknown, options: LimitsOptions | undefined, within?: Scope): Promise<unknown> {
    const runner = this.#runner;
    const reader = this.#reader;
    const barriers = this.#barriers;
    runner.counters.calls++;
    const site = runner.sites.capture();
    let signal: AbortSignal | undefined;
    let bigint = false;
    try {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      const fields = ONLY[field] as FieldSet;
      if (options !== undefined) {
        if (field === RLIMITS) ({ signal, bigint } = readLimitsOptions(options));
        else ({ signal } = readOptions(options));
      }
      runner.checkOpen(signal);
      const scope = within ?? this.#context.find(pid, start);
      if (scope?.answers(fields, start) && !barriers.isWriting(pid)) {
        runner.counters.cacheHits++;
        return reader.value(field, scope.cache, pid, bigint);
      }
      runner.admission.enter();
      try {
        if (scope !== undefined || signal !== undefined || barriers.isBusy) {
          const name = FIELD_NAMES[field] as string;
          const read = signal === undefined && !barriers.isBusy ? scope?.batched(fields, start) : undefined;
          if (read !== undefined) {
            await read.chunk.done;
            const source = reader.sourceOf((scope as Scope).complete(read), pid, name);
            return reader.value(field, source, pid, bigint);
          }
          const source = await reader.read(fields, pid, start, signal, scope, name);
          return reader.value(field, source, pid, bigint);
        }
        const entry = this.#batch.join(pid, start, fields);
        await entry.chunk.done;
        if (entry.chunk.error !== undefined) {
          throw runner.errorFromWire(entry.chunk.error, pid, FIELD_NAMES[field] as string);
        }
        return reader.value(field, entry, pid, bigint);
      } finally {
        runner.admission.leave();
      }
    } catch (error) {
      throw runner.attachCallerStack(error, signal, site);
    }
  }
}

const RLIMITS = FIELD_INDEX.rlimits;
