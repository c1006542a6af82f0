import type { TopColumn } from './columns.mjs';
import type { Samples } from './samples.mjs';
import type { View } from './view.mjs';

/** Samples, and how they are shown. */
export interface Show {
  readonly samples: Samples;
  readonly columns: readonly TopColumn[];
  readonly view: View;
  /** How many processes of each sample; all if it is not given. */
  readonly count: number | undefined;
  /** Whether a table has a line about all processes, and one of heads. */
  readonly hasHeads: boolean;
}
