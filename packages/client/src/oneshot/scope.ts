import {
  ANY_START,
  cacheableFields,
  type Failure,
  FIELD_INDEX,
  FieldSet,
  type Frame,
  NO_FIELDS,
} from '@psutil-extra/native/protocol';
import type { RawLimits, Reply, ScopedAnswer, ScopedPart } from '@psutil-extra/worker';
import type { Batcher } from '../batch/batcher.js';
import type { Counters } from '../observe/stats.js';
import { startIn } from '../schema/decode.js';
import { type FieldSource, failureIn } from '../schema/field-source.js';
import { frameFrom } from '../schema/received.js';
import { afterMicrotasks } from '../support/timers.js';
import type { Ports, ThreadPort } from '../threads/thread-ports.js';
import { type Answer, type Passing, Request, Ride, type Turn } from './pending-reads.js';

/**
 * A oneshot scope: what has been read of one process since it was opened. Its first read rides with the batch
 * of its turn, beside those of other scopes; from the second on it has a thread, which holds what the kernel
 * told there. This side holds all that came across, so that a field that is here costs no message. Opening
 * one reads nothing, closing one says nothing.
 */
export class Scope implements FieldSource {
  readonly pid: number;
  /** The start that the process must have, or `ANY_START` for a scope of a number. */
  readonly start: number;
  /** Whether the scope is over: what still runs in its context is outside any scope then. */
  ended = false;
  readonly #id: number;
  readonly #batch: Batcher;
  readonly #ports: Ports;
  readonly #counters: Counters;
  readonly #frames: (Frame | undefined)[] = [];
  /** Which row of its frame each field stands in. */
  readonly #rows: number[] = [];
  #known = NO_FIELDS;
  /** Infinity as long as nothing was read; NaN where no clock says when. */
  #firstReadAt = Number.POSITIVE_INFINITY;
  /** The start of the process that all of this was read of, once that is certain: for a while of its tick alone. */
  #began: number | undefined;
  #port: ThreadPort | undefined;
  /** What is asked and not yet answered, and of that what may still grow. */
  readonly #turns = new Set<Turn>();
  #open: Ride | Request | undefined;
  #isRead = false;
  /** Reads asked while it was not certain which process has the PID. */
  #unbound = 0;
  readonly #sent = new Set<Promise<unknown>>();
  readonly #isAlive: IsAlive;
  readonly #deciding = new Set<Promise<unknown>>();
  readonly #all: Answer = { cells: this, error: undefined };

  constructor(
    pid: number,
    start: number,
    id: number,
    batch: Batcher,
    ports: Ports,
    counters: Counters,
    isAlive: IsAlive,
  ) {
    this.pid = pid;
    this.start = start;
    this.#id = id;
    this.#batch = batch;
    this.#ports = ports;
    this.#counters = counters;
    this.#isAlive = isAlive;
  }

  failure(field: number): Failure | undefined {
    return failureIn(this.frame(field), this.row(field), field);
  }

  frame(field: number): Frame {
    return this.#frames[field] as Frame;
  }

  row(field: number): number {
    return this.#rows[field] as number;
  }

  /** A scope reads no single numbers. */
  readonly scalar = Number.NaN;

