import { ANY_START, type FieldMask, type Frame, ReadFlag, type WalkPart } from '@psutil-extra/worker';
import { capabilities } from './capabilities.js';
import type { Engine } from './engine.js';
import type { Proc } from './process.js';
import { Target } from './target.js';

/** Processes to be read. */
export interface Chunk {
  /** Without: every one, by one call of the system. */
  readonly pids?: Int32Array;
  readonly starts?: Float64Array;
  /** In parts, see `Capabilities.walk`. */
  readonly walk?: WalkPart;
}

/** Processes that have numbers. */
export interface Numbered extends Chunk {
  readonly pids: Int32Array;
}

/** What a scan is of: where its chunks come from. */
export interface Processes {
  /** Bits of `ReadFlag` for its chunks. */
  readonly flags: number;
  /** What it walks by, if it does. */
  readonly walk: string | null;
  /** Processes that are known of and not yet taken. */
  readonly atHand: number;
  /** A chunk of at most so many; a walk is not cut into chunks and takes as many as there is room for. */
  take(most: number, room: number): Chunk | undefined;
  /** A chunk was read: what of it is left is put back. */
  answered(chunk: Chunk, frame: Frame): void;
  /** Something to wait for when there is nothing to take; nothing behind the last. */
  more(): Promise<void> | undefined;
}

/**
 * A walk where one can be had. One call of the system where it tells all that is asked of every process, and the
 * list of PIDs where not.
 */
export function everyProcess(engine: Engine, fields: FieldMask, inOneTable: boolean): Processes {
  if (engine.walks.areTaken()) return new Walk(engine);
  // A table of some of the processes would have to wait for all.
  const atOnce = inOneTable && fields !== 0 && (fields & ~capabilities().bulk) === 0;
  return atOnce ? new Everyone() : new Listing(engine);
}

/** Every process, in one chunk. */
class Everyone implements Processes {
  readonly flags = 0;
  readonly walk = null;
  #taken = false;

  get atHand(): number {
    return this.#taken ? 0 : 1;
  }

  take(): Chunk | undefined {
    if (this.#taken) return undefined;
    this.#taken = true;
    return {};
  }

  answered(): void {}

  more(): undefined {
    return undefined;
  }
}

/** Every process, part by part: where the next one begins, the last one tells. */
class Walk implements Processes {
  readonly flags = 0;
  readonly walk = capabilities().walk;
  readonly #number: number;
  #from = 0;
  #isTaken = false;

  constructor(engine: Engine) {
    this.#number = engine.walks.begin();
  }

  get atHand(): number {
    return this.#isTaken || this.#from < 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  take(_: number, room: number): Chunk | undefined {
    if (this.atHand === 0) return undefined;
    this.#isTaken = true;
    return { walk: { number: this.#number, from: this.#from, most: Math.min(room, MOST_OF_A_WALK) } };
  }

  answered(_: Chunk, frame: Frame): void {
    this.#from = frame.next;
    this.#isTaken = false;
  }

  more(): undefined {
    return undefined;
  }
}

/** Every PID, listed some at a time. */
export class Listing implements Processes {
  readonly flags = ReadFlag.listed;
  readonly walk = null;
  readonly #engine: Engine;
  readonly #from: number;
  #listed: Int32Array = new Int32Array(0);
  #cursor = 0;
  #listing: Promise<void> | undefined;
  #error: unknown;

  /** From a PID on. */
  constructor(engine: Engine, from = 0) {
    this.#engine = engine;
    this.#from = from;
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

  answered(chunk: Numbered, frame: Frame): void {
    if (frame.taken < chunk.pids.length) this.#listed = joined(rest(chunk, frame.taken).pids, this.#listed);
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
    this.#listed = joined(
      this.#listed,
      pids.filter((pid) => pid >= this.#from),
    );
    this.#cursor = cursor;
  }
}

/** The processes that the caller names, each once. */
export class Given implements Processes {
  readonly flags = 0;
  readonly walk = null;
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

  answered(chunk: Numbered, frame: Frame): void {
    if (frame.taken < chunk.pids.length) this.#back.push(rest(chunk, frame.taken));
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

function rest({ pids, starts }: Numbered, from: number): Numbered {
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

/** What a frame can count. */
const MOST_OF_A_WALK = 2 ** 31 - 1;
/** PIDs listed in one request, and how many are kept in hand: listing is a tenth of the work of reading. */
const LISTED = 2048;
const LISTED_AHEAD = 1024;
