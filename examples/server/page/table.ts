import type { WireChange, WireRow, WireTable } from '../src/wire.js';

/** The processes as of the events so far. */
export class Processes {
  readonly #rows = new Map<number, WireRow>();
  /** Those of the last event that were not there before it. */
  readonly arrived = new Set<number>();
  signals: readonly string[] = [];
  resources: readonly string[] = [];
  source = '';
  at = 0;
  took = 0;

  begin({ rows, signals, resources, source, at, took }: WireTable): void {
    this.#rows.clear();
    this.arrived.clear();
    for (const row of rows) this.#rows.set(row.pid, row);
    Object.assign(this, { signals, resources, source, at, took });
  }

  change({ rows, gone, at, took }: WireChange): void {
    this.arrived.clear();
    for (const pid of gone) this.#rows.delete(pid);
    for (const row of rows) {
      if (!this.#rows.has(row.pid)) this.arrived.add(row.pid);
      this.#rows.set(row.pid, row);
    }
    Object.assign(this, { at, took });
  }

  get size(): number {
    return this.#rows.size;
  }

  all(): IterableIterator<WireRow> {
    return this.#rows.values();
  }
}

/** What a column is sorted by; what is unknown comes last either way. */
export type Key = (row: WireRow) => number | string | null;

export function sorted(rows: WireRow[], key: Key, descending: boolean): WireRow[] {
  const direction = descending ? -1 : 1;
  return rows.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return a.pid - b.pid;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -direction : direction;
  });
}
