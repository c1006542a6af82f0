import { ReadFlag } from '@psutil-extra/native/protocol';
import { listFrom } from '../../schema/thread-answers.js';
import type { ScanContext } from '../scan-context.js';
import type { Chunk, ScanSource } from './scan-source.js';

/** Every PID, listed some at a time. */
export class DirectorySource implements ScanSource {
  readonly flags = ReadFlag.listed;
  readonly iterator = null;
  readonly #context: ScanContext;
  readonly #from: number;
  #listed: Int32Array = new Int32Array(0);
  #cursor = 0;
  /** How many are listed next, and kept available. */
  #max = FIRST_LISTED;
  #listing: Promise<void> | undefined;
  #error: unknown;

  /** From a PID on. */
  constructor(context: ScanContext, from = 0) {
    this.#context = context;
    this.#from = from;
  }

  get available(): number {
    return this.#listed.length;
  }

  take(max: number): Chunk | undefined {
    if (this.#error !== undefined) throw this.#error;
    if (this.#listed.length < this.#max && this.#cursor >= 0) this.#listing ??= this.#list();
    if (this.#listed.length === 0) return undefined;
    const pids = this.#listed.slice(0, max);
    this.#listed = this.#listed.subarray(max);
    return { pids };
  }

  more(): Promise<void> | undefined {
    return this.#listing;
  }

  async #list(): Promise<void> {
    const { counters, pool } = this.#context;
    counters.messages++;
    const reply = await pool.run({ op: 'list', cursor: this.#cursor, max: this.#max, yields: true });
    this.#listing = undefined;
    if (!reply.ok) {
      this.#error = this.#context.errorFromWire(reply.error, 0, 'pids');
      return;
    }
    const { pids, cursor } = listFrom(reply.value);
    this.#listed = joined(
      this.#listed,
      pids.filter((pid) => pid >= this.#from),
    );
    this.#cursor = cursor;
    this.#max = Math.min(this.#max * 2, MAX_LISTED);
  }
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** PIDs listed in one request: few at first, so that reading them begins soon. */
const FIRST_LISTED = 512;
const MAX_LISTED = 4096;
