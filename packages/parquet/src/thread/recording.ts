import { existsSync, renameSync } from 'node:fs';
import type { Append, RecordingTarget } from '../requests.js';
import { finish, recover } from './conversion.js';
import type { Converted, Stages } from './convert.js';
import { unreadable } from './damage-text.js';
import { makeDirectory, remove } from './durable.js';
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
  readonly #id: string;
  #open: { readonly journal: Journal; readonly time: string; readonly began: number } | undefined;
  /** Files are made one at a time, while readings go on. */
  #conversion: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  private constructor(target: RecordingTarget, names: Names, lock: Lock, id: string) {
    this.#target = target;
    this.#names = names;
    this.#lock = lock;
    this.#id = id;
  }

  /** Takes the host in the directory, and finishes what recorders have left there that were killed. */
  static async open(target: RecordingTarget, id: string): Promise<Recording> {
    const { directory } = target;
    makeDirectory(directory);
    const names = new Names(directory, target.host);
    const lock = Lock.take(names.lock, target.interval, id);
    try {
      const recording = new Recording(target, names, lock, id);
      await recording.#finishOwn();
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
    const written = ended.journal.readings;
    this.#conversion = this.#make(this.#names, ended.time, (stages) => finish({ ...stages, written })).then(
      () => this.#deleteOldest(),
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
  }

  async #make(names: Names, time: string, by: (stages: Stages) => Promise<Converted>): Promise<void> {
    const stages = { journal: names.journal(time), temporary: names.temporary(time), file: names.file(time) };
    const { readings, rows, bytes, damage } = await by(stages);
    if (damage !== undefined) {
      const rest = existsSync(stages.file) ? `the others are in ${stages.file}` : 'there are no others';
      this.#putAside(names, time, `${unreadable(damage)}; ${rest}`);
    }
    if (readings === 0) return;
    this.counts.files++;
    this.counts.readings += readings;
    this.counts.rows += rows;
    this.counts.bytes += bytes;
  }

  /** What was left by a recorder of this host. What is damaged is put aside: it would fail at each start. */
  async #finishOwn(): Promise<void> {
    const names = this.#names;
    for (const time of names.times('journal')) {
      try {
        await this.#recover(names, time);
      } catch (error) {
        if (isOfSystem(error)) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        this.#putAside(names, time, `no file can be made of it: ${reason}`);
      }
    }
    for (const time of names.times('parquet.tmp')) remove(names.temporary(time));
  }

  /** What a recorder of another host has left, unless it lives. What fails is left to that host. */
  async #finishOther(names: Names): Promise<void> {
    try {
      const lock = Lock.take(names.lock, this.#target.interval, this.#id);
      try {
        for (const time of names.times('journal')) await this.#recover(names, time).catch(() => undefined);
        for (const time of names.times('parquet.tmp')) remove(names.temporary(time));
      } finally {
        lock.release();
      }
    } catch {
      // It may not even be permitted to take its lock.
    }
  }

  async #recover(names: Names, time: string): Promise<void> {
    const before = this.counts.files;
    await this.#make(names, time, recover);
    this.counts.recovered += this.counts.files - before;
  }

  #putAside(names: Names, time: string, reason: string): void {
    let journal = names.journal(time);
    try {
      renameSync(journal, names.bad(time));
      journal = names.bad(time);
    } catch {
      // Another user's, in a directory where only that one may rename it: then it stays.
    }
    this.counts.damaged = [...this.counts.damaged, { journal, reason }];
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

/** Whether an error is that of a system that lacks space, memory or threads, which says nothing about a journal. */
function isOfSystem(error: unknown): boolean {
  return OF_SYSTEM.has(String((error as NodeJS.ErrnoException).code));
}

const OF_SYSTEM = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'ERR_WORKER_INIT_FAILED',
]);
