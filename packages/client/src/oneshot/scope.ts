import { type Action, ANY_START, FIELD_INDEX, FieldSet, type Frame } from '@psutil-extra/native/protocol';
import type { Reply, ScopedPart } from '@psutil-extra/worker';
import type { Batcher } from '../batch/batcher.js';
import type { Counters } from '../observe/stats.js';
import type { FieldSource } from '../schema/field-source.js';
import { frameFrom } from '../schema/thread-answers.js';
import { afterMicrotasks } from '../support/timers.js';
import type { ScopePorts } from '../threads/backend.js';
import { FieldCache, type TransientFailures } from './field-cache.js';
import { type Answer, BatchedRead, type PendingRead, ThreadRead } from './pending-reads.js';
import { type IsAlive, ScopeIdentity } from './scope-identity.js';
import { ScopeThread } from './scope-thread.js';

/**
 * A oneshot scope: the fields of one process that have been read since it was opened. Its first read is part of the batch of
 * its turn, beside those of other scopes; from the second on it has a thread, which caches what the kernel returned there.
 * The cache on this side has everything that came across, so that a field in it costs no message. To open a scope reads
 * nothing, and to close it sends nothing.
 */
export class Scope {
  readonly pid: number;
  /** The start that the process must have, or `ANY_START` for a scope of a number. */
  readonly start: number;
  readonly cache = new FieldCache();
  /** Whether the scope has ended. Code that still runs in its context is outside any scope then. */
  ended = false;
  readonly #id: number;
  readonly #batch: Batcher;
  readonly #counters: Counters;
  readonly #identity: ScopeIdentity;
  readonly #thread: ScopeThread;
  /** Reads that have not been answered, and the one to which fields may still be added. */
  readonly #pending = new Set<PendingRead>();
  #open: BatchedRead | ThreadRead | undefined;
  #isRead = false;
  /** Callers that wait until the scope knows which process it reads. */
  readonly #deciding = new Set<Promise<unknown>>();
  readonly #all: Answer = { source: this.cache, error: undefined };

  constructor(
    pid: number,
    start: number,
    id: number,
    batch: Batcher,
    ports: ScopePorts,
    counters: Counters,
    isAlive: IsAlive,
  ) {
    this.pid = pid;
    this.start = start;
    this.#id = id;
    this.#batch = batch;
    this.#counters = counters;
    this.#identity = new ScopeIdentity(pid, start, this.cache, isAlive);
    this.#thread = new ScopeThread(id, ports);
  }

  /** Whether these fields are in the cache, and certainly of the process with this start. */
  answers(fields: FieldSet, start: number): boolean {
    return !this.ended && this.cache.contains(fields) && this.#identity.is(start);
  }

  /** As {@link answers}, for one field. */
  hasValue(field: number, start: number): boolean {
    return !this.ended && this.cache.has(field) && this.#identity.is(start);
  }

  /** Whether this scope may answer a caller who means this start. */
  isFor(start: number): boolean {
    return this.#identity.mayBe(start);
  }

  /** Reads the fields that are missing, for a caller who means this start. `undefined` if the scope is of another process. */
  read(fields: FieldSet, start: number): Promise<Answer | undefined> {
    if (this.#identity.is(start)) return this.#fetch(fields);
    const deciding = this.#decide(fields, start);
    this.#deciding.add(deciding);
    void this.#forget(deciding);
    return deciding;
  }

  async #forget(deciding: Promise<unknown>): Promise<void> {
    await Promise.allSettled([deciding]);
    this.#deciding.delete(deciding);
  }

  async #decide(fields: FieldSet, start: number): Promise<Answer | undefined> {
    return (await this.#identity.isOf(start)) ? this.#fetch(fields) : undefined;
  }

  /** Reads the fields that are missing and have not been requested. Requests of one turn are one read. */
  #fetch(fields: FieldSet): Promise<Answer> {
    const missing = this.cache.missing(fields);
    if (this.#pending.size === 0) return missing.isEmpty ? Promise.resolve(this.#all) : this.#request(missing);
    const coming = [...this.#pending].filter((read) => read.fields.intersects(missing));
    const rest = coming.reduce((left, read) => left.difference(read.fields), missing);
    const answers = coming.map((read) => read.done);
    if (!rest.isEmpty) answers.push(this.#request(rest));
    return this.#join(answers);
  }

  async #join(coming: Promise<Answer>[]): Promise<Answer> {
    const answers = await Promise.all(coming);
    const failed = answers.find((answer) => answer.error !== undefined);
    if (failed !== undefined) return failed;
    return this.#answer(new Map(answers.flatMap((answer) => [...(answer.transientFailures ?? [])])));
  }

  /** The cache, and failures that are part of this answer only. */
  #answer(transientFailures: TransientFailures): Answer {
    if (transientFailures.size === 0) return this.#all;
    const { cache } = this;
    const source: FieldSource = {
      failure: (field) => transientFailures.get(field) ?? cache.failure(field),
      frame: (field) => cache.frame(field),
      row: (field) => cache.row(field),
      scalar: cache.scalar,
    };
    return { source, error: undefined, transientFailures };
  }

