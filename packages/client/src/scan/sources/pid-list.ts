import { ANY_START } from '@psutil-extra/native/protocol';
import { ProcessRef } from '../../schema/process-ref.js';
import type { Chunk, ScanSource } from './scan-source.js';

/** The processes that the caller names, each once. */
export class PidListSource implements ScanSource {
  readonly flags = 0;
  readonly iterator = null;
  readonly #pids: Int32Array;
  readonly #starts: Float64Array | null;
  #position = 0;

  constructor(procs: Iterable<unknown>) {
    const starts = new Map<number, number>();
    for (const proc of procs) {
      const pid = ProcessRef.pidOf(proc);
      if (!starts.has(pid)) starts.set(pid, ProcessRef.startOf(proc));
    }
    this.#pids = Int32Array.from(starts.keys());
    this.#starts = [...starts.values()].some((start) => start !== ANY_START)
      ? Float64Array.from(starts.values())
      : null;
  }

  get available(): number {
    return this.#pids.length - this.#position;
  }

  take(max: number): Chunk | undefined {
    if (this.#position >= this.#pids.length) return undefined;
    const end = this.#position + max;
    const pids = this.#pids.slice(this.#position, end);
    const starts = this.#starts?.slice(this.#position, end);
    this.#position += pids.length;
    return starts === undefined ? { pids } : { pids, starts };
  }

  more(): undefined {
    return undefined;
  }
}
