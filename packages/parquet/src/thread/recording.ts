import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Append, RecordingTarget } from '../requests.js';
import { finish, recover } from './conversion.js';
import type { Converted, Stages } from './convert.js';
import { remove } from './durable.js';
import { Journal } from './journal.js';
import { Lock } from './lock.js';
import { Names, unfinishedHosts } from './names.js';
import { addTo, noCounts, type Writer } from './writer.js';

/** Files of one host, one after the other. */
export class Recording implements Writer {
  readonly counts = noCounts();
  readonly #target: RecordingTarget;
  readonly #names: Names;
  readonly #lock: Lock;
  #open: { readonly journal: Journal; readonly time: string; readonly began: number } | undefined;
  /** Files are made one at a time, while readings go on. */
  #conversion: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  private constructor(target: RecordingTarget, names: Names, lock: Lock) {
    this.#target = target;
    this.#names = names;
    this.#lock = lock;
  }

  /** Takes the host in the directory, and finishes what recorders have left there that were killed. */
  static async open(target: RecordingTarget): Promise<Recording> {
    const directory = resolve(target.directory);
    mkdirSync(directory, { recursive: true });
    const names = new Names(directory, target.host);
    const lock = Lock.take(names.lock, target.interval);
    try {
      const recording = new Recording(target, names, lock);
      await recording.#finishLeft(names);
      for (const host of unfinishedHosts(directory)) {
        if (host !== target.host) await recording.#finishOther(new Names(directory, host));
      }
      return recording;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async append(part: Append): Promise<void> {
    this.#throwFailure();
    const { host, redact, maxBytes, maxAge } = this.#target;
    this.#lock.touch();
    this.#open ??= this.#begin(part.time);
    addTo(this.#open.journal, part, host, redact);
    if (!part.isLast) return;
    const { journal, began } = this.#open;
    // A reading as large as those before would not fit.
    const isFull = journal.bytes + journal.bytes / journal.readings > maxBytes;
    if (isFull || performance.now() - began + this.#target.interval > maxAge) await this.#rotate();
  }

  async close(): Promise<void> {
    try {
      await this.#rotate();
      await this.#conversion;
      this.#throwFailure();
    } finally {
      this.#lock.release();
    }
  }

  #begin(now: number) {
    const time = this.#names.next(now);
    return { time, began: performance.now(), journal: new Journal(this.#names.journal(time)) };
  }

  /** Ends the open file. It waits for the one before, so that at most two are not finished. */
  async #rotate(): Promise<void> {
    const ended = this.#open;
    if (ended === undefined) return;
    this.#open = undefined;
    ended.journal.close();
    await this.#conversion;
    this.#throwFailure();
    this.#conversion = this.#make(this.#names, ended.time, finish).then(
      () => this.#deleteOldest(),
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
  }

  async #make(names: Names, time: string, by: (stages: Stages) => Promise<Converted>): Promise<void> {
    const stages = { journal: names.journal(time), temporary: names.temporary(time), file: names.file(time) };
    const { readings, rows, bytes } = await by(stages);
    if (readings === 0) return;
    this.counts.files++;
    this.counts.readings += readings;
    this.counts.rows += rows;
    this.counts.bytes += bytes;
  }

  /** What was left by a recorder whose lock this one has. */
  async #finishLeft(names: Names): Promise<void> {
    for (const time of names.times('journal')) {
      const before = this.counts.files;
      await this.#make(names, time, recover);
      this.counts.recovered += this.counts.files - before;
    }
    for (const time of names.times('parquet.tmp')) remove(names.temporary(time));
  }

  /** What a recorder of another host has left, unless it lives. */
  async #finishOther(names: Names): Promise<void> {
    let lock: Lock;
    try {
      lock = Lock.take(names.lock, this.#target.interval);
    } catch {
      return;
    }
    try {
      await this.#finishLeft(names);
    } finally {
      lock.release();
    }
  }

  #deleteOldest(): void {
    const { keep } = this.#target;
    if (keep === undefined) return;
    for (const time of this.#names.times('parquet').slice(0, -keep)) remove(this.#names.file(time));
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