  /** Changes the process in the scope's thread, which forgets the fields that the action invalidates. */
  async act(action: Action, start: number, signal: AbortSignal | undefined): Promise<Reply<BigUint64Array>> {
    const port = await this.#thread.choose();
    if (!port.ok) return port;
    const required = start === ANY_START ? this.#identity.required : start;
    const reply = await port.value.act({ scope: this.#id, pid: this.pid, start: required, action }, signal);
    this.forget(action);
    this.#leave();
    return reply;
  }

  /** The next read of the fields that the action invalidates reads them again. */
  forget(action: Action): void {
    this.cache.forget(FieldSet.fromBits(action.invalidates));
  }

  /** Resolves when everything that was requested of this scope before has been read. */
  async drained(): Promise<void> {
    await Promise.allSettled([...this.#deciding, ...[...this.#pending].map(({ done }) => done)]);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#leave();
  }

  /** Leaves the thread once the scope has ended and every read is answered: a later answer would fill the thread's cache again. */
  #leave(): void {
    if (this.ended && this.#pending.size === 0) this.#thread.leave();
  }

  #request(fields: FieldSet): Promise<Answer> {
    const batched = this.#batched(fields);
    if (batched !== undefined) return batched.done;
    if (!(this.#open instanceof ThreadRead) || this.#open.isSent) {
      const read = new ThreadRead();
      this.#open = read;
      read.done = this.#readInThread(read);
    }
    this.#open.fields = this.#open.fields.union(fields);
    return this.#open.done;
  }

  /**
   * The scope's first read, until it is sent, if a caller who means this start need wait for nothing else: the caller awaits
   * `chunk.done` and then calls {@link complete}. Most scopes make this read only, and each promise on the way costs time
   * in an async context that is followed.
   */
  batched(fields: FieldSet, start: number): BatchedRead | undefined {
    return this.ended || !this.#identity.is(start) ? undefined : this.#batched(fields);
  }

  #batched(fields: FieldSet): BatchedRead | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      const start = this.#identity.require();
      const read = new BatchedRead(this, this.#identity.unbound);
      read.entry = this.#batch.joinWhole(this.pid, start, read);
      this.#identity.sent(read.chunk.done);
      this.#pending.add(read);
      this.#open = read;
    }
    if (!(this.#open instanceof BatchedRead) || this.#open.isSent) return undefined;
    this.#open.fields = this.#open.fields.union(fields);
    return this.#open;
  }

  /** The answer of a read whose chunk is done. */
  complete(read: BatchedRead): Answer {
    read.answer ??= this.#complete(read);
    return read.answer;
  }

  #complete(read: BatchedRead): Answer {
    const { chunk, entry, unbound } = read;
    this.#identity.answered(chunk.done);
    this.#pending.delete(read);
    this.#leave();
    if (chunk.error !== undefined) return { source: undefined, error: chunk.error };
    const knewStart = this.cache.has(START_TIME);
    const transientFailures: TransientFailures = new Map();
    const frame = entry.frame() as Frame;
    this.cache.add(frame, entry.position, frame.fields, transientFailures);
    return this.#learned(knewStart, unbound, transientFailures);
  }

  #learned(knewStart: boolean, unbound: number, transientFailures: TransientFailures): Answer {
    if (!knewStart && this.cache.has(START_TIME) && unbound === this.#identity.unbound) this.#identity.learn();
    return this.#answer(transientFailures);
  }

  async #readInThread(read: ThreadRead): Promise<Answer> {
    this.#pending.add(read);
    const knewStart = this.cache.has(START_TIME);
    try {
      const transientFailures: TransientFailures = new Map();
      const unbound = await this.#receive(read, transientFailures);
      return typeof unbound === 'number' ? this.#learned(knewStart, unbound, transientFailures) : unbound;
    } finally {
      this.#pending.delete(read);
      this.#leave();
    }
  }

  /** Reads in the thread of this scope. Returns the number of unbound reads, this one included, or the error. */
  async #receive(read: ThreadRead, transientFailures: TransientFailures): Promise<number | Answer> {
    // The same moment as that of a batch, see atTurnEnd().
    await new Promise<void>((resolve) => afterMicrotasks(resolve));
    read.isSent = true;
    const port = this.#thread.alive ?? (await this.#thread.choose());
    if (!port.ok) return { source: undefined, error: port.error };
    const start = this.#identity.require();
    const { unbound } = this.#identity;
    // If the thread dies in this read, the caller gets the error, as in any other: what ended it may end the next thread.
    const sent = port.value.read({ scope: this.#id, pid: this.pid, start, fields: read.fields.bits });
    this.#identity.sent(sent);
    const reply = await sent;
    this.#identity.answered(sent);
    if (!reply.ok) return { source: undefined, error: reply.error };
    const parts = Array.isArray(reply.value) ? (reply.value as readonly ScopedPart[]) : [{ buffer: reply.value }];
    for (const part of parts) {
      const frame = frameFrom(part.buffer, 1);
      this.#counters.count(frame);
      this.cache.add(frame, 0, 'fields' in part ? FieldSet.fromBits(part.fields) : frame.fields, transientFailures);
    }
    return unbound;
  }
}

const START_TIME = FIELD_INDEX.startTime;
