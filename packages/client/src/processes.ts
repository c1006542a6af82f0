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

/** Processes that have numbers. */
export interface Numbered extends Chunk {
  readonly pids: Int32Array;
}

/** What a scan is of: where its chunks come from. */
export interface Processes {
  /** Bits of `ReadFlag` for its chunks. */
  readonly flags: number;
  /** Processes that are known of and not yet taken. */
  readonly atHand: number;
  take(most: number): Chunk | undefined;
  /** What was taken and not read. */
  putBack(chunk: Numbered): void;
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

  putBack(): never {
    throw new Error('one call for every process cannot be cut short');
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
  #listing: Promise<void> | undefined;
  #error: unknown;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get atHand(): number {
    return this.#listed.length;
  }

  take(most: number): Numbered | undefined {
    if (this.#error !== undefined) throw this.#error;
    if (this.#listed.length < LISTED_AHEAD && this.#cursor >= 0) this.#listing ??= this.#list();
    if (this.#listed.length === 0) return undefined;
    const pids = this.#listed.slice(0, most);
    this.#listed = this.#listed.subarray(most);
    return { pids };
  }

  putBack({ pids }: Numbered): void {
    this.#listed = joined(pids, this.#listed);
  }

  more(): Promise<void> | undefined {
    return this.#listing;
  }

  async #list(): Promise<void> {
    this.#engine.counters.messages++;
    const reply = await this.#engine.pool.run({ op: 'list', cursor: this.#cursor, most: LISTED, yields: true });
    this.#listing = undefined;
    if (!reply.ok) {
      this.#error = this.#engine.revive(reply.error, 0, 'pids');
      return;
    }
    const { pids, cursor } = reply.value;
    this.#listed = joined(this.#listed, pids);
    this.#cursor = cursor;
  }
}

/** The processes that the caller names, each once. */
export class Given implements Processes {
  readonly flags = 0;
  readonly #pids: Int32Array;
  readonly #starts: Float64Array | null;
  #at = 0;
  readonly #back: Numbered[] = [];

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
    return this.#pids.length - this.#at + this.#back.reduce((sum, chunk) => sum + chunk.pids.length, 0);
  }

  take(most: number): Numbered | undefined {
    const back = this.#back.pop();
    if (back !== undefined) {
      if (back.pids.length > most) this.#back.push(rest(back, most));
      return first(back, most);
    }
    if (this.#at >= this.#pids.length) return undefined;
    const all = this.#starts === null ? { pids: this.#pids } : { pids: this.#pids, starts: this.#starts };
    const chunk = first(rest(all, this.#at), most);
    this.#at += chunk.pids.length;
    return chunk;
  }

  putBack(chunk: Numbered): void {
    this.#back.push(chunk);
  }

  more(): undefined {
    return undefined;
  }
}

export function isNumbered(chunk: Chunk): chunk is Numbered {
  return chunk.pids !== undefined;
}

function first({ pids, starts }: Numbered, count: number): Numbered {
  return starts === undefined
    ? { pids: pids.slice(0, count) }
    : { pids: pids.slice(0, count), starts: starts.slice(0, count) };
}

export function rest({ pids, starts }: Numbered, from: number): Numbered {
  return starts === undefined
    ? { pids: pids.subarray(from) }
    : { pids: pids.subarray(from), starts: starts.subarray(from) };
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** PIDs listed in one request, and how many are kept in hand: listing is a tenth of the work of reading. */
const LISTED = 2048;
const LISTED_AHEAD = 1024;
