import { FIELD_INDEX, FIELDS, FieldSet, type Frame, ONLY } from '@psutil-extra/native/protocol';
import type { Batcher } from '../batch/batcher.js';
import type { Answer } from '../oneshot/pending-reads.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import type { IsAlive } from '../oneshot/scope-identity.js';
import { bytesOf } from '../schema/bytes.js';
import { bigIntLimits, unknownTimeOfDay, value } from '../schema/decode.js';
import { type FieldSource, isStalled } from '../schema/field-source.js';
import { FIELD_NAMES } from '../schema/fields.js';
import { ProcessRef } from '../schema/process-ref.js';
import { abortable } from '../support/abort.js';
import type { Origin } from '../support/capabilities.js';
import { processError } from '../support/errors.js';
import { now, pause, STALLED_MS } from '../support/timers.js';
import type { CallRunner } from './call-runner.js';
import type { WriteBarriers } from './write-barriers.js';

/** Reads fields of a process: from a oneshot scope, or with the batch of this turn; after writes that were requested before. */
export class FieldReader {
  readonly #runner: CallRunner;
  readonly #batch: Batcher;
  readonly #context: OneshotContext<Scope>;
  readonly #barriers: WriteBarriers;
  readonly #origin: Origin;

  constructor(
    runner: CallRunner,
    batch: Batcher,
    context: OneshotContext<Scope>,
    barriers: WriteBarriers,
    origin: Origin,
  ) {
    this.#runner = runner;
    this.#batch = batch;
    this.#context = context;
    this.#barriers = barriers;
    this.#origin = origin;
  }

  /** Fields of the process that an argument means, from a scope's cache if they are in it. */
  find(
    fields: FieldSet,
    proc: unknown,
    signal: AbortSignal | undefined,
    within: Scope | undefined,
    what: string,
  ): Promise<FieldSource> | FieldSource {
    const pid = ProcessRef.pidOf(proc);
    const start = ProcessRef.startOf(proc);
    const scope = within ?? this.#context.find(pid, start);
    if (scope?.answers(fields, start) && !this.#barriers.isWriting(pid)) {
      this.#runner.counters.cacheHits++;
      return scope.cache;
    }
    return this.read(fields, pid, start, signal, scope, what);
  }

  /** Reads fields of a process, after the writes to it that were requested before. */
  async read(
    fields: FieldSet,
    pid: number,
    start: number,
    signal: AbortSignal | undefined,
    scope: Scope | undefined,
    what: string,
  ): Promise<FieldSource> {
    const reading = this.#barriers.isBusy
      ? this.#barriers.read(pid, () => this.#fetch(fields, pid, start, signal, scope))
      : this.#fetch(fields, pid, start, signal, scope);
    const answer = await (signal === undefined ? reading : abortable(reading, signal));
    return this.sourceOf(answer, pid, what);
  }

  /** The fields of an answer. Throws its error. */
  sourceOf(answer: Answer, pid: number, what: string): FieldSource {
    if (answer.error !== undefined) throw this.#runner.errorFromWire(answer.error, pid, what);
    return answer.source as FieldSource;
  }

  /** The value of a field; `exact` are limits as bigints, and text as bytes. Throws why it has none. */
  value(field: number, source: FieldSource, pid: number, exact: boolean): unknown {
    const failure = source.failure(field);
    if (failure !== undefined) throw processError(failure, pid, FIELD_NAMES[field] as string, this.#origin);
    if (exact) {
      const column = (source.frame(field) as Frame).column(field);
      const row = source.row(field);
      return field === RLIMITS ? bigIntLimits(column, row) : bytesOf(field, column, row);
    }
    return value(field, source);
  }

  readonly isAlive: IsAlive = async (pid, start) => {
    const { source } = await this.#fetch(ONLY[START_TIME] as FieldSet, pid, start, undefined, undefined);
    return source !== undefined && (source.failure(START_TIME) === undefined || unknownTimeOfDay(source) !== undefined);
  };

  #fetch(
    fields: FieldSet,
    pid: number,
    start: number,
    signal: AbortSignal | undefined,
    scope: Scope | undefined,
  ): Promise<Answer> {
    return fields.intersects(MAY_BLOCK)
      ? this.#fetchUntilAnswered(fields, pid, start, signal, scope)
      : this.#fetchOnce(fields, pid, start, signal, scope);
  }

  /**
   * Reads until each field has an answer. While the memory map of a process is locked, a thread answers that its read has not
   * ended; after `stallTimeout` it answers `ETIMEDOUT`. Only the caller waits meanwhile.
   */
  async #fetchUntilAnswered(
    fields: FieldSet,
    pid: number,
    start: number,
    signal: AbortSignal | undefined,
    scope: Scope | undefined,
  ): Promise<Answer> {
    const began = now();
    for (;;) {
      const answer = await this.#fetchOnce(fields, pid, start, signal, scope);
      if (answer.error !== undefined || answer.source === undefined) return answer;
      if (!isStalled(answer.source, fields) || signal?.aborted === true) return answer;
      // A thread has a deadline of its own. Another machine might never have one.
      if (this.#origin.machine !== undefined && now() - began > MOST_STALLED) return answer;
      await pause(STALLED_MS);
    }
  }

  /** Reads from a scope, or with the batch of this turn. */
  async #fetchOnce(
    fields: FieldSet,
    pid: number,
    start: number,
    signal: AbortSignal | undefined,
    scope: Scope | undefined,
  ): Promise<Answer> {
    if (scope !== undefined && !scope.ended) {
      const answer = await scope.read(fields, start);
      if (answer !== undefined) return answer;
    }
    if (signal === undefined) {
      const entry = this.#batch.join(pid, start, fields);
      await entry.chunk.done;
      return { source: entry, error: entry.chunk.error };
    }
    const request = { fields, left: signal.aborted };
    const leave = () => {
      request.left = true;
    };
    signal.addEventListener('abort', leave, { once: true });
    const entry = this.#batch.joinConditionally(pid, start, request);
    await entry.chunk.done;
    signal.removeEventListener('abort', leave);
    return { source: entry, error: entry.chunk.error };
  }
}

/** Milliseconds. */
const MOST_STALLED = 60_000;
const START_TIME = FIELD_INDEX.startTime;
const RLIMITS = FIELD_INDEX.rlimits;
const MAY_BLOCK = FieldSet.of(...FIELDS.flatMap(({ cost }, field) => (cost === 'may block' ? [field] : [])));
