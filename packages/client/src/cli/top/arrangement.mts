import type { TableField } from 'psutil-extra';
import { byAge, walk } from '../process-tree.mjs';
import { compareBy, type SortKey } from '../selection.mjs';
import { programText, type Row } from './columns.mjs';

/** What decides which processes are shown, and where. */
export interface Arrangement {
  readonly order: readonly SortKey<TableField>[];
  readonly isTree: boolean;
  /** Whether whole command lines are shown. */
  readonly isFull: boolean;
  /** A part of what is shown of the program, in any case; all match an empty one. */
  readonly filter: string;
}

/** A process in its place. */
export interface Place {
  readonly row: Row;
  /** The lines of the tree before the program's name. */
  readonly lines: string;
}

/** The processes in their order: those that match the filter, and in a tree each below its parent. */
export function arranged(rows: readonly Row[], { order, isTree, isFull, filter }: Arrangement): Place[] {
  const wanted = filter.toLowerCase();
  const matching = wanted === '' ? rows : rows.filter((row) => programText(row, isFull).toLowerCase().includes(wanted));
  const inOrder = (a: Row, b: Row) => compareBy(order, a, b) || a.pid - b.pid;
  if (!isTree) return [...matching].sort(inOrder).map((row) => ({ row, lines: '' }));
  const places = walk(rootsOf(matching), (a, b) => inOrder(a.row, b.row));
  return Array.from(places, ({ branch, lines }) => ({ row: branch.row, lines }));
}

/** A process, with its start as its key in a tree. */
interface Node {
  readonly pid: number;
  readonly startTime: number | null;
  readonly row: Row;
  readonly children: Node[];
}

/**
 * Those whose parent is not among them. A process is no child of one that began after it, which has the PID of its parent; of two
 * that began in one tick the lower PID counts as the older one, so that there are no circles.
 */
function rootsOf(rows: readonly Row[]): Node[] {
  const nodes = new Map(
    rows.map((row): [number, Node] => [row.pid, { pid: row.pid, startTime: row.startTime, row, children: [] }]),
  );
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent = node.row.ppid === null ? undefined : nodes.get(node.row.ppid);
    if (parent !== undefined && byAge(parent, node) < 0) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}
