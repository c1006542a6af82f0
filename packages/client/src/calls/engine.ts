import {
  ANY_START,
  type Failure,
  FailureKind,
  FIELD_INDEX,
  type FieldSet,
  type Frame,
  IDENTIFY,
  ONLY,
} from '@psutil-extra/native/protocol';
import type { WireError } from '@psutil-extra/worker';
import { Batcher } from '../batch/batcher.js';
import { type CallSite, CallSites } from '../observe/call-site.js';
import { Counters } from '../observe/stats.js';
import type { Answer } from '../oneshot/pending-reads.js';
import { type IsAlive, Scope } from '../oneshot/scope.js';
import { OneshotContext } from '../oneshot/scope-context.js';
import { everyFrame } from '../scan/scan.js';
import { Walks } from '../scan/scan-strategy.js';
import { bigIntLimit, bigIntLimits, limit, startIn, value } from '../schema/decode.js';
import type { FieldSource } from '../schema/field-source.js';
import { FIELD_NAMES, type Field, fieldList, type Origin } from '../schema/fields.js';
import { Target } from '../schema/process-ref.js';
import { limitsFrom, listFrom } from '../schema/received.js';
import {
  type BigIntLimits,
  type Limits,
  limitNumber,
  makeLimits,
  type NewLimits,
  rawLimits,
  resourceNumber,
} from '../schema/resources.js';
import { abortable } from '../support/abort.js';
import { ClientClosedError, isOurs, notSupported, processError, revive } from '../support/errors.js';
import {
  type CallOptions,
  type CheckedOptions,
  DEFAULT_ROOT,
  type ReadOptions,
  readLimitsOptions,
  readOptions,
  readSnapshotOptions,
} from '../support/options.js';
import { Dispatcher } from '../threads/dispatcher.js';
import { Pool } from '../threads/pool.js';
import { Ports } from '../threads/thread-ports.js';
import { Admission } from './admission-control.js';
import { snapshotOf } from './snapshot-call.js';
import { Order } from './write-barriers.js';

/**
 * What a client, its processes and its oneshot scopes are faces of: checks a call, finds who answers it
 * (a scope's cache, a scope's thread, or the batch of this turn), waits, and makes the value or the error.
 */
export class Engine {
  readonly options: CheckedOptions;
  readonly counters = new Counters();
  readonly dispatcher: Dispatcher;
  readonly context = new OneshotContext();
  readonly origin: Origin;
  readonly pool: Pool;
  readonly walks: Walks;
  readonly #ports: Ports;
  readonly #batch: Batcher;
  readonly #admission: Admission;
  readonly order = new Order();
  readonly #sites = new CallSites();
  #scopes = 0;
  #closing: Promise<void> | undefined;

