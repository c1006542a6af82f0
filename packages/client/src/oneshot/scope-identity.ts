import { ANY_START, FIELD_INDEX } from '@psutil-extra/native/protocol';
import { startIn } from '../schema/decode.js';
import type { FieldCache } from './field-cache.js';

/**
 * Which process a oneshot scope reads. A scope that was opened by number does not know this at first, and a caller may ask
 * through a `Process` whether the scope's values are those of that process.
 */
export class ScopeIdentity {
  readonly pid: number;
  /** The start that the process must have, or `ANY_START` for a scope of a number. */
  readonly start: number;
  readonly #cache: FieldCache;
  readonly #isAlive: IsAlive;
  /** The start of the process that all values are of, once that is certain: a start of the whole tick, or an exact one. */
  #began: number | undefined;
  /** How many reads have been made that did not require a start. */
  #unbound = 0;
  readonly #sent = new Set<Promise<unknown>>();

  constructor(pid: number, start: number, cache: FieldCache, isAlive: IsAlive) {
    this.pid = pid;
    this.start = start;
    this.#cache = cache;
    this.#isAlive = isAlive;
  }

  /** Whether the values are certainly of the process with this start. */
  is(start: number): boolean {
    return start === ANY_START || start === this.start || this.#began === start;
  }

  /** Whether the values can be of that process. */
  mayBe(start: number): boolean {
    return start === ANY_START || this.start === ANY_START || start === this.start;
  }

  /** The start that the next read or write must find. */
  get required(): number {
    return this.#began ?? this.start;
  }

  /** As {@link required}, for a read that is made now: without a start it counts as unbound. */
  require(): number {
    const start = this.required;
    if (start === ANY_START) this.#unbound++;
    return start;
  }

  /** How many unbound reads there have been. */
  get unbound(): number {
    return this.#unbound;
  }

  /** A read has been sent. */
  sent(read: Promise<unknown>): void {
    this.#sent.add(read);
  }

  /** It has been answered. */
  answered(read: Promise<unknown>): void {
    this.#sent.delete(read);
  }

  /**
   * Whether all values are of the process that began at `start`. They are if that process began before the first read and
   * is alive after the last: a process keeps its PID from its start to its end, so it had the PID at every moment between.
   * From then on the scope reads that process and no other.
   */
  async isOf(start: number): Promise<boolean> {
    if (this.start !== ANY_START) return false;
    for (;;) {
      await Promise.allSettled(this.#sent);
      const unbound = this.#unbound;
      if (this.#began === start) return true;
      // The same tick is not enough: another process of this PID may have begun in it.
      if (this.#began !== undefined && this.#began !== Math.floor(start)) return false;
      if (!(start < this.#cache.firstReadAt) || !(await this.#isAlive(this.pid, start))) return false;
      if (unbound === this.#unbound) this.#began = start;
    }
  }

  /** Takes the start from a read whose last source was the start time, by the same reasoning. Limits are read after it. */
  learn(): void {
    const cache = this.#cache;
    if (this.start !== ANY_START || cache.frame(START_TIME).fields.has(FIELD_INDEX.rlimits)) return;
    if (cache.failure(START_TIME) !== undefined) return;
    const start = startIn(cache);
    if (start < cache.firstReadAt) this.#began ??= start;
  }
}

/** Whether the process that began at this tick still has its PID. */
export type IsAlive = (pid: number, start: number) => Promise<boolean>;

const START_TIME = FIELD_INDEX.startTime;
