import { ANY_START, FieldSet, type Frame, ReadFlag } from '@psutil-extra/native/protocol';
import type { WalkPart } from '@psutil-extra/worker';
import type { Proc } from '../api/process.js';
import type { Engine } from '../calls/engine.js';
import { Target } from '../schema/process-ref.js';
import { listFrom } from '../schema/received.js';
import { capabilities } from '../support/capabilities.js';

/** Processes to be read. */
export interface Chunk {
  /** Without: every one, by one call of the system. */
  readonly pids?: Int32Array;
  readonly starts?: Float64Array;
  /** In parts, see `Capabilities.walk`. */
  readonly walk?: WalkPart;
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
  /** Told what came of a chunk. */
  answered?(frames: readonly Frame[]): void;
  /** Something to wait for when there is nothing to take; nothing behind the last. */
  more(): Promise<void> | undefined;
}

/**
 * A walk where one can be had. One call of the system where it tells all that is asked of every process, and the
 * list of PIDs where not.
 */
export function everyProcess(engine: Engine, fields: FieldSet, inOneTable: boolean): Processes {
  if (engine.walks.areTaken()) return new Walk(engine, capabilities().walk);
  // A table of some of the processes would have to wait for all.
  const atOnce = inOneTable && !fields.isEmpty && FieldSet.fromBits(capabilities().bulk).contains(fields);
  if (atOnce) return new Everyone();
  // Several threads share what one of them lists; whoever takes table by table is read ahead for.
  const alone = inOneTable && engine.pool.threads === 1;
  return alone && capabilities().readsList && engine.ownRoot ? new Walk(engine, null) : new Listing(engine);
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

  more(): undefined {
    return undefined;
  }
}

/** Every process, part by part: where the next one begins, the last one tells. By name, or over the list of PIDs. */
class Walk implements Processes {
  readonly flags: number;
  readonly walk: string | null;
  readonly #number: number;
  #from = 0;
  #isTaken = false;

  constructor(engine: Engine, name: string | null) {
    this.#number = engine.walks.begin();
    this.walk = name;
    this.flags = name === null ? ReadFlag.listed : 0;
  }

  get atHand(): number {
    return this.#isTaken || this.#from < 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  take(_: number, room: number): Chunk | undefined {
    if (this.atHand === 0) return undefined;
    this.#isTaken = true;
    const most = Math.min(room, this.walk === null ? MOST_WALKED : MOST_OF_A_WALK);
    return { walk: { number: this.#number, from: this.#from, most } };
  }

  answered(frames: readonly Frame[]): void {
    this.#from = frames.at(-1)?.next ?? -1;
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
  /** How many are asked for next, and kept at hand. */
  #most = FIRST_LISTED;
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
    const { pids, cursor } = listFrom(reply.value);
    this.#listed = joined(
      this.#listed,
      pids.filter((pid) => pid >= this.#from),
    );
    this.#cursor = cursor;
    this.#most = Math.min(this.#most * 2, MOST_LISTED);
  }
}

/** The processes that the caller names, each once. */
export class Given implements Processes {
  readonly flags = 0;
  readonly walk = null;
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
/** Processes that are read one by one in one request: a thread does not stop for a scan that was given up. */
const MOST_WALKED = 16_384;
/** What a frame can count. */
const MOST_OF_A_WALK = 2 ** 31 - 1;
