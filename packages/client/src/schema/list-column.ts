/** Lists of different lengths: those of row `i` are `values` from `offsets[i]` up to `offsets[i + 1]`. */
export interface ListColumn<V extends { readonly length: number }> {
  /** Where each row's values begin in `values`, and at last where they end: one more than there are rows. */
  offsets: Uint32Array;
  /** The values of all rows, one after another. An empty list has none, nor has one that could not be read: `table.error()` distinguishes them. */
  values: V;
}

/** Lists of group ids. */
export type GroupsColumn = ListColumn<Uint32Array>;
