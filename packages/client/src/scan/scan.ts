import { type FieldSet, type Frame, ReadFlag } from '@psutil-extra/native/protocol';
import type { AnswerOf, EndSamplerRequest, Reply, ScanRequest, WireError } from '@psutil-extra/worker';
import { framesFrom } from '../schema/thread-answers.js';
import { abortable } from '../support/abort.js';
import { capabilitiesOf } from '../support/capabilities.js';
import type { SamplerHome } from '../threads/home.js';
import type { ScanContext } from './scan-context.js';
import type { ScanSettings } from './scan-settings.js';
import { DirectorySource } from './sources/directory.js';
import { everyProcess } from './sources/every-process.js';
import { PidListSource } from './sources/pid-list.js';
import type { Chunk, ScanSource } from './sources/scan-source.js';
import { StalledProcesses } from './stalled-processes.js';

/** The whole scan in one table. */
export const ONE_BATCH = Number.POSITIVE_INFINITY;

/** The frames of a scan of every process, for calls that are made one by one; `undefined` if it failed. */
export async function everyFrame(context: ScanContext, fields: FieldSet): Promise<Frame[] | undefined> {
  try {
    return await new Scan(context, fields, undefined, undefined, ONE_BATCH, { awaitsStalled: false }).batch();
  } catch {
    // Each of the calls is then made by itself, and gets its own error.
    return undefined;
  }
}

/** The readings of samplers: each is a scan of every process, and all of one sampler are made by one thread. */
export class SampledProcesses {
  readonly #context: ScanContext;

  constructor(context: ScanContext) {
    this.#context = context;
  }

  async scan(fields: FieldSet, sampler: SamplerHome): Promise<{ readonly frames: Frame[]; readonly source: string }> {
    const scan = new Scan(this.#context, fields, undefined, undefined, ONE_BATCH, { sampler });
    return { frames: (await scan.batch()) ?? [], source: scan.source };
  }

  /** Closes what the thread keeps open. */
  end({ home, part }: SamplerHome): void {
    const { counters, dispatcher } = this.#context;
    counters.messages++;
    // In a thread that has ended, or a closed client, nothing is open.
    void dispatcher.run<EndSamplerRequest>({ op: 'endSampler', sampler: part.sampler }, home);
  }
}

interface InFlight {
  readonly chunk: Chunk;
  readonly reply: Promise<Reply<AnswerOf['scan']>>;
  readonly endsBatch: boolean;
  /** The source of its rows, as in `ProcessTable.source`. */
  readonly source: string;
}

/**
 * Reads processes chunk by chunk, in order, in batches of a given size. It reads only as far ahead as keeps the threads busy:
 * a caller who does not take the next batch stops the reading. The list of PIDs is read on while the listed processes are
 * read.
 */
export class Scan {
  readonly #context: ScanContext;
  readonly #fields: FieldSet;
  readonly #signal: AbortSignal | undefined;
  #source: ScanSource;
  /** Processes of which a read has not ended; absent if the caller reads them again itself. */
  readonly #stalled: StalledProcesses | undefined;
  readonly #sampler: SamplerHome | undefined;
  readonly #mostBytes: number;
  readonly #batchSize: number;
  readonly #inFlight: InFlight[] = [];
  /** How many more processes fit into the batch that is being requested. */
  #remaining: number;
  readonly #isOfAll: boolean;
  /** The sources of the batch's rows so far. */
  readonly #sources = new Set<string>();

  constructor(
    context: ScanContext,
    fields: FieldSet,
    pids: Iterable<unknown> | undefined,
    signal: AbortSignal | undefined,
    batchSize: number,
    { awaitsStalled = true, sampler, mostBytes = Number.POSITIVE_INFINITY }: ScanSettings = {},
  ) {
    this.#context = context;
    this.#stalled = awaitsStalled ? new StalledProcesses() : undefined;
    this.#sampler = sampler;
    this.#mostBytes = mostBytes;
    this.#fields = fields;
    this.#signal = signal;
    this.#batchSize = batchSize;
    this.#remaining = batchSize;
    this.#isOfAll = pids === undefined && batchSize === ONE_BATCH;
    this.#source =
      pids === undefined
        ? everyProcess(context, fields, batchSize === ONE_BATCH, sampler !== undefined)
        : new PidListSource(pids);
  }

