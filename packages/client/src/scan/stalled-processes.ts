import { pause, STALLED_MS } from '../support/timers.js';
import type { Chunk } from './sources/scan-source.js';

/**
 * The processes of a scan whose reads have not ended, because their memory maps are locked. They are read again after all
 * others, until each has an answer. After `stallTimeout` a thread answers in any case.
 */
export class StalledProcesses {
  readonly #pids: number[] = [];
  readonly #starts: number[] = [];

  /** Adds processes of a chunk. */
  add(pids: Int32Array, chunk: Chunk): void {
    for (const pid of pids) {
      this.#pids.push(pid);
      if (chunk.starts !== undefined) this.#starts.push(chunk.starts[chunk.pids?.indexOf(pid) ?? 0] as number);
    }
  }

  /** All of them after a pause, as a chunk; `undefined` if there are none. */
  async take(): Promise<Chunk | undefined> {
    if (this.#pids.length === 0) return undefined;
    await pause(STALLED_MS);
    const pids = Int32Array.from(this.#pids.splice(0));
    const starts = Float64Array.from(this.#starts.splice(0));
    return starts.length === 0 ? { pids } : { pids, starts };
  }
}
