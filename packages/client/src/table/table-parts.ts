import type { TableField } from './computed-column.js';
import { framesOf, type ProcessTable } from './process-table.js';

/** What a table is made of, so that another thread can be given it: no row has become an object. */
export interface TableParts {
  readonly fields: readonly TableField[];
  /** The bytes of its frames, as a thread has answered. They are those of the table: who transfers them takes them from it. */
  readonly frames: readonly ArrayBuffer[];
  /** The columns that it has computed. */
  readonly computed: { readonly [name: string]: ComputedPart };
}

/** Numbers in which NaN is missing, or some for each member. */
export interface ComputedPart {
  readonly column: Float64Array | { readonly [member: string]: Float64Array };
  readonly validity: Uint8Array;
}

/** What a table is made of; `undefined` if the value is no table of this library. */
export function partsOf(table: unknown): TableParts | undefined {
  const made = framesOf(table);
  if (made === undefined) return undefined;
  const { fields, frames, computed } = made;
  const columns = table as ProcessTable<TableField>;
  return {
    fields,
    frames: frames.map(({ buffer }) => buffer),
    computed: Object.fromEntries(
      fields
        .filter((field) => Object.hasOwn(computed, field))
        .map((field) => {
          const column = columns.column(field) as unknown as ComputedPart['column'];
          return [field, { column, validity: columns.validity(field) }];
        }),
    ),
  };
}
