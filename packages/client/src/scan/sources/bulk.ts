import type { Chunk, ScanSource } from './scan-source.js';

/** Every process, in one chunk. */
export class BulkSource implements ScanSource {
  readonly flags = 0;
  readonly iterator = null;
  #taken = false;

  get available(): number {
    return this.#taken ? 0 : 1;
  }

  take(): Chunk | undefined {
    if (this.#taken) return undefined;
    this.#taken = true;
    return {};
  }

  more(): undefined {
    return undefined;
  }
}