  constructor(options: CheckedOptions) {
    this.options = options;
    this.#admission = new Admission(this.counters, options.maxQueue);
    this.origin = { root: options.procRoot };
    this.walks = new Walks(options.source, this.ownRoot);
    this.pool = new Pool(options.threads, options.procRoot);
    this.dispatcher = new Dispatcher(this.pool);
    this.#ports = new Ports(this.pool, this.dispatcher, this.counters);
    this.#batch = new Batcher(this.dispatcher, this.counters, {
      paysFor: (asked) => this.walks.paysFor(asked),
      read: (fields) => everyFrame(this, fields),
    });
  }

  /** Whether system calls by PID mean the processes that this root shows. */
  get ownRoot(): boolean {
    return this.options.procRoot === DEFAULT_ROOT;
  }

  /** One field. Written out where others share code: it is what most calls are. */
  async field(field: number, proc: unknown, options: FieldCallOptions | undefined, within?: Scope): Promise<unknown> {
    this.counters.calls++;
    const site = this.#sites.look();
    let signal: AbortSignal | undefined;
    let bigint = false;
    try {
      const pid = Target.pidOf(proc);
      const start = Target.startOf(proc);
      const fields = ONLY[field] as FieldSet;
      if (options !== undefined) {
        if (field === RLIMITS) ({ signal, bigint } = readLimitsOptions(options));
        else ({ signal } = readOptions(options));
      }
      this.#checkOpen(signal);
      const scope = within ?? this.context.find(pid, start);
      if (scope?.answers(fields, start) && !this.order.isSetting(pid)) {
        this.counters.cacheHits++;
        return this.#value(field, scope, pid, bigint);
      }
      this.#admission.enter();
      try {
        if (scope !== undefined || signal !== undefined || this.order.isBusy) {
          const ride = signal === undefined && !this.order.isBusy ? scope?.ride(fields, start) : undefined;
          if (ride !== undefined) {
            await ride.chunk.done;
            return this.#value(
              field,
              this.#cellsOf((scope as Scope).landed(ride), pid, FIELD_NAMES[field] as string),
              pid,
              bigint,
            );
          }
          const cells = await this.#cells(fields, pid, start, signal, scope, FIELD_NAMES[field] as string);
          return this.#value(field, cells, pid, bigint);
        }
        const entry = this.#batch.join(pid, start, fields);
        await entry.chunk.done;
        if (entry.chunk.error !== undefined) throw this.revive(entry.chunk.error, pid, FIELD_NAMES[field] as string);
        return this.#value(field, entry, pid, bigint);
      } finally {
        this.#admission.leave();
      }
    } catch (error) {
      throw this.#blame(error, signal, site);
    }
  }

  /** One limit. */
  limit(
    proc: unknown,
    resource: unknown,
    options: LimitsCallOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    return this.call(options, readLimitsOptions, async ({ signal, bigint }) => {
      const pid = Target.pidOf(proc);
      const number = resourceNumber(resource);
      const cells = await this.#locate(ONLY[RLIMITS] as FieldSet, proc, signal, within, 'rlimits');
      const failure = cells.failure(RLIMITS);
      if (failure !== undefined) throw processError(failure, pid, String(resource), this.options.procRoot);
      const one = bigint ? bigIntLimit : limit;
      const found = one((cells.frame(RLIMITS) as Frame).column(RLIMITS), cells.row(RLIMITS), number);
      if (found === undefined) throw notSupported(pid, String(resource), 'this kernel has no such resource');
      return found;
    });
  }

  /** Sets a limit; resolves with the one before. */
  setLimit(
    proc: unknown,
    resource: unknown,
    newLimits: NewLimits,
    options: LimitsCallOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    return this.call(options, readLimitsOptions, async ({ signal, bigint }) => {
      const pid = Target.pidOf(proc);
      const start = Target.startOf(proc);
      const request = { resource: resourceNumber(resource), ...rawLimits(newLimits) };
      if (!this.ownRoot) throw notSupported(pid, 'prlimit64', 'a limit is not set through another procRoot');
      const found = within ?? this.context.find(pid, start);
      const scope = found?.isFor(start) ? found : undefined;
      scope?.forgetLimits();
      const reads = [this.#batch.drained(pid), ...(scope === undefined ? [] : [scope.drained()])];
      const set = this.order.set(pid, reads, async () => {
        signal?.throwIfAborted();
        if (scope !== undefined) return scope.set(request, start);
        this.counters.messages++;
        return this.dispatcher.run({ op: 'set', pid, start, ...request });
      });
      const reply = await (signal === undefined ? set : abortable(set, signal));
      if (!reply.ok) throw this.revive(reply.error, pid, `setting ${String(resource)}`);
      const { soft, hard } = limitsFrom(reply.value);
      return bigint ? { soft, hard } : makeLimits(limitNumber(soft), limitNumber(hard));
    });
  }

  /** Several fields at once. */
  snapshot(
    proc: unknown,
    options: (CallOptions & { fields?: unknown; fallback?: unknown }) | undefined,
    defaults: readonly Field[],
    within?: Scope,
  ): Promise<Record<string, unknown>> {
    return this.call(options, readSnapshotOptions, async ({ signal, fields = defaults, fallback }) => {
      const pid = Target.pidOf(proc);
      const { names, set } = fieldList(fields);
      // Also where no field is asked for, a snapshot tells whether there is such a process.
      const cells = await this.#locate(set.isEmpty ? (ONLY[PGID] as FieldSet) : set, proc, signal, within, 'snapshot');
      const snapshot = snapshotOf(cells, pid, set.isEmpty ? ['pgid'] : names, fallback, this.origin);
      return set.isEmpty ? { pid } : snapshot;
    });
  }

  /** Which process this is, read anew also within a scope: its start, and what that is in the time of day if it is known. */
  identify(proc: unknown, options: CallOptions | undefined): Promise<Identified> {
    return this.call(options, readOptions, async ({ signal }) => {
      const pid = Target.pidOf(proc);
      const start = Target.startOf(proc);
      const asked = start === ANY_START ? IDENTIFY : start;
      const cells = await this.#cells(ONLY[START_TIME] as FieldSet, pid, asked, signal, undefined, 'startTime');
      const unknown = notConverted(cells);
      const startTime = unknown === undefined ? (this.#value(START_TIME, cells, pid, false) as number) : unknown;
      return { pid, start: startIn(cells), startTime };
    });
  }

  /** Every PID. */
  pids(options: CallOptions | undefined): Promise<Int32Array> {
    return this.call(options, readOptions, async ({ signal }) => {
      this.counters.messages++;
      const listing = this.dispatcher.run({ op: 'list', cursor: 0, most: Number.POSITIVE_INFINITY });
      const reply = await (signal === undefined ? listing : abortable(listing, signal));
      if (!reply.ok) throw this.revive(reply.error, 0, 'pids');
      const { pids } = listFrom(reply.value);
      this.walks.learn(pids.length);
      return pids;
    });
  }

  /** A scope of its own, or the one of the same PID that the caller is in. */
  openScope(proc: unknown, options: CallOptions | undefined): OpenedScope {
    const pid = Target.pidOf(proc);
    const start = Target.startOf(proc);
    const { signal } = readOptions(options);
    this.#checkOpen(signal);
    const target = new Target(pid, start);
    const outer = this.context.find(pid, start);
    if (outer?.isFor(start)) return { signal, target, scope: outer, owned: false };
    return {
      signal,
      target,
      scope: new Scope(pid, start, ++this.#scopes, this.#batch, this.#ports, this.counters, this.#isAlive),
      owned: true,
    };
  }

  /**
   * What every call has in common: counted, admitted, its errors blamed on the caller. A call that is made of several
   * steps, as scanBatches() is, `counts` with its first.
   */
  async call<O, R extends ReadOptions, T>(
    options: O,
    read: (options: O) => R,
    work: (options: R) => Promise<T>,
    counts = true,
  ): Promise<T> {
    if (counts) this.counters.calls++;
    const site = this.#sites.look();
    let signal: AbortSignal | undefined;
    try {
      const checked = read(options);
      signal = checked.signal;
      this.#checkOpen(signal);
      this.#admission.enter();
      try {
        return await work(checked);
      } finally {
        this.#admission.leave();
      }
    } catch (error) {
      throw this.#blame(error, signal, site);
    }
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Answers what is pending, for as long as that takes a second at most, and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#admission.idle(CLOSING_MS);
    this.#batch.abandon(CLOSED);
    this.#ports.close();
    await this.pool.destroy();
  }

  #locate(
    fields: FieldSet,
    proc: unknown,
    signal: AbortSignal | undefined,
    within: Scope | undefined,
    what: string,
  ): Promise<FieldSource> | FieldSource {
    const pid = Target.pidOf(proc);
    const start = Target.startOf(proc);
    const scope = within ?? this.context.find(pid, start);
    if (scope?.answers(fields, start) && !this.order.isSetting(pid)) {
      this.counters.cacheHits++;
      return scope;
    }
    return this.#cells(fields, pid, start, signal, scope, what);
  }

  /** Reads fields of a process, behind the sets of it that were asked for before. */
  async #cells(
    fields: FieldSet,
    pid: number,
    start: number,
    signal: AbortSignal | undefined,
    scope: Scope | undefined,
    what: string,
  ): Promise<FieldSource> {
    const reading = this.order.isBusy
      ? this.order.read(pid, () => this.#fetch(fields, pid, start, signal, scope))
      : this.#fetch(fields, pid, start, signal, scope);
    const answer = await (signal === undefined ? reading : abortable(reading, signal));
    return this.#cellsOf(answer, pid, what);
  }

  #cellsOf(answer: Answer, pid: number, what: string): FieldSource {
    if (answer.error !== undefined) throw this.revive(answer.error, pid, what);
    return answer.cells as FieldSource;
  }

  readonly #isAlive: IsAlive = async (pid, start) => {
    const { cells } = await this.#fetch(ONLY[START_TIME] as FieldSet, pid, start, undefined, undefined);
    return cells !== undefined && (cells.failure(START_TIME) === undefined || notConverted(cells) !== undefined);
  };

  /** Reads through a scope, or with the batch of this turn. */
  async #fetch(
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
      return { cells: entry, error: entry.chunk.error };
    }
    const request = { fields, left: signal.aborted };
    const leave = () => {
      request.left = true;
    };
    signal.addEventListener('abort', leave, { once: true });
    const entry = this.#batch.joinConditionally(pid, start, request);
    await entry.chunk.done;
    signal.removeEventListener('abort', leave);
    return { cells: entry, error: entry.chunk.error };
  }

  #value(field: number, cells: FieldSource, pid: number, bigint: boolean): unknown {
    const failure = cells.failure(field);
    if (failure !== undefined) throw processError(failure, pid, FIELD_NAMES[field] as string, this.options.procRoot);
    if (bigint) return bigIntLimits((cells.frame(field) as Frame).column(field), cells.row(field));
    return value(field, cells);
  }

  /** The caller's frames for an error of ours; a signal's reason belongs to whoever aborted, whatever it is. */
  #blame(error: unknown, signal: AbortSignal | undefined, site: CallSite | undefined): unknown {
    if (!isOurs(error) || (signal?.aborted === true && error === signal.reason)) return error;
    return this.#sites.blame(error, site);
  }

  /** An error for what a thread answered, or for what a closed client cannot tell any more. */
  revive(error: WireError, pid: number, what: string): Error {
    if (this.closed && 'code' in error && error.code === 'ERR_WORKER_DIED') return new ClientClosedError();
    return revive(error, pid, what, this.options.procRoot);
  }

  #checkOpen(signal: AbortSignal | undefined): void {
    if (this.closed) throw new ClientClosedError();
    signal?.throwIfAborted();
  }
}

export interface FieldCallOptions extends CallOptions {
  readonly bigint?: boolean | undefined;
}
export type LimitsCallOptions = FieldCallOptions;

/** A scope, and whether it ends with whoever opened it. */
export interface OpenedScope {
  readonly signal: AbortSignal | undefined;
  readonly target: Target;
  readonly scope: Scope;
  readonly owned: boolean;
}

/** A process that was found. */
export interface Identified {
  readonly pid: number;
  /** As the system counts: no change of the clock moves it. */
  readonly start: number;
  /** Milliseconds since the epoch, or why that is not known. */
  readonly startTime: number | Failure;
}

/** Why a start that was read cannot be converted to the time of day: a start is there all the same. */
function notConverted(cells: FieldSource): Failure | undefined {
  const failure = cells.failure(START_TIME);
  return failure?.kind === FailureKind.unsupported && !Number.isNaN(startIn(cells)) ? failure : undefined;
}

const RLIMITS = FIELD_INDEX.rlimits;
const START_TIME = FIELD_INDEX.startTime;
const PGID = FIELD_INDEX.pgid;
const CLOSING_MS = 1000;
const CLOSED: WireError = { name: 'Error', message: 'closed', code: 'ERR_WORKER_DIED', stack: '' };
