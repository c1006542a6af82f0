import {
  ANY_START,
  cellOf,
  type Failure,
  type FieldSet,
  type Frame,
  NO_FIELDS,
  ReadFlag,
} from '@psutil-extra/native/protocol';
import { type ReadRequest, stackOf, type WireError } from '@psutil-extra/worker';
import type { Counters } from '../observe/stats.js';
import { type FieldSource, failureIn } from '../schema/field-source.js';
import { frameFrom } from '../schema/received.js';
import type { WorkerError } from '../support/errors.js';
import { afterMicrotasks, setImmediate } from '../support/timers.js';
import type { Dispatcher } from '../threads/dispatcher.js';

/**
 * Merges what is asked in one turn of the event loop: the fields of a PID into one entry, entries into
 * chunks, a chunk into one message.
 *
 * The turn ends with a `process.nextTick` queued from a microtask. Callers that were resumed by the same
 * event, each some awaits deep, run in the microtasks between: waiting for those to drain catches all of
 * them, and costs nothing while waiting for the next phase of the loop would cost a millisecond.
 */
export class Batcher {
  readonly #dispatcher: Dispatcher;
  readonly #counters: Counters;
  readonly #inFlight = new Set<Chunk>();
  /** How many of them are all that a turn asked for. */
  #alone = 0;
  readonly #everyone: Everyone;
  #entries = new Map<number, Entry>();
  #chunks: Chunk[] = [];
  /** Those of oneshot scopes. */
  #wholeChunks: Chunk[] = [];

  constructor(dispatcher: Dispatcher, counters: Counters, everyone: Everyone) {
    this.#dispatcher = dispatcher;
    this.#counters = counters;
    this.#everyone = everyone;
  }

  /** Asks for fields of a process; the entry can be read once its chunk is done. */
  join(pid: number, start: number, fields: FieldSet): Entry {
    const first = this.#entries.get(pid);
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (entry.start !== start) continue;
      entry.fields = entry.fields.union(fields);
      return entry;
    }
    const entry = new Entry(pid, start, fields, this.#chunk(this.#chunks, 0), first);
    entry.chunk.entries.push(entry);
    this.#entries.set(pid, entry);
    return entry;
  }

  /** As {@link join}, for a caller that may leave: the fields are read only while the request stands. */
  joinConditionally(pid: number, start: number, request: Conditional): Entry {
    const entry = this.join(pid, start, NO_FIELDS);
    entry.conditional ??= [];
    entry.conditional.push(request);
    return entry;
  }

