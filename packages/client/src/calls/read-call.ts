import { FIELD_INDEX, type FieldSet, ONLY, STALLED } from '@psutil-extra/native/protocol';
import type { Batcher } from '../batch/batcher.js';
import type { Entry } from '../batch/chunk.js';
import type { CallSite } from '../observe/call-site.js';
import { callsAreTraced, tracedCall } from '../observe/tracing.js';
import type { BatchedRead } from '../oneshot/pending-reads.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import { hasBytes } from '../schema/bytes.js';
import { FIELD_NAMES } from '../schema/fields.js';
import { ProcessRef } from '../schema/process-ref.js';
import {
  type CallOptions,
  type ReadOptions,
  readLimitsOptions,
  readOptions,
  readTextOptions,
} from '../support/call-options.js';
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

  field(field: number, proc: unknown, options: CallOptions | undefined, within?: Scope): Promise<unknown> {
    if (!callsAreTraced()) return this.#field(field, proc, options, within);
    return tracedCall(FIELD_NAMES[field] as string, proc, this.#runner.counters, () =>
      this.#field(field, proc, options, within),
    );
  }

  /** Not async: thousands of calls may wait at once, and each would keep what an async function has in scope. */
  #field(field: number, proc: unknown, options: CallOptions | undefined, within?: Scope): Promise<unknown> {
    const runner = this.#runner;
    runner.counters.calls++;
    const site = runner.sites.capture();
    let signal: AbortSignal | undefined;
    let exact = false;
    try {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      const fields = ONLY[field] as FieldSet;
      if (options !== undefined) {
        if (field === RLIMITS) ({ signal, bigint: exact } = readLimitsOptions(options));
        else if (hasBytes(field)) ({ signal, exact } = readTextOptions(options));
        else ({ signal } = readOptions(options));
      }
      runner.checkOpen(signal);
      const scope = within ?? this.#context.find(pid, start);
      if (scope?.answers(fields, start) && !this.#barriers.isWriting(pid)) {
        runner.counters.cacheHits++;
        return Promise.resolve(this.#reader.value(field, scope.cache, pid, exact));
      }
      runner.admission.enter();
      if (options !== undefined || this.#barriers.isBusy) {
        return this.#read(field, pid, start, { signal, exact }, scope, site);
      }
      if (scope === undefined) return this.#batched(field, this.#batch.join(pid, start, fields), site);
      const read = scope.batched(fields, start);
      if (read !== undefined) return this.#scoped(field, read, scope, start, site);
      return this.#read(field, pid, start, NO_OPTIONS, scope, site);
    } catch (error) {
      return Promise.reject(runner.attachCallerStack(error, signal, site));
    }
  }

  /** Waits for the batch of this turn. */
  async #batched(field: number, entry: Entry, site: CallSite | undefined): Promise<unknown> {
    await entry.chunk.done;
    if (entry.failure(field)?.code === STALLED) {
      return this.#read(field, entry.pid, entry.start, NO_OPTIONS, undefined, site);
    }
    return this.#value(field, entry, site);
  }

  #value(field: number, entry: Entry, site: CallSite | undefined): unknown {
    this.#runner.admission.leave();
    const { pid, chunk } = entry;
    try {
      if (chunk.error !== undefined) throw this.#runner.errorFromWire(chunk.error, pid, FIELD_NAMES[field] as string);
      return this.#reader.value(field, entry, pid, false);
    } catch (error) {
      throw this.#runner.attachCallerStack(error, undefined, site);
    }
  }

  /** Waits for the first read of a scope. */
  async #scoped(
    field: number,
    read: BatchedRead,
    scope: Scope,
    start: number,
    site: CallSite | undefined,
  ): Promise<unknown> {
    try {
      const name = FIELD_NAMES[field] as string;
      await read.chunk.done;
      let source = this.#reader.sourceOf(scope.complete(read), scope.pid, name);
      if (source.failure(field)?.code === STALLED) {
        source = await this.#reader.read(ONLY[field] as FieldSet, scope.pid, start, undefined, scope, name);
      }
      return this.#reader.value(field, source, scope.pid, false);
    } catch (error) {
      throw this.#runner.attachCallerStack(error, undefined, site);
    } finally {
      this.#runner.admission.leave();
    }
  }

  /** Reads with options, behind a write, or from a scope that has been read before. */
  async #read(
    field: number,
    pid: number,
    start: number,
    { signal, exact }: ExactOptions,
    scope: Scope | undefined,
    site: CallSite | undefined,
  ): Promise<unknown> {
    try {
      const name = FIELD_NAMES[field] as string;
      const source = await this.#reader.read(ONLY[field] as FieldSet, pid, start, signal, scope, name);
      return this.#reader.value(field, source, pid, exact);
    } catch (error) {
      throw this.#runner.attachCallerStack(error, signal, site);
    } finally {
      this.#runner.admission.leave();
    }
  }
}

/** `exact` is for limits as bigints, and for text as bytes. */
interface ExactOptions extends ReadOptions {
  readonly exact: boolean;
}

const NO_OPTIONS: ExactOptions = { signal: undefined, exact: false };
const RLIMITS = FIELD_INDEX.rlimits;