  /** Whether these fields are here and of the process that is meant, for all that is known without asking. */
  answers(fields: FieldSet, start: number): boolean {
    if (this.ended || !this.#known.contains(fields)) return false;
    return start === ANY_START || start === this.start || this.#began === start;
  }

  /** Whether a caller who means this start may be answered by this scope at all. */
  isFor(start: number): boolean {
    return start === ANY_START || this.start === ANY_START || start === this.start;
  }

  /** Reads what is missing for a caller who means this start; nothing where the scope is of another process. */
  read(fields: FieldSet, start: number): Promise<Answer | undefined> {
    if (start === ANY_START || start === this.start || start === this.#began) return this.#fetch(fields);
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
    return (await this.#isOf(start)) ? this.#fetch(fields) : undefined;
  }

  /**
   * Whether all that is here is of the process that began at this tick. A scope of a number does not know
   * which process it reads until somebody asks. The answer is yes where that process began before the first
   * read and is alive after the last: a process keeps its PID from its start to its end, so it was there at
   * every moment between. From then on the scope reads that process and no other.
   */
  async #isOf(start: number): Promise<boolean> {
    if (this.start !== ANY_START) return false;
    for (;;) {
      await Promise.allSettled(this.#sent);
      const reads = this.#unbound;
      if (this.#began === start) return true;
      // That it began in this tick is not enough: another one of this PID may have, too.
      if (this.#began !== undefined && this.#began !== Math.floor(start)) return false;
      if (!(start < this.#firstReadAt) || !(await this.#isAlive(this.pid, start))) return false;
      if (reads === this.#unbound) this.#began = start;
    }
  }

  /** Reads what is missing. Requests of one turn are one read. */
  #fetch(fields: FieldSet): Promise<Answer> {
    const missing = fields.difference(this.#known);
    if (this.#turns.size === 0) return missing.isEmpty ? Promise.resolve(this.#all) : this.#ask(missing);
    // What is on its way already need not be asked for again.
    const coming = [...this.#turns].filter((turn) => turn.fields.intersects(missing));
    const rest = coming.reduce((left, turn) => left.difference(turn.fields), missing);
    const answers = coming.map((turn) => turn.done);
    if (!rest.isEmpty) answers.push(this.#ask(rest));
    return this.#join(answers);
  }

  async #join(coming: Promise<Answer>[]): Promise<Answer> {
    const answers = await Promise.all(coming);
    const failed = answers.find((answer) => answer.error !== undefined);
    if (failed !== undefined) return failed;
    return this.#with(new Map(answers.flatMap((answer) => [...(answer.passing ?? [])])));
  }

  /** What is here, and failures that do not last, which are in this answer alone. */
  #with(passing: Passing): Answer {
    if (passing.size === 0) return this.#all;
    const cells: FieldSource = {
      failure: (field) => passing.get(field) ?? this.failure(field),
      frame: (field) => this.frame(field),
      row: (field) => this.row(field),
      scalar: this.scalar,
    };
    return { cells, error: undefined, passing };
  }

  /** Sets a limit in the thread that holds the cache, which forgets the limits that it has read. */
  async set(request: RawLimits & { readonly resource: number }, start: number): Promise<Reply<RawLimits>> {
    const port = await this.#thread();
    if (!port.ok) return port;
    const meant = start === ANY_START ? (this.#began ?? this.start) : start;
    const reply = await port.value.set({ scope: this.#id, pid: this.pid, start: meant, ...request });
    this.forgetLimits();
    this.#leave();
    return reply;
  }

  /** The next read of limits reads them anew. Their frame stays until then: a read that has just ended may not have looked at it yet. */
  forgetLimits(): void {
    this.#known = this.#known.difference(LIMITS);
  }

  /** Resolves when all that was asked of this scope until now has been read. */
  async drained(): Promise<void> {
    await Promise.allSettled([...this.#deciding, ...[...this.#turns].map(({ done }) => done)]);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#leave();
  }

  /** The thread may forget what it holds; not before it has answered, for that would make it hold it again. */
  #leave(): void {
    if (!this.ended || this.#turns.size > 0) return;
    this.#port?.end(this.#id);
    this.#port = undefined;
  }

  #ask(fields: FieldSet): Promise<Answer> {
    const ride = this.#ride(fields);
    if (ride !== undefined) return ride.done;
    if (!(this.#open instanceof Request) || this.#open.isSent) {
      const request = new Request();
      this.#open = request;
      request.done = this.#readByPort(request);
    }
    this.#open.fields = this.#open.fields.union(fields);
    return this.#open.done;
  }

  /**
   * The scope's first read, for as long as it has not been sent, where it is all that a caller who means this start has
   * to wait for: until `chunk.done`, and then for {@link landed}. It is what most scopes do, and each promise on the
   * way costs in an async context that is followed.
   */
  ride(fields: FieldSet, start: number): Ride | undefined {
    if (this.ended || (start !== ANY_START && start !== this.start && start !== this.#began)) return undefined;
    return this.#ride(fields);
  }

  #ride(fields: FieldSet): Ride | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      const start = this.#meant();
      const ride = new Ride(this, this.#unbound);
      ride.entry = this.#batch.joinWhole(this.pid, start, ride);
      this.#sent.add(ride.chunk.done);
      this.#turns.add(ride);
      this.#open = ride;
    }
    if (!(this.#open instanceof Ride) || this.#open.isSent) return undefined;
    this.#open.fields = this.#open.fields.union(fields);
    return this.#open;
  }

  /** What a read brought whose chunk is done. */
  landed(ride: Ride): Answer {
    ride.answer ??= this.#land(ride);
    return ride.answer;
  }

  #land(ride: Ride): Answer {
    const { chunk, entry, reads } = ride;
    this.#sent.delete(chunk.done);
    this.#turns.delete(ride);
    this.#leave();
    if (chunk.error !== undefined) return { cells: undefined, error: chunk.error };
    const knew = this.#known.has(START_TIME);
    const passing: Passing = new Map();
    const frame = entry.frame() as Frame;
    this.#take(frame, entry.position, frame.fields, passing);
    return this.#learned(knew, reads, passing);
  }

  #learned(knew: boolean, reads: number, passing: Passing): Answer {
    if (!knew && this.#known.has(START_TIME) && reads === this.#unbound) this.#learnStart();
    return this.#with(passing);
  }

  async #readByPort(request: Request): Promise<Answer> {
    this.#turns.add(request);
    const knew = this.#known.has(START_TIME);
    try {
      const passing: Passing = new Map();
      const reads = await this.#readInThread(request, passing);
      return typeof reads === 'number' ? this.#learned(knew, reads, passing) : reads;
    } finally {
      this.#turns.delete(request);
      this.#leave();
    }
  }

  /** From the thread of this scope. Answers with the number of unbound reads up to this one, or with the error. */
  async #readInThread(turn: Request, passing: Passing): Promise<number | Answer> {
    // The same moment as a batch's, see there.
    await new Promise<void>((resolve) => afterMicrotasks(resolve));
    turn.isSent = true;
    const port = this.#bound() ?? (await this.#thread());
    if (!port.ok) return { cells: undefined, error: port.error };
    const start = this.#meant();
    const reads = this.#unbound;
    // Where the thread dies in this read the caller is told, as in any other: what ended it may end the next.
    const reply = await this.#readIn(port.value, start, turn.fields);
    if (!reply.ok) return { cells: undefined, error: reply.error };
    const parts = Array.isArray(reply.value) ? (reply.value as readonly ScopedPart[]) : [{ buffer: reply.value }];
    for (const part of parts) {
      const frame = frameFrom(part.buffer, 1);
      this.#counters.count(frame);
      this.#take(frame, 0, 'fields' in part ? FieldSet.fromBits(part.fields) : frame.fields, passing);
    }
    return reads;
  }

  /** The start that a read made now must find; where there is none, it counts as unbound. */
  #meant(): number {
    const start = this.#began ?? this.start;
    if (start === ANY_START) this.#unbound++;
    return start;
  }

  async #readIn(port: ThreadPort, start: number, fields: FieldSet): Promise<Reply<ScopedAnswer>> {
    const sent = port.read({ scope: this.#id, pid: this.pid, start, fields: fields.bits });
    this.#sent.add(sent);
    const reply = await sent;
    this.#sent.delete(sent);
    return reply;
  }

  /** Binds the scope as #isOf does, where the start time was read last. Limits of the same read are read later. */
  #learnStart(): void {
    const frame = this.frame(START_TIME);
    if (this.start !== ANY_START || frame.fields.has(FIELD_INDEX.rlimits)) return;
    if (this.failure(START_TIME) !== undefined) return;
    const start = startIn(this);
    if (start < this.#firstReadAt) this.#began ??= start;
  }

  #take(frame: Frame, row: number, fields: FieldSet, passing: Passing): void {
    this.#firstReadAt = Math.min(this.#firstReadAt, frame.readAt);
    const lasting = cacheableFields(frame, row);
    for (const field of fields) {
      if (!lasting.has(field)) passing.set(field, failureIn(frame, row, field) as Failure);
      // What was answered once is answered for good.
      else if (!this.#known.has(field)) {
        this.#frames[field] = frame;
        this.#rows[field] = row;
      }
    }
    this.#known = this.#known.union(fields.intersection(lasting));
  }

  #bound(): Reply<ThreadPort> | undefined {
    return this.#port === undefined || this.#port.dead ? undefined : { ok: true, value: this.#port };
  }

  /** The thread of this scope; another one where that has died, which then reads what is not here. */
  async #thread(): Promise<Reply<ThreadPort>> {
    if (this.#port === undefined || this.#port.dead) {
      const picked = await this.#ports.pick();
      if (!picked.ok) return picked;
      // Two requests may have waited for the same port.
      if (this.#port === undefined || this.#port.dead) {
        this.#port = picked.value;
        this.#port.scopes++;
      }
    }
    return { ok: true, value: this.#port };
  }
}

/** Whether the process that began at this tick still has its PID. */
export type IsAlive = (pid: number, start: number) => Promise<boolean>;

const START_TIME = FIELD_INDEX.startTime;
const LIMITS = FieldSet.of(FIELD_INDEX.rlimits);
