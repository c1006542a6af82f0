import {
  ANY_START,
  type Failure,
  FIELD_INDEX,
  type FieldMask,
  Frame,
  lastingFields,
  type RawLimits,
  type Reply,
  type ScopedAnswer,
  type WireError,
} from '@psutil-extra/worker';
import { type Cells, failureIn, positions } from './cells.js';
import type { Ports, ThreadPort } from './ports.js';
import type { Counters } from './stats.js';

/**
 * A oneshot scope: what has been read of one process since it was opened. The thread that it is bound to
 * holds what the kernel told; this side holds what came across, so that a field that is here costs no
 * message. Opening one reads nothing, closing one says nothing.
 */
export class Scope implements Cells {
  readonly pid: number;
  /** The start that the process must have, or `ANY_START` for a scope of a number. */
  readonly start: number;
  /** Whether the scope is over: what still runs in its context is outside any scope then. */
  ended = false;
  readonly #id: number;
  readonly #ports: Ports;
  readonly #counters: Counters;
  readonly #frames: (Frame | undefined)[] = [];
  #known: FieldMask = 0;
  /** Infinity as long as nothing was read; NaN where no clock says when. */
  #firstReadAt = Number.POSITIVE_INFINITY;
  /** The start of the process that all of this was read of, once that is certain. */
  #began: number | undefined;
  #port: ThreadPort | undefined;
  #turn: { fields: FieldMask; done: Promise<Answer> } | undefined;
  /** Reads sent while it was not certain which process has the PID. */
  #unbound = 0;
  readonly #sent = new Set<Promise<unknown>>();
  readonly #isAlive: IsAlive;
  readonly #deciding = new Set<Promise<unknown>>();
  readonly #all: Answer = { cells: this, error: undefined };
  readonly #inFlight = new Set<{ fields: FieldMask; done: Promise<Answer> }>();

  constructor(pid: number, start: number, id: number, ports: Ports, counters: Counters, isAlive: IsAlive) {
    this.pid = pid;
    this.start = start;
    this.#id = id;
    this.#ports = ports;
    this.#counters = counters;
    this.#isAlive = isAlive;
  }

  failure(field: number): Failure | undefined {
    return failureIn(this.frameOf(field), 0, field);
  }

  cell(field: number): number {
    return this.frameOf(field).cell(field, 0);
  }

  frameOf(field: number): Frame {
    return this.#frames[field] as Frame;
  }

