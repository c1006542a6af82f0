import { ANY_START, type FieldMask, ReadFlag } from '@psutil-extra/worker';
import { capabilities } from './capabilities.js';
import type { Engine } from './engine.js';
import type { Proc } from './process.js';
import { Target } from './target.js';

/** Processes to be read. */
export interface Chunk {
  /** Without: every one, by one call of the system. */
  readonly pids?: Int32Array;
  readonly starts?: Float64Array;
}

/** What a scan is of: where its chunks come from. */
export interface Processes {
  /** Bits of `ReadFlag` for its chunks. */
  readonly flags: number;
  /** Processes that are known of and not yet taken. */
  readonly atHand: number;
  take(most: number): Chunk | undefined;
  /** Something to wait for when there is nothing to take; nothing behind the last. */
  more(): Promise<void> | undefined;
}

/** One call of the system where it tells all that is asked of every process, and the list of PIDs where not. */
export function everyProcess(engine: Engine, fields: FieldMask, inOneTable: boolean): Processes {
  // A table of some of the processes would have to wait for all.
  const atOnce = inOneTable && fields !== 0 && (fields & ~capabilities().bulk) === 0;
  return atOnce ? new Everyone() : new Listing(engine);
}

/** Every process, in one chunk. */
class Everyone implements Processes {
  readonly flags = 0;
  #taken = false;

  get atHand(): number {
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

/** Every PID, listed some at a time. */
class Listing implements Processes {
  readonly flags = ReadFlag.listed;
  readonly #engine: Engine;
  #listed: Int32Array = new Int32Array(0);
  #cursor = 0;
  /** How many are asked for next, and kept at hand. */
  #most = FIRST_LISTED;
  #listing: Promise<void> | undefined;
  #error: unknown;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get atHand(): number {
    return this.#listed.length;
  }

  take(most: number): Chunk | undefined {
    if (this.#error !== undefined) throw this.#error;
    if (this.#listed.length < this.#most && this.#cursor >= 0) this.#listing ??= this.#list();
    if (this.#listed.length === 0) return undefined;
    const pids = this.#listed.slice(0, most);
    this.#listed = this.#listed.subarray(most);
    return { pids };
  }

  /** Something to wait for when there is nothing to take; nothing behind the last. */
  more(): Promise<void> | undefined {
    return this.#listing;
  }

  async #list(): Promise<void> {
    this.#engine.counters.messages++;
    const reply = await this.#engine.pool.run({ op: 'list', cursor: this.#cursor, most: this.#most, yields: true });
    this.#listing = undefined;
    if (!reply.ok) {
      this.#error = this.#engine.revive(reply.error, 0, 'pids');
      return;
    }
    const { pids, cursor } = reply.value;
    this.#listed = joined(this.#listed, pids);
    this.#cursor = cursor;
    this.#most = Math.min(this.#most * 2, MOST_LISTED);
  }
}

/** The processes that the caller names, each once. */
export class Given implements Processes {
  readonly flags = 0;
  readonly #pids: Int32Array;
  readonly #starts: Float64Array | null;
  #at = 0;

  constructor(procs: Iterable<Proc>) {
    const starts = new Map<number, number>();
    for (const proc of procs) {
      const pid = Target.pidOf(proc);
      if (!starts.has(pid)) starts.set(pid, Target.startOf(proc));
    }
    this.#pids = Int32Array.from(starts.keys());
    this.#starts = [...starts.values()].some((start) => start !== ANY_START)
      ? Float64Array.from(starts.values())
      : null;
  }

  get atHand(): number {
    return this.#pids.length - this.#at;
  }

  take(most: number): Chunk | undefined {
    if (this.#at >= this.#pids.length) return undefined;
    const end = this.#at + most;
    const pids = this.#pids.slice(this.#at, end);
    const starts = this.#starts?.slice(this.#at, end);
    this.#at += pids.length;
    return starts === undefined ? { pids } : { pids, starts };
  }

  more(): undefined {
    return undefined;
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
const MOST_LISTED = 4096;
