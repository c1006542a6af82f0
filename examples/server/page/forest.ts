import type { Shown } from './processes.js';

/** A process and its children. */
export interface Node {
  readonly row: Shown;
  readonly children: readonly Node[];
  /** What it and all its descendants use together. */
  readonly cpu: number | null;
  readonly rss: number | null;
  /** How many descendants it has. */
  readonly size: number;
}

/** The processes as trees, by PID. One whose parent is not among them is a root. */
export function forest(rows: Iterable<Shown>): readonly Node[] {
  const children = new Map<number, Shown[]>();
  const all = new Map(Array.from(rows, (row) => [row.pid, row]));
  const roots: Shown[] = [];
  for (const row of all.values()) {
    const parent = row.ppid === null || row.ppid === row.pid ? undefined : all.get(row.ppid);
    if (parent === undefined) roots.push(row);
    else {
      const siblings = children.get(parent.pid);
      if (siblings === undefined) children.set(parent.pid, [row]);
      else siblings.push(row);
    }
  }
  const nodeOf = (row: Shown): Node => {
    const below = (children.get(row.pid) ?? []).sort(byPid).map(nodeOf);
    return {
      row,
      children: below,
      cpu: sum(row.cpu, below, ({ cpu }) => cpu),
      rss: sum(row.rss, below, ({ rss }) => rss),
      size: below.reduce((size, each) => size + 1 + each.size, 0),
    };
  };
  return roots.sort(byPid).map(nodeOf);
}

/** Those that are wanted, and their ancestors, without which they would have no place. */
export function pruned(nodes: readonly Node[], isWanted: (row: Shown) => boolean): readonly Node[] {
  return nodes.flatMap((node) => {
    const children = pruned(node.children, isWanted);
    return children.length > 0 || isWanted(node.row) ? [{ ...node, children }] : [];
  });
}

function sum(own: number | null, below: readonly Node[], of: (node: Node) => number | null): number | null {
  return below.reduce((total, node) => {
    const each = of(node);
    return each === null ? total : (total ?? 0) + each;
  }, own);
}

function byPid(left: Shown, right: Shown): number {
  return left.pid - right.pid;
}