  /** Whether these fields are here and of the process that is meant, for all that is known without asking. */
  answers(fields: FieldMask, start: number): boolean {
    if (this.ended || (fields & ~this.#known) !== 0) return false;
    return start === ANY_START || start === this.start || this.#began === start;
  }

  /** Whether a caller who means this start may be answered by this scope at all. */
  isFor(start: number): boolean {
    return start === ANY_START || this.start === ANY_START || start === this.start;
  }

  /** Reads what is missing for a caller who means this start; nothing where the scope is of another process. */
  read(fields: FieldMask, start: number): Promise<Answer | undefined> {
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

  async #decide(fields: FieldMask, start: number): Promise<Answer | undefined> {
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
      if (this.#began !== undefined) return this.#began === start;
      if (!(start < this.#firstReadAt) || !(await this.#isAlive(this.pid, start))) return false;
      if (reads === this.#unbound) this.#bind(start);
    }
  }

  #bind(start: number): void {
    this.#began ??= start;
  }

  /** Reads what is missing. Requests of one turn are one message. */
  #fetch(fields: FieldMask): Promise<Answer> {
    const missing = fields & ~this.#known;
    if (this.#inFlight.size === 0) return missing === 0 ? Promise.resolve(this.#all) : this.#ask(missing);
    // What is on its way already need not be asked for again.
    const coming = [...this.#inFlight].filter((request) => (request.fields & missing) !== 0);
    const rest = coming.reduce((left, request) => left & ~request.fields, missing);
    const answers = coming.map((request) => request.done);
    if (rest !== 0) answers.push(this.#ask(rest));
    return this.#join(answers);
  }

  async #join(coming: Promise<Answer>[]): Promise<Answer> {
    const answers = await Promise.all(coming);
    const failed = answers.find((answer) => answer.error !== undefined);
    if (failed !== undefined) return failed;
    const passing = new Map(answers.flatMap((answer) => [...(answer.passing ?? [])]));
    return passing.size === 0 ? this.#all : this.#with(passing);
  }

  /** What is here, and failures that do not last, which are in this answer alone. */
  #with(passing: ReadonlyMap<number, Frame>): Answer {
    const frameOf = (field: number) => passing.get(field) ?? this.frameOf(field);
    return {
      cells: {
        failure: (field) => failureIn(frameOf(field), 0, field),
        cell: (field) => this.cell(field),
        frameOf,
      },
      error: undefined,
      passing,
    };
  }

  /** Sets a limit in the thread that holds the cache, which forgets the limits that it has read. */
  async set(request: RawLimits & { readonly resource: number }, start: number): Promise<Reply<RawLimits>> {
    const port = await this.#thread();
    if (!port.ok) return port;
    const meant = start === ANY_START ? (this.#began ?? this.start) : start;
    const reply = await port.value.set({ scope: this.#id, pid: this.pid, start: meant, ...request });
    this.forgetLimits();
    return reply;
  }

  forgetLimits(): void {
    this.#known &= ~LIMITS;
    this.#frames[FIELD_INDEX.rlimits] = undefined;
  }

  /** Resolves when all that was asked of this scope until now has been read. */
  async drained(): Promise<void> {
    const asked = [...this.#inFlight, ...(this.#turn === undefined ? [] : [this.#turn])];
    await Promise.allSettled([...this.#deciding, ...asked.map(({ done }) => done)]);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#port?.end(this.#id);
  }

  #ask(fields: FieldMask): Promise<Answer> {
    if (this.#turn === undefined) {
      const turn = { fields: 0, done: this.#send() };
      this.#turn = turn;
    }
    this.#turn.fields |= fields;
    return this.#turn.done;
  }

  async #send(): Promise<Answer> {
    // The same moment as a batch's, see there.
    await new Promise<void>((resolve) => queueMicrotask(() => process.nextTick(resolve)));
    const turn = this.#turn as { fields: FieldMask; done: Promise<Answer> };
    this.#turn = undefined;
    this.#inFlight.add(turn);
    try {
      let port = this.#bound() ?? (await this.#thread());
      if (!port.ok) return { cells: undefined, error: port.error };
      const start = this.#began ?? this.start;
      if (start === ANY_START) this.#unbound++;
      const reads = this.#unbound;
      let reply = await this.#readIn(port.value, start, turn.fields);
      if (!reply.ok && port.value.dead) {
        // That its thread has died may only show now; a read can be made again, in another.
        port = await this.#thread();
        if (!port.ok) return { cells: undefined, error: port.error };
        reply = await this.#readIn(port.value, start, turn.fields);
      }
      if (!reply.ok) return { cells: undefined, error: reply.error };
      const passing = new Map<number, Frame>();
      const knew = this.#known & START_TIME;
      if (reply.value instanceof ArrayBuffer) {
        const frame = new Frame(reply.value);
        this.#take(frame, frame.fields, passing);
      } else {
        for (const part of reply.value) this.#take(new Frame(part.buffer), part.fields, passing);
      }
      // The start time was read last, and before the first read its process had begun: as in #isOf.
      if (knew === 0 && (this.#known & START_TIME) !== 0 && reads === this.#unbound) this.#learnStart();
      return passing.size === 0 ? this.#all : this.#with(passing);
    } finally {
      this.#inFlight.delete(turn);
    }
  }

  async #readIn(port: ThreadPort, start: number, fields: FieldMask): Promise<Reply<ScopedAnswer>> {
    const sent = port.read({ scope: this.#id, pid: this.pid, start, fields });
    this.#sent.add(sent);
    const reply = await sent;
    this.#sent.delete(sent);
    return reply;
  }

  #learnStart(): void {
    if (this.start !== ANY_START || this.failure(FIELD_INDEX.startTime) !== undefined) return;
    const start = this.cell(FIELD_INDEX.startTime);
    if (start < this.#firstReadAt) this.#bind(start);
  }

  #take(frame: Frame, fields: FieldMask, passing: Map<number, Frame>): void {
    this.#counters.count(frame);
    this.#firstReadAt = Math.min(this.#firstReadAt, frame.clock.readAt);
    const lasting = lastingFields(frame);
    for (const field of positions(fields)) {
      if (((lasting >> field) & 1) === 0) passing.set(field, frame);
      // What was answered once is answered for good.
      else this.#frames[field] ??= frame;
    }
    this.#known |= fields & lasting;
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
        if (this.ended) this.#port.end(this.#id);
      }
    }
    return { ok: true, value: this.#port };
  }
}

export interface Answer {
  /** What was asked for, or nothing where there is an error. */
  readonly cells: Cells | undefined;
  readonly error: WireError | undefined;
  /** Fields whose failure does not last. */
  readonly passing?: ReadonlyMap<number, Frame>;
}

/** Whether the process that began at this tick still has its PID. */
export type IsAlive = (pid: number, start: number) => Promise<boolean>;

const START_TIME = 1 << FIELD_INDEX.startTime;
const LIMITS = 1 << FIELD_INDEX.rlimits;
