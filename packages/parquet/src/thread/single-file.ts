import { basename, dirname, join } from 'node:path';
import type { Append, FileTarget } from '../requests.js';
import { finish } from './conversion.js';
import { placeOf, remove } from './durable.js';
import { Journal } from './journal.js';
import { addTo, noCounts, type Writer } from './writer.js';

/** One file of all that is added, in the place of what had its name. */
export class SingleFile implements Writer {
  readonly counts = noCounts();
  readonly #target: FileTarget;
  readonly #file: string;
  readonly #hidden: string;
  readonly #journal: Journal;

  constructor(target: FileTarget) {
    this.#target = target;
    this.#file = placeOf(target.file);
    this.#hidden = join(dirname(this.#file), `.${basename(this.#file)}-${process.pid}-${process.hrtime.bigint()}`);
    this.#journal = new Journal(`${this.#hidden}.journal`);
  }

  append(part: Append): Promise<void> {
    addTo(this.#journal, part, this.#target.host, this.#target.redact);
    return Promise.resolve();
  }

  async close(keep: boolean): Promise<void> {
    const { path } = this.#journal;
    this.#journal.close();
    try {
      if (!keep) return;
      const { readings, rows, bytes } = await finish({
        journal: path,
        temporary: `${this.#hidden}.tmp`,
        file: this.#file,
        written: this.#journal.readings,
        isAllOrNone: true,
        cancelled: this.#target.cancelled,
      });
      Object.assign(this.counts, { readings, rows, bytes, files: 1 });
    } finally {
      remove(path);
    }
  }
}
