import { FIELDS, STATES } from './fields.generated.js';

export type { Cost, FieldRow, Kind, Member, Storage, Type } from './field-row.js';

export type FieldName = (typeof FIELDS)[number]['name'];

/** The position of a field in {@link FIELDS}, and its bit in a set. */
export const FIELD_INDEX = Object.freeze(
  Object.fromEntries(FIELDS.map(({ name }, index) => [name, index])) as Record<FieldName, number>,
);

// All that load this share them.
for (const list of [FIELDS, STATES]) Object.freeze(list);
for (const row of FIELDS) Object.freeze(row);

export { FIELDS, STATES };
