import { type FieldSet, type Frame, ReadFlag } from '@psutil-extra/native/protocol';
import type { AnswerOf, Reply, WireError } from '@psutil-extra/worker';
import type { Proc } from '../api/process.js';
import type { Engine } from '../calls/engine.js';
import type { NamedField } from '../schema/fields.js';
import { framesFrom } from '../schema/received.js';
import { abortable } from '../support/abort.js';
import { capabilities } from '../support/capabilities.js';
import type { CallOptions } from '../support/options.js';
import { type Chunk, everyProcess, Given, Listing, type Processes } from './sources.js';

/** What a scan takes. */
export interface ScanOptions<F extends readonly NamedField[]> extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
  /** Which processes. Default: every one. */
  readonly pids?: Iterable<Proc> | undefined;
}

/** What `scanBatches()` takes. */
export interface ScanBatchesOptions<F extends readonly NamedField[]> extends ScanOptions<F> {
  /** Processes in a table, at most. Default 1024. */
  readonly batchSize?: number | undefined;
}

export const DEFAULT_BATCH = 1024;
/** The whole scan in one table. */
export const ONE_BATCH = Number.POSITIVE_INFINITY;

/** @internal The frames of a scan of every process, for those who ask for one by one; nothing where it failed. */
export async function everyFrame(engine: Engine, fields: FieldSet): Promise<Frame[] | undefined> {
  try {
    return await new Scan(engine, fields, undefined, undefined, ONE_BATCH).batch();
  } catch {
    // Each of them will be told why.
    return undefined;
  }
}

interface InFlight {
  readonly chunk: Chunk;
  readonly reply: Promise<Reply<AnswerOf['scan']>>;
  readonly endsBatch: boolean;
  /** What reads it, as `ProcessTable.source` names it. */
  readonly source: string;
}

/**
 * Reads processes chunk by chunk, in order, in batches of a given size, and never further ahead than keeps the threads busy: whoever
 * does not take the next chunk holds the reading back. Listing goes on while what is listed is read.
 *
 * @internal
 */
export class Scan {
  readonly #engine: Engine;
  readonly #fields: FieldSet;
  readonly #signal: AbortSignal | undefined;
  #source: Processes;
  readonly #batchSize: number;
  readonly #inFlight: InFlight[] = [];
  /** Processes that the batch has room for which is being asked for. */
  #room: number;
  readonly #isOfAll: boolean;
  /** What has read the rows of the batch so far. */
  readonly #sources = new Set<string>();

  constructor(
    engine: Engine,
    fields: FieldSet,
    pids: Iterable<Proc> | undefined,
    signal: AbortSignal | undefined,
    batchSize: number,
  ) {
    this.#engine = engine;
    this.#fields = fields;
    this.#signal = signal;
    this.#batchSize = batchSize;
    this.#room = batchSize;
    this.#isOfAll = pids === undefined && batchSize === ONE_BATCH;
    this.#source = pids === undefined ? everyProcess(engine, fields, batchSize === ONE_BATCH) : new Given(pids);
  }

  /** The next batch's frames; nothing behind the last. */
  async batch(): Promise<Frame[] | undefined> {
    const frames: Frame[] = [];
    this.#sources.clear();
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) {
        if (this.#isOfAll) this.#engine.walks.learn(frames.reduce((sum, { rows }) => sum + rows, 0));
        return frames.length > 0 ? frames : undefined;
      }
      for (const frame of chunk.frames) {
        if (frame.rows === 0) continue;
        frames.push(frame);
        this.#sources.add(chunk.source);
      }
      if (chunk.endsBatch) return frames;
    }
  }

  async #next(): Promise<{ frames: Frame[]; endsBatch: boolean; source: string } | undefined> {
    this.#signal?.throwIfAborted();
    this.#fill();
    while (this.#inFlight.length === 0) {
      const more = this.#source.more();
      if (more === undefined) return undefined;
      await this.#wait(more);
      this.#fill();
    }
    const { chunk, reply, endsBatch, source } = this.#inFlight.shift() as InFlight;
    const answer = await this.#wait(reply);
    if (!answer.ok) {
      if (chunk.walk === undefined || this.#source.walk === null || !this.#isRefused(answer.error)) {
        throw this.#engine.revive(answer.error, 0, 'scan');
      }
      this.#source = new Listing(this.#engine, chunk.walk.from);
      return this.#next();
    }
    const frames = framesFrom(answer.value);
    this.#source.answered?.(frames);
    // How many processes a part of a walk brings is known only now.
    const fills = chunk.walk !== undefined && this.#takeRoom(frames.reduce((sum, { rows }) => sum + rows, 0));
    this.#fill();
    for (const frame of frames) {
      this.#engine.counters.count(frame);
      // One call for all of them says nothing of what a single one costs.
      if (chunk.pids !== undefined) this.#engine.dispatcher.learn(frame.taken, frame.elapsed);
    }
    return { frames, endsBatch: endsBatch || fills, source };
  }

  /** What has read the last batch: of several, where one was refused in the middle, all in the order in which they read. */
  get source(): string {
    return [...this.#sources].join('+') || this.#reading;
  }

  /** What reads now. */
  get #reading(): string {
    return this.#source.walk ?? capabilities().reading;
  }

  /** Whether the rest is to be read without the walk. */
  #isRefused(error: WireError): boolean {
    return 'failure' in error && this.#engine.walks.refuse(error.failure);
  }

  /** True where the batch is full. */
  #takeRoom(processes: number): boolean {
    this.#room -= processes;
    if (this.#room > 0) return false;
    this.#room = this.#batchSize;
    return true;
  }

  #fill(): void {
    while (this.#inFlight.length < this.#engine.dispatcher.window) {
      const chunk = this.#source.take(Math.min(this.#share(), this.#room), this.#room);
      if (chunk === undefined) return;
      const endsBatch = this.#takeRoom(chunk.pids?.length ?? 0);
      this.#engine.counters.messages++;
      const reply = this.#engine.dispatcher.runBulk({
        op: 'scan',
        ...chunk,
        fields: this.#fields.bits,
        flags: ReadFlag.dropGone | this.#source.flags,
      });
      this.#inFlight.push({ chunk, reply, endsBatch, source: this.#reading });
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

/** Processes in one request. A single call need not wait for it: the thread makes way, see `Dispatcher.run`. */
const MOST_CHUNK = 2048;
const LEAST_CHUNK = 64;
