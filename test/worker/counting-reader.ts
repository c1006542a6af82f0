import { loadAddon, type Reader } from '@psutil-extra/native';

/** A reader of this system's processes, and how often it was asked. */
export class CountingReader implements Reader {
  reads = 0;
  readonly #reader = new (loadAddon().Reader)('/proc');

  read(...args: Parameters<Reader['read']>): ReturnType<Reader['read']> {
    this.reads++;
    return this.#reader.read(...args);
  }

  list(...args: Parameters<Reader['list']>): ReturnType<Reader['list']> {
    return this.#reader.list(...args);
  }

  setRlimit(...args: Parameters<Reader['setRlimit']>): ReturnType<Reader['setRlimit']> {
    return this.#reader.setRlimit(...args);
  }
}
