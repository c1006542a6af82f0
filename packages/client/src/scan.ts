import { ANY_START, type AnswerOf, type FieldMask, Frame, ReadFlag, type Reply } from '@psutil-extra/worker';
import { abortable } from './abort.js';
import type { Engine } from './engine.js';
import type { Field } from './fields.js';
import type { CallOptions } from './options.js';
import type { Proc } from './process.js';
import { Target } from './target.js';

/** What a scan takes. */
export interface ScanOptions<F extends readonly Field[]> extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F;
  /** Which processes. Default: every one. */
  readonly pids?: Iterable<Proc>;
}

/** What `scanBatches()` takes. */
export interface ScanBatchesOptions<F extends readonly Field[]> extends ScanOptions<F> {
  /** Processes in a table, at most. Default 1024. */
  readonly batchSize?: number;
}

export const DEFAULT_BATCH = 1024;
/** The whole scan in one table. */
export const ONE_BATCH = Number.POSITIVE_INFINITY;

interface InFlight {
  readonly reply: Promise<Reply<AnswerOf['scan']>>;
  readonly endsBatch: boolean;
}

/** Processes to be read. */
interface Chunk {
  readonly pids: Int32Array;
  readonly starts?: Float64Array;
}

/**
 * Reads processes chunk by chunk, in order, in batches of a given size, and never further ahead than keeps the threads busy: whoever
 * does not take the next chunk holds the reading back. Listing goes on while what is listed is read.
 */
export class Scan {
  readonly #engine: Engine;
  readonly #fields: FieldMask;
  readonly #signal: AbortSignal | undefined;
  readonly #source: Listing | Given;
  readonly #batchSize: number;
  readonly #inFlight: InFlight[] = [];
  /** Processes that the batch has room for which is being asked for. */
  #room: number;

  constructor(
    engine: Engine,
    fields: FieldMask,
    pids: Iterable<Proc> | undefined,
    signal: AbortSignal | undefined,
    batchSize: number,
  ) {
    this.#engine = engine;
    this.#fields = fields;
    this.#signal = signal;
    this.#batchSize = batchSize;
    this.#room = batchSize;
    this.#source = pids === undefined ? new Listing(engine) : new Given(pids);
  }

  /** The next batch's frames; nothing behind the last. */
  async batch(): Promise<Frame[] | undefined> {
    const frames: Frame[] = [];
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) return frames.length > 0 ? frames : undefined;
      for (const frame of chunk.frames) if (frame.rows > 0) frames.push(frame);
      if (chunk.endsBatch) return frames;
    }
  }

  async #next(): Promise<{ frames: Frame[]; endsBatch: boolean } | undefined> {
    this.#signal?.throwIfAborted();
    this.#fill();
    while (this.#inFlight.length === 0) {
      const more = this.#source.more();
      if (more === undefined) return undefined;
      await this.#wait(more);
      this.#fill();
    }
    const { reply, endsBatch } = this.#inFlight.shift() as InFlight;
    const answer = await this.#wait(reply);
    if (!answer.ok) throw this.#engine.revive(answer.error, 0, 'scan');
    this.#fill();
    const frames = answer.value.map((buffer) => new Frame(buffer));
    for (const frame of frames) {
      this.#engine.counters.count(frame);
      this.#engine.dispatcher.learn(frame.taken, frame.elapsed);
    }
    return { frames, endsBatch };
  }

  #fill(): void {
    while (this.#inFlight.length < this.#engine.dispatcher.window) {
      const chunk = this.#source.take(Math.min(this.#share(), this.#room));
      if (chunk === undefined) return;
      this.#room -= chunk.pids.length;
      const endsBatch = this.#room === 0;
      if (endsBatch) this.#room = this.#batchSize;
      this.#engine.counters.messages++;
      const reply = this.#engine.dispatcher.runBulk({
        op: 'scan',
        ...chunk,
        fields: this.#fields,
        flags: ReadFlag.dropGone | (this.#source instanceof Listing ? ReadFlag.listed : 0),
      });
      this.#inFlight.push({ reply, endsBatch });
    }
  }

  /** Of what is at hand, what several threads should take in order to end at the same time. */
  #share(): number {
    const { pool, dispatcher } = this.#engine;
    if (pool.threads === 1) return MOST_CHUNK;
    return Math.min(MOST_CHUNK, Math.max(LEAST_CHUNK, Math.ceil(this.#source.atHand / dispatcher.window)));
  }

  #wait<T>(work: Promise<T>): Promise<T> {
    return this.#signal === undefined ? work : abortable(work, this.#signal);
  }
}

/** Every PID, listed some at a time. */
class Listing {
  readonly #engine: Engine;
  #listed: Int32Array = new Int32Array(0);
  #cursor = 0;
  /** How many are asked for next, and kept at hand. */
  #most = FIRST_LISTED;
  #listing: Promise<void> | undefined;
  #error: unknown;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get atHand(): number {
    return this.#listed.length;
  }

  take(most: number): Chunk | undefined {
    if (this.#error !== undefined) throw this.#error;
    if (this.#listed.length < this.#most && this.#cursor >= 0) this.#listing ??= this.#list();
    if (this.#listed.length === 0) return undefined;
    const pids = this.#listed.slice(0, most);
    this.#listed = this.#listed.subarray(most);
    return { pids };
  }

  /** Something to wait for when there is nothing to take; nothing behind the last. */
  more(): Promise<void> | undefined {
    return this.#listing;
  }

  async #list(): Promise<void> {
    this.#engine.counters.messages++;
    const reply = await this.#engine.pool.run({ op: 'list', cursor: this.#cursor, most: this.#most, yields: true });
    this.#listing = undefined;
    if (!reply.ok) {
      this.#error = this.#engine.revive(reply.error, 0, 'pids');
      return;
    }
    const { pids, cursor } = reply.value;
    this.#listed = joined(this.#listed, pids);
    this.#cursor = cursor;
    this.#most = Math.min(this.#most * 2, MOST_LISTED);
  }
}

/** The processes that the caller names, each once. */
class Given {
  readonly #pids: Int32Array;
  readonly #starts: Float64Array | null;
  #at = 0;

  constructor(procs: Iterable<Proc>) {
    const starts = new Map<number, number>();
    for (const proc of procs) {
      const pid = Target.pidOf(proc);
      if (!starts.has(pid)) starts.set(pid, Target.startOf(proc));
    }
    this.#pids = Int32Array.from(starts.keys());
    this.#starts = [...starts.values()].some((start) => start !== ANY_START)
      ? Float64Array.from(starts.values())
      : null;
  }

  get atHand(): number {
    return this.#pids.length - this.#at;
  }

  take(most: number): Chunk | undefined {
    if (this.#at >= this.#pids.length) return undefined;
    const end = this.#at + most;
    const pids = this.#pids.slice(this.#at, end);
    const starts = this.#starts?.slice(this.#at, end);
    this.#at += pids.length;
    return starts === undefined ? { pids } : { pids, starts };
  }

  more(): undefined {
    return undefined;
  }
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Processes in one request. A single call need not wait for it: the thread makes way, see `Dispatcher.run`. */
const MOST_CHUNK = 2048;
const LEAST_CHUNK = 64;

/** PIDs listed in one request: few at first, so that reading them begins soon. */
const FIRST_LISTED = 512;
const MOST_LISTED = 4096;
