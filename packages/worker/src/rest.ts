import type { Reader } from '@psutil-extra/native';

/**
 * Ends what the reader keeps running between requests, once none has come for a second or two: on Linux a process that
 * reads what may block. It does not keep the thread alive.
 */
export class Rest {
  readonly #reader: Reader;
  #isTimed = false;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Called with every request. */
  expect(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    setTimeout(() => {
      this.#isTimed = false;
      if (this.#reader.rest()) this.expect();
    }, IDLE_MS).unref();
  }
}

const IDLE_MS = 1000;
