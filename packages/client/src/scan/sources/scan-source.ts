import type { Frame } from '@psutil-extra/native/protocol';
import type { CursorPart } from '@psutil-extra/worker';

/** Processes that one request reads. */
export interface Chunk {
  /** Without PIDs and cursor: every process, by one call of the system. */
  readonly pids?: Int32Array;
  readonly starts?: Float64Array;
  /** In parts, see `Capabilities.walk`. */
  readonly cursor?: CursorPart;
}

/** Where the chunks of a scan come from. */
export interface ScanSource {
  /** Bits of `ReadFlag` for its chunks. */
  readonly flags: number;
  /** The name of the kernel's iterator that it uses, if it does. */
  readonly iterator: string | null;
  /** How many processes are known and not yet taken. */
  readonly available: number;
  /** A chunk of at most `max` processes. A cursor has no chunks of its own and takes as many as `remaining`. */
  take(max: number, remaining: number): Chunk | undefined;
  /** Receives the answer to a chunk. */
  answered?(frames: readonly Frame[]): void;
  /** A promise to await when there is nothing to take; `undefined` after the last chunk. */
  more(): Promise<void> | undefined;
}
