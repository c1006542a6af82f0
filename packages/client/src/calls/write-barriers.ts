/**
 * Keeps reads and sets of one PID in the order in which they were asked for. Only a set needs that: while
 * none is on its way there is nothing here, and reads go where they go.
 */
export class Order {
  readonly #lanes = new Map<number, Lane>();

  /** Whether any set is on its way. */
  get isBusy(): boolean {
    return this.#lanes.size > 0;
  }

  /** Whether a set of this PID is on its way: what was read before it no longer answers. */
  isSetting(pid: number): boolean {
    return this.#lanes.has(pid);
  }

  /** Reads at once, or behind the last set that was asked for before. */
  read<T>(pid: number, read: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(pid);
    if (lane === undefined) return read();
    const reading = lane.set.then(read);
    lane.reads.push(reading);
    return reading;
  }

  /** Sets behind all that was asked for before: `reads` that are under way, and what waits here. */
  set<T>(pid: number, reads: readonly Promise<unknown>[], set: () => Promise<T>): Promise<T> {
    const before = this.#lanes.get(pid);
    const setting = this.#after([...reads, ...(before === undefined ? [] : [before.set, ...before.reads])], set);
    const lane: Lane = { set: settled(setting), reads: [] };
    this.#lanes.set(pid, lane);
    void this.#leave(pid, lane);
    return setting;
  }

  async #after<T>(before: readonly Promise<unknown>[], set: () => Promise<T>): Promise<T> {
    await Promise.allSettled(before);
    return set();
  }

  async #leave(pid: number, lane: Lane): Promise<void> {
    await lane.set;
    if (this.#lanes.get(pid) === lane) this.#lanes.delete(pid);
  }
}

/** The last set of a PID, which never rejects, and the reads that were asked for after it. */
interface Lane {
  readonly set: Promise<unknown>;
  readonly reads: Promise<unknown>[];
}

/** Whoever asked is told of a failure; those behind it only wait. */
function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(nothing, nothing);
}

function nothing(): void {}
