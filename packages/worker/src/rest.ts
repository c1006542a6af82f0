import type { Reader } from '@psutil-extra/native';

/**
 * Ends what the reader keeps running between requests, once none has come for a second or two: on Linux a process that
 * reads what may block. It does not keep the thread alive.
 */
export class Rest {
  readonly #reader: Reader;
  #timer: NodeJS.Timeout | undefined;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Called with every request. */
  expect(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#reader.rest()) this.expect();
    }, IDLE_MS).unref();
  }
}

const IDLE_MS = 1000;