  /**
   * As {@link joinConditionally}, for a oneshot scope: all that the sources tell which are read anyhow, in a
   * read that is shared with nobody. Scopes of one turn travel together, each with what any of them asks:
   * another source costs less than another message.
   */
  joinWhole(pid: number, start: number, request: Conditional): Entry {
    const entry = new Entry(pid, start, NO_FIELDS, this.#chunk(this.#wholeChunks, ReadFlag.wholeSources), undefined);
    entry.conditional = [request];
    entry.chunk.entries.push(entry);
    return entry;
  }

  /** Resolves when every read of this PID that was asked for until now is done. */
  async drained(pid: number): Promise<void> {
    const chunks = [...this.#inFlight].filter((chunk) => chunk.entries.some((entry) => entry.pid === pid));
    const asked = this.#entries.get(pid);
    for (let entry = asked; entry !== undefined; entry = entry.next) chunks.push(entry.chunk);
    for (const chunk of this.#wholeChunks) if (chunk.entries.some((entry) => entry.pid === pid)) chunks.push(chunk);
    await Promise.all(chunks.map((chunk) => chunk.done));
  }

  /** Answers everything that is asked with this. */
  abandon(error: WireError): void {
    for (const chunk of [...this.#chunks, ...this.#wholeChunks, ...this.#inFlight]) chunk.settle(error);
    this.#inFlight.clear();
  }

  #chunk(chunks: Chunk[], flags: number): Chunk {
    if (this.#chunks.length + this.#wholeChunks.length === 0) {
      // Microtasks and ticks run behind each callback: sixteen sockets that are read in one turn of the event loop would
      // be sixteen messages. Where a message is on its way, what comes in the rest of the turn travels together. Not behind
      // chunks, though: answered one after the other, they can make a turn as long as all of them.
      if (this.#alone > 0 && this.#alone === this.#inFlight.size) setImmediate(() => this.#flush());
      else afterMicrotasks(() => this.#flush());
    }
    let chunk = chunks.at(-1);
    if (chunk === undefined || chunk.entries.length >= this.#dispatcher.chunk) {
      chunk = new Chunk(flags);
      chunks.push(chunk);
    }
    return chunk;
  }

  #flush(): void {
    const chunks = this.#chunks;
    const wholeChunks = this.#wholeChunks;
    const entries = this.#entries;
    this.#chunks = [];
    this.#wholeChunks = [];
    this.#entries = new Map();
    const bulk = chunks.length + wholeChunks.length > 1;
    for (const chunk of wholeChunks) void this.#send(chunk, bulk);
    if (this.#everyone.paysFor(entries.size)) void this.#walk(chunks, entries);
    else for (const chunk of chunks) void this.#send(chunk, bulk);
  }

  /** Of so many, a look at every process tells sooner. Those that it did not come by are asked for one by one. */
  async #walk(chunks: readonly Chunk[], entries: ReadonlyMap<number, Entry>): Promise<void> {
    for (const chunk of chunks) this.#inFlight.add(chunk);
    let fields = NO_FIELDS;
    for (const chunk of chunks) for (const entry of chunk.entries) fields = fields.union(entry.wanted());
    for (const frame of (await this.#everyone.read(fields)) ?? []) {
      for (let row = 0; row < frame.rows; row++) entries.get(frame.pids[row] as number)?.found(frame, row);
    }
    for (const chunk of chunks) if (this.#inFlight.has(chunk)) void this.#send(chunk, chunks.length > 1);
  }

  async #send(chunk: Chunk, bulk: boolean): Promise<void> {
    const request = chunk.request();
    if (request === undefined) {
      this.#inFlight.delete(chunk);
      chunk.settle();
      return;
    }
    this.#inFlight.add(chunk);
    this.#counters.messages++;
    if (!bulk) this.#alone++;
    const reply = await (bulk ? this.#dispatcher.runBulk(request) : this.#dispatcher.run(request));
    if (!bulk) this.#alone--;
    if (!this.#inFlight.delete(chunk)) return;
    if (!reply.ok) return chunk.settle(reply.error);
    if (typeof reply.value === 'number') {
      this.#counters.countSingle(reply.value);
      chunk.single = cellOf(reply.value);
    } else {
      try {
        chunk.frame = frameFrom(reply.value, typeof request.pids === 'number' ? 1 : request.pids.length);
      } catch (error) {
        // Not one of the chunk's callers may wait for ever, whatever came.
        const { name, message, code } = error as WorkerError;
        return chunk.settle({ name, message, code, stack: stackOf(error as Error) });
      }
      this.#counters.count(chunk.frame);
      if (bulk) this.#dispatcher.learn(chunk.frame.rows, chunk.frame.elapsed);
    }
    chunk.settle();
  }
}

/** A process that is asked about in this turn, and, when its chunk is done, its row. */
export class Entry implements FieldSource {
  readonly pid: number;
  readonly start: number;
  /** What is asked by callers that stay. */
  fields: FieldSet;
  /** What is asked by callers that may leave, or ask for more, before it is sent. */
  conditional: Conditional[] | undefined;
  readonly chunk: Chunk;
  /** Another process of the same PID: a number and a `Process` may mean two. */
  readonly next: Entry | undefined;
  /** Its row in the frame; −1 until it is sent. */
  position = -1;
  /** Where the row is, if not in its chunk's frame. */
  #frame: Frame | undefined;

  constructor(pid: number, start: number, fields: FieldSet, chunk: Chunk, next: Entry | undefined) {
    this.pid = pid;
    this.start = start;
    this.fields = fields;
    this.chunk = chunk;
    this.next = next;
  }

  get isSent(): boolean {
    return this.position >= 0;
  }

  /** A walk came by this PID; that is no answer for whoever means the process of a certain start. */
  found(frame: Frame, row: number): void {
    if (this.start === ANY_START) {
      this.#frame = frame;
      this.position = row;
    }
    this.next?.found(frame, row);
  }

  get isFound(): boolean {
    return this.#frame !== undefined;
  }

  failure(field: number): Failure | undefined {
    const frame = this.frame();
    return frame && failureIn(frame, this.position, field);
  }

  frame(): Frame | undefined {
    return this.#frame ?? this.chunk.frame;
  }

  row(): number {
    return this.position;
  }

  get scalar(): number {
    return this.chunk.single;
  }

  wanted(): FieldSet {
    let fields = this.fields;
    for (const request of this.conditional ?? []) if (!request.left) fields = fields.union(request.fields);
    return fields;
  }
}

/** A look at every process, where one can be had. */
export interface Everyone {
  /** Whether that is quicker than asking for so many one by one. */
  paysFor(asked: number): boolean;
  /** Frames with every process, or nothing where they could not be read. */
  read(fields: FieldSet): Promise<readonly Frame[] | undefined>;
}

/** A request that its caller may change, or take back, until it is sent. */
export interface Conditional {
  readonly fields: FieldSet;
  readonly left: boolean;
}

/** The entries of one message. All their callers wait for one promise. */
class Chunk {
  readonly entries: Entry[] = [];
  readonly done: Promise<void>;
  frame: Frame | undefined;
  /** In place of a frame: the only cell of the only entry. */
  single = 0;
  error: WireError | undefined;
  readonly #flags: number;
  #resolve!: () => void;

  constructor(flags: number) {
    this.#flags = flags;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  settle(error?: WireError): void {
    this.error = error;
    this.#resolve();
  }

  /** The message, or nothing where every caller has left. */
  request(): ReadRequest | undefined {
    const asked: Entry[] = [];
    let fields = NO_FIELDS;
    let alike = true;
    let bound = false;
    for (const entry of this.entries) {
      const wanted = entry.wanted();
      if (wanted.isEmpty || entry.isFound) continue;
      entry.position = asked.length;
      entry.fields = wanted;
      alike &&= asked.length === 0 || wanted.equals(fields);
      bound ||= entry.start !== ANY_START;
      fields = fields.union(wanted);
      asked.push(entry);
    }
    const [first] = asked;
    if (first === undefined) return undefined;
    const request = { op: 'read', fields: fields.bits, flags: this.#flags } as const;
    if (asked.length === 1 && !bound) return { ...request, pids: first.pid };
    return {
      ...request,
      pids: Int32Array.from(asked, (entry) => entry.pid),
      ...(bound && { starts: Float64Array.from(asked, (entry) => entry.start) }),
      ...(!alike && this.#flags === 0 && { masks: Float64Array.from(asked, (entry) => entry.fields.bits) }),
    };
  }
}
