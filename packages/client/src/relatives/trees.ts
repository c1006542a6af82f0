import { rowReader } from '../schema/decode.js';
import type { Field } from '../schema/fields.js';
import type { Slices } from '../support/slices.js';
import type { Found, ProcessMap } from './process-map.js';

/** A row with its children. */
export type TreeNode = { pid: number; children: TreeNode[]; [field: string]: unknown };

/** From the top down: a row is made when that of its parent is there. */
export async function treesOf(map: ProcessMap, names: readonly Field[], slices: Slices): Promise<TreeNode[]> {
  const readers = new Map<Found['frame'], (row: number) => { pid: number; [field: string]: unknown }>();
  const readerOf = (frame: Found['frame']) => {
    let read = readers.get(frame);
    if (read === undefined) {
      read = rowReader(names, frame);
      readers.set(frame, read);
    }
    return read;
  };
  const roots: TreeNode[] = [];
  const reached: { readonly process: Found; readonly siblings: TreeNode[] }[] = [];
  for (const process of map.all()) if (process.parent === undefined) reached.push({ process, siblings: roots });
  // With those that are added meanwhile.
  for (const { process, siblings } of reached) {
    if (slices.areOver) await slices.next();
    const row = readerOf(process.frame)(process.row) as TreeNode;
    row.children = [];
    siblings.push(row);
    for (const child of process.children) reached.push({ process: child, siblings: row.children });
  }
  return roots;
}
