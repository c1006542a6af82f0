/** What a tree is made by. `null` is what could not be read. */
export interface Relative {
  readonly pid: number;
  readonly ppid: number | null;
  readonly startTime: number | null;
}

/** A process and those that it has started, the oldest first. */
export type Branch<P extends Relative> = P & { readonly children: Branch<P>[] };

/**
 * The processes without a parent among them, with their descendants. A process that began before the one with its parent's PID
 * is not its child: that PID has been reused.
 */
export function rootsOf<P extends Relative>(processes: Iterable<P>): Branch<P>[] {
  const branches = Array.from(processes, (each): Branch<P> => ({ ...each, children: [] })).sort(byAge);
  const byPid = new Map(branches.map((branch) => [branch.pid, branch]));
  const parents = new Map<Branch<P>, Branch<P>>();
  const roots: Branch<P>[] = [];
  for (const branch of branches) {
    const parent = byPid.get(branch.ppid ?? 0);
    if (parent === undefined || beganBefore(branch, parent) || isAbove(branch, parent, parents)) {
      roots.push(branch);
    } else {
      parents.set(branch, parent);
      parent.children.push(branch);
    }
  }
  return roots;
}

/** A place in a tree. */
export interface Place<P extends Relative> {
  readonly branch: Branch<P>;
  /** How many processes are above it. */
  readonly depth: number;
  /** The lines that lead to it, before its text. */
  readonly lines: string;
}

/** Every process of a tree, each before its children. Without recursion: a chain of processes may be longer than the stack. */
export function* walk<P extends Relative>(roots: readonly Branch<P>[]): Generator<Place<P>> {
  const levels: { readonly siblings: readonly Branch<P>[]; next: number; readonly indent: string }[] = [
    { siblings: roots, next: 0, indent: '' },
  ];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const branch = level.siblings[level.next];
    if (branch === undefined) {
      levels.pop();
      continue;
    }
    level.next++;
    const depth = levels.length - 1;
    const isLast = level.next === level.siblings.length;
    yield { branch, depth, lines: depth === 0 ? '' : level.indent + (isLast ? '└─ ' : '├─ ') };
    const indent = depth === 0 ? '' : level.indent + (isLast ? '   ' : '│  ');
    levels.push({ siblings: branch.children, next: 0, indent });
  }
}

function byAge(a: Relative, b: Relative): number {
  return (a.startTime ?? 0) - (b.startTime ?? 0) || a.pid - b.pid;
}

function beganBefore({ startTime: own }: Relative, { startTime: other }: Relative): boolean {
  return own !== null && other !== null && own < other;
}

/**
 * Whether `candidate` is `branch` or one of its descendants. Listings are no picture of one moment: of two processes that began
 * in one tick, each may seem to be the parent of the other.
 */
function isAbove<P extends Relative>(
  branch: Branch<P>,
  candidate: Branch<P>,
  parents: ReadonlyMap<Branch<P>, Branch<P>>,
): boolean {
  for (let each: Branch<P> | undefined = candidate; each !== undefined; each = parents.get(each)) {
    if (each === branch) return true;
    // A descendant cannot be older.
    if (beganBefore(each, branch)) return false;
  }
  return false;
}
