import type { WireChange, WireHost, WireReading, WireRow, WireTable, WireUse } from '../src/wire.js';
import { History } from './history.js';

/** A process as the page shows it. */
export interface Shown extends WireRow {
  /** Percent of one processor, over the last interval. */
  readonly cpu: number | null;
  /** Bytes. */
  readonly rss: number | null;
}

/** What a process has used lately. */
export interface Track {
  /** When the process began: another one may get its PID. */
  readonly began: number | null;
  readonly cpu: History;
  readonly rss: History;
}

/** The processes as of the events so far. */
export class Processes {
  readonly #rows = new Map<number, Shown>();
  readonly #tracks = new Map<number, Track>();
  /** Those of the last event that were not there before it. */
  readonly arrived = new Set<number>();
  /** Of all of them together. */
  readonly cpu = new History();
  readonly memory = new History();
  signals: readonly string[] = [];
  resources: readonly string[] = [];
  every = 0;
  source = '';
  at = 0;
  host: WireHost | undefined;

  begin({ rows, uses, signals, resources, every, ...reading }: WireTable): void {
    this.#rows.clear();
    this.arrived.clear();
    Object.assign(this, { signals, resources, every });
    for (const row of rows) this.#rows.set(row.pid, { ...row, cpu: null, rss: null });
    this.#use(uses);
    this.#read(reading);
  }

  change({ rows, uses, gone, ...reading }: WireChange): void {
    this.arrived.clear();
    for (const pid of gone) this.#rows.delete(pid);
    for (const row of rows) {
      const before = this.#rows.get(row.pid);
      if (before === undefined) this.arrived.add(row.pid);
      this.#rows.set(row.pid, { ...row, cpu: before?.cpu ?? null, rss: before?.rss ?? null });
    }
    this.#use(uses);
    this.#read(reading);
  }

  get size(): number {
    return this.#rows.size;
  }

  all(): IterableIterator<Shown> {
    return this.#rows.values();
  }

  get(pid: number): Shown | undefined {
    return this.#rows.get(pid);
  }

  track(pid: number): Track | undefined {
    return this.#tracks.get(pid);
  }

  /** Processor time of all processes, in percent of one processor; `null` before the second reading. */
  get busy(): number | null {
    let sum: number | null = null;
    for (const { cpu } of this.#rows.values()) if (cpu !== null) sum = (sum ?? 0) + cpu;
    return sum;
  }

  #use(uses: readonly WireUse[]): void {
    for (const [pid, cpu, rss] of uses) {
      const row = this.#rows.get(pid);
      if (row !== undefined) this.#rows.set(pid, { ...row, cpu, rss });
    }
  }

  #read({ at, source, host, elapsed }: WireReading): void {
    Object.assign(this, { at, source, host });
    for (const pid of this.#tracks.keys()) if (!this.#rows.has(pid)) this.#tracks.delete(pid);
    // A scan has no processor time, and the sample that follows has the rest again.
    if (elapsed === null) return;
    this.cpu.add(this.busy);
    this.memory.add(host.memory - host.available);
    for (const { pid, began, cpu, rss } of this.#rows.values()) {
      let track = this.#tracks.get(pid);
      if (track === undefined || track.began !== began) {
        track = { began, cpu: new History(), rss: new History() };
        this.#tracks.set(pid, track);
      }
      track.cpu.add(cpu);
      track.rss.add(rss);
    }
  }
}

/** What a column is sorted by; what is unknown comes last either way. */
export type Key = (row: Shown) => number | string | null;

export function sorted(rows: Shown[], key: Key, descending: boolean): Shown[] {
  const direction = descending ? -1 : 1;
  return rows.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return a.pid - b.pid;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -direction : direction;
  });
}
