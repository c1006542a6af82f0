import type { LiveField, LiveRow, LiveValues } from './live-fields.js';

interface Entry {
  readonly values: LiveValues;
  /** Frozen: a row that somebody holds is as it was. */
  row: LiveRow;
}

/** The processes of a live table, by PID and by parent. */
export class LiveRows {
  readonly #fields: readonly LiveField[];
  readonly #entries = new Map<number, Entry>();
  readonly #children = new Map<number, Set<number>>();

  constructor(fields: readonly LiveField[]) {
    this.#fields = fields;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(pid: number): boolean {
    return this.#entries.has(pid);
  }

  row(pid: number): LiveRow | undefined {
    return this.#entries.get(pid)?.row;
  }

  values(pid: number): Readonly<LiveValues> | undefined {
    return this.#entries.get(pid)?.values;
  }

  pids(): IterableIterator<number> {
    return this.#entries.keys();
  }

  *rows(): Generator<LiveRow, void, undefined> {
    for (const { row } of this.#entries.values()) yield row;
  }

  children(pid: number): number[] {
    return [...(this.#children.get(pid) ?? [])];
  }

  /** Adds a process, or changes some values of one. */
  set(pid: number, changes: LiveValues): void {
    const entry = this.#entries.get(pid);
    const values = entry?.values ?? {};
    const before = values.ppid;
    const isSame = entry !== undefined && ENTRIES(changes).every(([name, value]) => isEqual(values[name], value));
    if (isSame) return;
    Object.assign(values, changes);
    const row = this.#rowOf(pid, values);
    if (entry === undefined) this.#entries.set(pid, { values, row });
    else entry.row = row;
    if (entry !== undefined && before === values.ppid) return;
    this.#leave(before, pid);
    if (values.ppid !== undefined && values.ppid !== null) this.#join(values.ppid, pid);
  }

  delete(pid: number): boolean {
    const entry = this.#entries.get(pid);
    if (entry === undefined) return false;
    this.#leave(entry.values.ppid, pid);
    return this.#entries.delete(pid);
  }

  clear(): void {
    this.#entries.clear();
    this.#children.clear();
  }

  #rowOf(pid: number, values: LiveValues): LiveRow {
    const row: Record<string, unknown> = { pid };
    for (const name of this.#fields) row[name] = values[name] ?? null;
    return Object.freeze(row) as LiveRow;
  }

  #join(parent: number, pid: number): void {
    const siblings = this.#children.get(parent);
    if (siblings === undefined) this.#children.set(parent, new Set([pid]));
    else siblings.add(pid);
  }

  #leave(parent: number | null | undefined, pid: number): void {
    if (parent === undefined || parent === null) return;
    const siblings = this.#children.get(parent);
    if (siblings?.delete(pid) === true && siblings.size === 0) this.#children.delete(parent);
  }
}

const ENTRIES = Object.entries as (values: LiveValues) => [LiveField, LiveValues[LiveField]][];

function isEqual(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
