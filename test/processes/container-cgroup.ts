import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** A control group that is named as Docker names that of a container. */
export class ContainerCgroup implements Disposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns undefined where this machine does not allow one. */
  static of(id: string): ContainerCgroup | undefined {
    // Of version 2, alone or beside the hierarchies of version 1.
    const root = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((each) => existsSync(join(each, 'cgroup.procs')));
    if (root === undefined) return undefined;
    const folder = join(root, `docker-${id}.scope`);
    try {
      mkdirSync(folder);
    } catch {
      return undefined;
    }
    return new ContainerCgroup(folder);
  }

  /** A command that becomes the one it is given, in this group. */
  get wrapper(): readonly string[] {
    return ['sh', '-c', `echo $$ > ${join(this.#folder, 'cgroup.procs')} && exec "$@"`, 'sh'];
  }

  /** Whether no process is in it, so that it can be removed. */
  get isEmpty(): boolean {
    return readFileSync(join(this.#folder, 'cgroup.procs'), 'utf8') === '';
  }

  [Symbol.dispose](): void {
    rmdirSync(this.#folder);
  }
}
