import type { Field } from 'psutil-extra';
import type { HostTable, MissingHost, ScanRun } from './scan-run.js';

/**
 * The answers of a fleet, as hosts give them. It begins with the first `next()`, and can be run through once. What was left out is in
 * `missing`.
 */
export class FleetScan<F extends Field = Field> implements AsyncIterableIterator<HostTable<F>, readonly MissingHost[]> {
  readonly #begin: () => ScanRun;
  #run: ScanRun | undefined;
  #isOver = false;
  #missing: readonly MissingHost[] = [];

  /** @internal */
  constructor(begin: () => ScanRun) {
    this.#begin = begin;
  }

  /** The hosts that gave no answer, and why: complete when the iteration has ended. */
  get missing(): readonly MissingHost[] {
    return this.#isOver ? this.#missing : (this.#run?.missing ?? []);
  }

  async next(): Promise<IteratorResult<HostTable<F>, readonly MissingHost[]>> {
    if (this.#isOver) return { done: true, value: this.#missing };
    this.#run ??= this.#begin();
    const value = await this.#run.take();
    if (value !== undefined) return { done: false, value: value as HostTable<F> };
    return this.return();
  }

  /** Ends it early: hosts that have not answered get a cancellation, and are not in `missing` unless they had failed. */
  return(): Promise<IteratorReturnResult<readonly MissingHost[]>> {
    if (!this.#isOver) {
      this.#missing = this.#run?.missing ?? [];
      this.#isOver = true;
      this.#run?.stop();
    }
    return Promise.resolve({ done: true, value: this.#missing });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
