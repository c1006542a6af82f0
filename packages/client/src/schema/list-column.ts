/** Lists of different lengths: the list of row `i` is `values` from `offsets[i]` up to `offsets[i + 1]`. */
export interface ListColumn<V extends { readonly length: number }> {
  /** Where each row's list begins in `values`, and where the last one ends: one more than there are rows. */
  offsets: Uint32Array;
  /** The values of all rows, one after another. A list that is empty and one that could not be read have none: `table.error()` distinguishes them. */
  values: V;
}

/** Lists of group ids. */
export type GroupsColumn = ListColumn<Uint32Array>;
