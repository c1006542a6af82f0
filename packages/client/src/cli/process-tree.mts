/** A process with those that it has started, as `client.tree()` returns it. */
export interface Branch {
  readonly pid: number;
  /** Milliseconds since the epoch; `null` if that could not be read, absent if the system does not report it. */
  readonly startTime?: number | null;
  readonly children: readonly Branch[];
}

/** A place in a tree. */
export interface Place<B extends Branch> {
  readonly branch: B;
  /** How many processes are above it. */
  readonly depth: number;
  /** The lines that lead to it, before its text. */
  readonly lines: string;
}

/**
 * Every process of these trees, each before its children, and siblings in an order, by their age if none is given. Without recursion:
 * a chain of processes may be longer than the stack.
 */
export function* walk<B extends Branch>(
  roots: readonly B[],
  order: (a: B, b: B) => number = byAge,
): Generator<Place<B>> {
  const levels: { readonly siblings: readonly B[]; next: number; readonly indent: string }[] = [
    { siblings: [...roots].sort(order), next: 0, indent: '' },
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
    levels.push({ siblings: [...(branch.children as readonly B[])].sort(order), next: 0, indent });
  }
}

/** The oldest first. */
export function byAge(a: Omit<Branch, 'children'>, b: Omit<Branch, 'children'>): number {
  return (a.startTime ?? 0) - (b.startTime ?? 0) || a.pid - b.pid;
}
