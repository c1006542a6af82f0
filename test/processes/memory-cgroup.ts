import { existsSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A group of processes that may have so much memory and no more: one that takes more is ended. */
export class MemoryCgroup implements Disposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns undefined where this machine does not allow one. */
  static limited(bytes: number): MemoryCgroup | undefined {
    for (const [root, limit, others] of HIERARCHIES) {
      if (!existsSync(root)) continue;
      let folder: string | undefined;
      try {
        folder = mkdtempSync(join(root, 'psutil-extra-'));
        writeFileSync(join(folder, limit), String(bytes));
        for (const [file, text] of others) if (existsSync(join(folder, file))) writeFileSync(join(folder, file), text);
        return new MemoryCgroup(folder);
      } catch {
        if (folder !== undefined) rmdirSync(folder);
      }
    }
    return undefined;
  }

  /** A command that becomes the one it is given, in this group. */
  get wrapper(): readonly string[] {
    return ['sh', '-c', `echo $$ > ${join(this.#folder, 'cgroup.procs')} && exec "$@"`, 'sh'];
  }

  [Symbol.dispose](): void {
    rmdirSync(this.#folder);
  }
}

/** Where groups are made, the file of the limit, and what keeps the limit from being evaded by swapping. */
const HIERARCHIES: [root: string, limit: string, others: [file: string, text: string][]][] = [
  ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes', [['memory.swappiness', '0']]],
  ['/sys/fs/cgroup', 'memory.max', [['memory.swap.max', '0']]],
];