  /** The next batch's frames; `undefined` after the last. */
  async batch(): Promise<Frame[] | undefined> {
    const frames: Frame[] = [];
    this.#sources.clear();
    let bytes = 0;
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) {
        if (this.#isOfAll) this.#context.strategy.learn(frames.reduce((sum, { rows }) => sum + rows, 0));
        return frames.length > 0 ? frames : undefined;
      }
      for (const frame of chunk.frames) {
        if (frame.rows === 0) continue;
        frames.push(frame);
        bytes += frame.buffer.byteLength;
        if (bytes > this.#mostBytes) throw new TooManyBytes();
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
      if (more !== undefined) {
        await this.#wait(more);
        this.#fill();
        continue;
      }
      // Behind all others.
      const stalled = await this.#wait(this.#stalled?.take() ?? NONE);
      if (stalled === undefined) return undefined;
      this.#inFlight.push({
        ...this.#send(stalled),
        endsBatch: false,
        source: capabilitiesOf(this.#context.origin).reading,
      });
    }
    const { chunk, reply, endsBatch, source } = this.#inFlight.shift() as InFlight;
    const answer = await this.#wait(reply);
    if (!answer.ok) {
      if (chunk.cursor === undefined || this.#source.iterator === null || !this.#isRefused(answer.error)) {
        throw this.#context.errorFromWire(answer.error, 0, 'scan');
      }
      this.#source = new DirectorySource(this.#context, chunk.cursor.from);
      return this.#next();
    }
    const frames = framesFrom(answer.value);
    if (chunk.pids === undefined) this.#source.answered?.(frames);
    for (const frame of frames) if (frame.hasStalled) this.#stalled?.add(frame.stalled, chunk);
    const rest = remainderOf(chunk, frames);
    // In its place in the order.
    if (rest !== undefined) this.#inFlight.unshift({ ...this.#send(rest), endsBatch });
    // The number of processes in a cursor's part is known only now.
    const fills = chunk.cursor !== undefined && this.#takeRemaining(frames.reduce((sum, { rows }) => sum + rows, 0));
    this.#fill();
    for (const frame of frames) {
      this.#context.counters.count(frame);
      // One call for all of them does not show what a single process costs.
      if (chunk.pids !== undefined) this.#context.dispatcher.learn(frame.taken, frame.elapsed);
    }
    return { frames, endsBatch: (endsBatch && rest === undefined) || fills, source: frames[0]?.source ?? source };
  }

  /** The sources of the last batch: several, in their order, if one was refused in the middle. */
  get source(): string {
    return [...this.#sources].join('+') || this.#reading;
  }

  /** The present source. */
  get #reading(): string {
    return this.#source.iterator ?? capabilitiesOf(this.#context.origin).reading;
  }

  /** Whether the rest shall be read without the iterator. */
  #isRefused(error: WireError): boolean {
    return 'failure' in error && this.#context.strategy.refuse(error.failure);
  }

  /** Returns whether the batch is full. */
  #takeRemaining(processes: number): boolean {
    this.#remaining -= processes;
    if (this.#remaining > 0) return false;
    this.#remaining = this.#batchSize;
    return true;
  }

  #fill(): void {
    while (this.#inFlight.length < this.#context.dispatcher.window) {
      const chunk = this.#source.take(Math.min(this.#share(), this.#remaining), this.#remaining);
      if (chunk === undefined) return;
      const endsBatch = this.#takeRemaining(chunk.pids?.length ?? 0);
      this.#inFlight.push({ ...this.#send(chunk), endsBatch });
    }
  }

  #send(chunk: Chunk): Omit<InFlight, 'endsBatch'> {
    const { counters, dispatcher } = this.#context;
    counters.messages++;
    const sampler = this.#sampler;
    const flags = ReadFlag.dropGone | this.#source.flags | (sampler === undefined ? 0 : ReadFlag.sampled);
    const request = { op: 'scan', ...chunk, fields: this.#fields.bits, flags, sampler: sampler?.part } as const;
    const reply = dispatcher.runBulk<ScanRequest>(request, sampler?.home, this.#signal);
    return { chunk, reply, source: this.#reading };
  }

  /** How many of the available processes one request takes, so that several threads end at the same time. */
  #share(): number {
    const { pool, dispatcher } = this.#context;
    if (pool.threads === 1) return MAX_CHUNK;
    return Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, Math.ceil(this.#source.available / dispatcher.window)));
  }

  #wait<T>(work: Promise<T>): Promise<T> {
    return this.#signal === undefined ? work : abortable(work, this.#signal);
  }
}

const NONE = Promise.resolve(undefined);

/** A batch has more bytes than its settings allow. */
export class TooManyBytes extends Error {}

/** The processes of a chunk that its frames do not cover, because they reached their bound in bytes. A cursor goes on by itself. */
function remainderOf({ pids, starts }: Chunk, frames: readonly Frame[]): Chunk | undefined {
  const taken = frames.reduce((sum, frame) => sum + frame.taken, 0);
  if (pids === undefined || taken === 0 || taken >= pids.length) return undefined;
  return { pids: pids.slice(taken), ...(starts && { starts: starts.slice(taken) }) };
}

/** Processes in one request. A single call need not wait for it: the thread makes way, see `Dispatcher.run`. */
const MAX_CHUNK = 2048;
const MIN_CHUNK = 64;
