import { readdir, stat } from 'node:fs/promises';

/**
 * How many descriptors processes have open, which is no field of psutil-extra: a descriptor table can be long, and only
 * its owner may read it. Counts are kept, and a part of them is made anew at a time, the oldest first.
 */
export class OpenFiles {
  readonly #procRoot: string;
  readonly #atATime: number;
  /** In the order in which they were counted. */
  #counts = new Map<number, Count>();

  constructor(procRoot: string, atATime: number) {
    this.#procRoot = procRoot;
    this.#atATime = atATime;
  }

  /** Of the process that has a PID and began then; `null` where that is unknown. */
  of(pid: number, began: number | null): number | null {
    const count = this.#counts.get(pid);
    return count !== undefined && count.began === began ? count.files : null;
  }

  /** Counts those that have not been counted, and then those whose counts are the oldest. */
  async refresh(processes: ReadonlyMap<number, number | null>): Promise<void> {
    this.#counts = new Map([...this.#counts].filter(([pid, { began }]) => processes.get(pid) === began));
    const uncounted = [...processes.keys()].filter((pid) => !this.#counts.has(pid));
    const due = [...uncounted, ...this.#counts.keys()].slice(0, this.#atATime);
    const next = due.values();
    // Each waits in the thread pool of libuv, which has four threads for the program: two are left for other work.
    await Promise.all(
      Array.from({ length: 2 }, async () => {
        for (const pid of next) {
          const files = await countOf(`${this.#procRoot}/${pid}/fd`);
          this.#counts.delete(pid);
          this.#counts.set(pid, { began: processes.get(pid) ?? null, files });
        }
      }),
    );
  }
}

interface Count {
  readonly began: number | null;
  readonly files: number | null;
}

/** Since Linux 6.2 the size of that directory is the number of its entries; before, it is 0 and they are counted. */
async function countOf(folder: string): Promise<number | null> {
  try {
    const { size } = await stat(folder);
    return size > 0 ? size : (await readdir(folder)).length;
  } catch {
    return null;
  }
}
