import { type Frame, ReadFlag } from '@psutil-extra/native/protocol';
import type { Chunk, ScanSource } from './scan-source.js';

/**
 * Every process, part by part: the answer to a part says where the next one begins. By an iterator of the kernel, or without
 * one over the list of PIDs.
 */
export class CursorSource implements ScanSource {
  readonly flags: number;
  readonly iterator: string | null;
  readonly #number: number;
  #from = 0;
  #isTaken = false;

  constructor(number: number, iterator: string | null) {
    this.#number = number;
    this.iterator = iterator;
    this.flags = iterator === null ? ReadFlag.listed : 0;
  }

  get available(): number {
    return this.#isTaken || this.#from < 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  take(_: number, remaining: number): Chunk | undefined {
    if (this.available === 0) return undefined;
    this.#isTaken = true;
    const max = Math.min(remaining, this.iterator === null ? MAX_LISTED : MAX_ITERATED);
    return { cursor: { number: this.#number, from: this.#from, max } };
  }

  answered(frames: readonly Frame[]): void {
    this.#from = frames.at(-1)?.next ?? -1;
    this.#isTaken = false;
  }

  more(): undefined {
    return undefined;
  }
}

/** Processes that one request reads one by one: a thread does not stop for a scan that has been aborted. */
const MAX_LISTED = 16_384;
/** The most rows of a frame. */
const MAX_ITERATED = 2 ** 31 - 1;
