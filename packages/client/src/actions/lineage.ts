import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';

/** A process as events have shown it. */
export class Descendant {
  readonly pid: number;
  /** As `startTime`; NaN where the source does not say. */
  readonly #start: number;
  /** Of the event of its fork; of a process that is older than the events, of the first child that it has forked since. */
  readonly time: number;
  /** `undefined` also where it is of the tree itself, so that no chain is kept longer than it is needed. */
  parent: Descendant | undefined;
  isOfTree = false;
  isTaken = false;
  /** Events have shown its end, or another process with its PID. */
  hasEnded = false;

  constructor(pid: number, start: number, time: number, parent: Descendant | undefined) {
    this.pid = pid;
    this.#start = start;
    this.time = time;
    this.parent = parent;
  }

  /** Whether a process with its PID and this start time may be it: one that has the PID after it began later. */
  mayBe(startTime: unknown): boolean {
    if (typeof startTime !== 'number') return false;
    return Number.isNaN(this.#start) ? startTime <= this.time : startTime === this.#start;
  }

  /** Whether events show that a process with its PID and this start time is it. */
  isCertainly(startTime: number): boolean {
    return startTime === this.#start;
  }
}

/**
 * Who has been started by whom since events are reported. It still knows when the parents have ended: the new parent of an orphan,
 * which a listing finds, shows nothing. An event names a process by its PID alone. Which one that was, the order of the events
 * says: a PID that is given to another process begins with a fork again. So a process that has forked without having been forked
 * is older than the first event.
 */
export class Lineage {
  /** Those that have begun, or have forked, and have not ended. */
  readonly #living = new Map<number, Descendant>();
  /** Those that are older than the events. Each PID has at most one, also when that has ended. */
  readonly #older = new Map<number, Descendant>();
  /** Start times of processes of the tree. */
  readonly #members = new Map<number, number>();
  /** Of the tree, from before a gap in the events, and not taken yet. */
  #strays: Descendant[] = [];
  /** Forks since {@link #compact}. */
  #count = 0;

  /** True where something is missing: members have to be found again to be known. */
  apply(events: readonly RawEvent[]): boolean {
    let isIncomplete = false;
    for (const event of events) {
      if (event.kind === EventKind.fork) this.#forked(event);
      else if (event.kind === EventKind.exit) this.#end(event.pid);
      else if (event.kind === EventKind.lost) {
        this.#forget();
        isIncomplete = true;
      }
    }
    if (this.#count > MAX_FORKS) this.#compact();
    return isIncomplete;
  }

  /** Whether such a process is known to be of the tree. */
  includes(pid: number, startTime: number): boolean {
    return this.#members.get(pid) === startTime;
  }

  /** This process is of the tree, and a listing that began after the first event has found it. */
  include(pid: number, startTime: number): void {
    this.#members.set(pid, startTime);
    const older = this.#older.get(pid);
    if (older !== undefined && isOlder(startTime, older.time)) older.isOfTree = true;
    const living = this.#living.get(pid);
    if (living?.isCertainly(startTime) === true) living.isOfTree = true;
  }

  /** Those of the tree that have been forked since and have not ended, each once; without those that are known. */
  take(isKnown: (descendant: Descendant) => boolean): Descendant[] {
    const taken = this.#strays;
    this.#strays = [];
    for (const each of this.#living.values()) {
      if (!each.isTaken && isOfTree(each) && !isKnown(each)) taken.push(each);
    }
    for (const each of taken) each.isTaken = true;
    return taken;
  }

  #forked({ pid, value, start, time }: RawEvent): void {
    this.#count++;
    this.#end(pid);
    // A parent in another PID namespace has no number.
    const parent = value > 0 ? (this.#living.get(value) ?? this.#olderOne(value, time)) : undefined;
    const child = new Descendant(pid, start, time, parent?.isOfTree === true ? undefined : parent);
    child.isOfTree = parent?.isOfTree === true;
    this.#living.set(pid, child);
  }

  #olderOne(pid: number, time: number): Descendant {
    const older = new Descendant(pid, Number.NaN, time, undefined);
    // It is a parent of those that are looked for, and none of them.
    older.isTaken = true;
    const startTime = this.#members.get(pid);
    older.isOfTree = startTime !== undefined && isOlder(startTime, time);
    this.#older.set(pid, older);
    this.#living.set(pid, older);
    return older;
  }

  #end(pid: number): void {
    const living = this.#living.get(pid);
    if (living === undefined) return;
    living.hasEnded = true;
    this.#living.delete(pid);
  }

  #forget(): void {
    this.#strays = this.take(() => false);
    this.#living.clear();
    this.#older.clear();
    this.#members.clear();
  }

  /**
   * Leaves out those that have ended and are not known to be of the tree: only one that lives, or is older than the events, can be
   * found to be. So the memory is that of the processes that there are, however long a chain of them is.
   */
  #compact(): void {
    this.#count = 0;
    for (const each of this.#living.values()) {
      let { parent } = each;
      while (parent?.hasEnded === true && !parent.isOfTree && !this.#isOlder(parent)) parent = parent.parent;
      each.parent = parent;
    }
  }

  #isOlder(descendant: Descendant): boolean {
    return this.#older.get(descendant.pid) === descendant;
  }
}

/** Goes up to a process of the tree. What is found is kept, so that the next search is short. */
function isOfTree(descendant: Descendant): boolean {
  let top = descendant;
  while (!top.isOfTree && top.parent !== undefined) top = top.parent;
  if (!top.isOfTree) return false;
  for (let at: Descendant | undefined = descendant; at !== undefined; ) {
    const { parent }: Descendant = at;
    at.isOfTree = true;
    at.parent = undefined;
    at = parent;
  }
  return true;
}

/** Whether a process had its PID before that time, although its start is only known as a tick. */
function isOlder(startTime: number, time: number): boolean {
  return startTime + TICK_MS <= time;
}

/** A hundredth of a second on Linux, and more where a clock is read twice. */
const TICK_MS = 20;
const MAX_FORKS = 10_000;
