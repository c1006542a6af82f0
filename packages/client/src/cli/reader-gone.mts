import { loadAddon } from '@psutil-extra/native';

/**
 * Calls back once nothing that is written to stdout can be read any more, as after `head -1` has ended. Node notices that only
 * at the next write, and there may be nothing to write for long.
 */
export class ReaderGone implements Disposable {
  readonly #timer: NodeJS.Timeout;

  constructor(gone: () => void) {
    const { hasReader } = loadAddon();
    this.#timer = setInterval(() => {
      if (!hasReader(process.stdout.fd)) gone();
    }, EVERY).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Milliseconds. */
const EVERY = 100;
