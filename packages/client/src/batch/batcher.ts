import { cellOf, type FieldSet, type Frame, NO_FIELDS, ReadFlag } from '@psutil-extra/native/protocol';
import { type AnswerOf, type ReadRequest, stackOf, type WireError } from '@psutil-extra/worker';
import type { Counters } from '../observe/stats.js';
import { frameFrom } from '../schema/thread-answers.js';
import type { WorkerError } from '../support/errors.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import { Chunk, type Conditional, Entry } from './chunk.js';
import { atTurnEnd } from './turn-end.js';

/**
 * Merges the requests of one turn of the event loop: the fields of a PID into one entry, entries into chunks, a chunk into
 * one message.
 */
export class Batcher {
  readonly #dispatcher: Dispatcher;
  readonly #counters: Counters;
  readonly #inFlight = new Set<Chunk>();
  /** The number of chunks that hold all requests of a turn. */
  #alone = 0;
  readonly #bulk: BulkReader;
  #entries = new Map<number, Entry>();
  #chunks: Chunk[] = [];
  /** Chunks of oneshot scopes. */
  #scopeChunks: Chunk[] = [];

  constructor(dispatcher: Dispatcher, counters: Counters, bulk: BulkReader) {
    this.#dispatcher = dispatcher;
    this.#counters = counters;
    this.#bulk = bulk;
  }

  /** Requests fields of a process; the entry can be read once its chunk is done. */
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

  /** As {@link join}, for a caller that may leave: the fields are read only if the request still stands. */
  joinConditionally(pid: number, start: number, request: Conditional): Entry {
    const entry = this.join(pid, start, NO_FIELDS);
    entry.conditional ??= [];
    entry.conditional.push(request);
    return entry;
  }

  /**
   * As {@link joinConditionally}, for a oneshot scope: reads everything that the sources have which are read anyway, and
   * shares that read with no other caller. Scopes of one turn travel together, and each reads what any of them requests:
   * another source costs less than another message.
   */
  joinWhole(pid: number, start: number, request: Conditional): Entry {
    const entry = new Entry(pid, start, NO_FIELDS, this.#chunk(this.#scopeChunks, ReadFlag.wholeSources), undefined);
    entry.conditional = [request];
    entry.chunk.entries.push(entry);
    return entry;
  }

  /** Resolves when every read of this PID that was requested before is done. */
  async drained(pid: number): Promise<void> {
    const chunks = [...this.#inFlight].filter((chunk) => chunk.entries.some((entry) => entry.pid === pid));
    const requested = this.#entries.get(pid);
    for (let entry = requested; entry !== undefined; entry = entry.next) chunks.push(entry.chunk);
    for (const chunk of this.#scopeChunks) if (chunk.entries.some((entry) => entry.pid === pid)) chunks.push(chunk);
    await Promise.all(chunks.map((chunk) => chunk.done));
  }

  /** Ends every request with this error. */
  abandon(error: WireError): void {
    for (const chunk of [...this.#chunks, ...this.#scopeChunks, ...this.#inFlight]) chunk.settle(error);
    this.#inFlight.clear();
  }

  #chunk(chunks: Chunk[], flags: number): Chunk {
    if (this.#chunks.length + this.#scopeChunks.length === 0) {
      // The chunks of a large batch do not count as an answer that is due: their answers come one after the other, and a turn
      // would last as long as all of them.
      atTurnEnd(() => this.#flush(), this.#alone > 0 && this.#alone === this.#inFlight.size);
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
    const scopeChunks = this.#scopeChunks;
    const entries = this.#entries;
    this.#chunks = [];
    this.#scopeChunks = [];
    this.#entries = new Map();
    const isBulk = chunks.length + scopeChunks.length > 1;
    for (const chunk of scopeChunks) void this.#send(chunk, isBulk);
    if (this.#bulk.paysFor(entries.size)) void this.#readInBulk(chunks, entries);
    else for (const chunk of chunks) void this.#send(chunk, isBulk);
  }

  /** Reads every process, which is faster for so many. Then reads one by one the processes that this did not find. */
  async #readInBulk(chunks: readonly Chunk[], entries: ReadonlyMap<number, Entry>): Promise<void> {
    for (const chunk of chunks) this.#inFlight.add(chunk);
    let fields = NO_FIELDS;
    for (const chunk of chunks) for (const entry of chunk.entries) fields = fields.union(entry.wanted());
    for (const frame of (await this.#bulk.read(fields)) ?? []) {
      for (let row = 0; row < frame.rows; row++) entries.get(frame.pids[row] as number)?.found(frame, row);
    }
    for (const chunk of chunks) if (this.#inFlight.has(chunk)) void this.#send(chunk, chunks.length > 1);
  }

  async #send(chunk: Chunk, isBulk: boolean): Promise<void> {
    // Usually one message. If a frame reaches its bound in bytes, the remaining processes need another.
    for (;;) {
      const request = chunk.request();
      if (request === undefined) {
        this.#inFlight.delete(chunk);
        chunk.settle();
        return;
      }
      this.#inFlight.add(chunk);
      this.#counters.messages++;
      if (!isBulk) this.#alone++;
      const reply = await (isBulk ? this.#dispatcher.runBulk(request) : this.#dispatcher.run(request));
      if (!isBulk) this.#alone--;
      if (!this.#inFlight.has(chunk)) return;
      const error = reply.ok ? this.#receive(chunk, request, reply.value, isBulk) : reply.error;
      if (error === undefined && chunk.frame?.isFull === true && chunk.takePart(chunk.frame)) continue;
      this.#inFlight.delete(chunk);
      chunk.settle(error);
      return;
    }
  }

  /** Puts an answer into its chunk. Returns the error of a damaged answer. */
  #receive(chunk: Chunk, request: ReadRequest, answer: AnswerOf['read'], isBulk: boolean): WireError | undefined {
    if (typeof answer === 'number') {
      this.#counters.countScalar(answer);
      chunk.scalar = cellOf(answer);
      return undefined;
    }
    try {
      chunk.frame = frameFrom(answer, typeof request.pids === 'number' ? 1 : request.pids.length);
    } catch (error) {
      // Whatever the answer was, no caller of the chunk may wait for ever.
      const { name, message, code } = error as WorkerError;
      return { name, message, code, stack: stackOf(error as Error) };
    }
    this.#counters.count(chunk.frame);
    if (isBulk) this.#dispatcher.learn(chunk.frame.rows, chunk.frame.elapsed);
    return undefined;
  }
}

/** Reads every process, where that is possible. */
export interface BulkReader {
  /** Whether that is faster than reading so many processes one by one. */
  paysFor(requested: number): boolean;
  /** Frames with every process; `undefined` if they could not be read. */
  read(fields: FieldSet): Promise<readonly Frame[] | undefined>;
}
