/**
 * Every fact that can be asked of a process, in the order of their bits in a field mask. The C++ side
 * holds the same table in `src/core/field.h`; the two are compared when an addon is loaded.
 */
export const FIELDS = Object.freeze([
  { name: 'name', shape: 'entry' },
  { name: 'ppid', shape: 'i32' },
  { name: 'state', shape: 'u8' },
  { name: 'uids', shape: 'entry' },
  { name: 'gids', shape: 'entry' },
  { name: 'groups', shape: 'entry' },
  { name: 'umask', shape: 'i32' },
  { name: 'sigmasks', shape: 'entry' },
  { name: 'pgid', shape: 'i32' },
  { name: 'sid', shape: 'i32' },
  { name: 'threads', shape: 'i32' },
  { name: 'startTime', shape: 'f64' },
  { name: 'rlimits', shape: 'entry' },
] as const) satisfies readonly { name: string; shape: Shape }[];
for (const field of FIELDS) Object.freeze(field);

/** How a column stores its field; an `entry` is a number in the field's dictionary. */
export type Shape = 'i32' | 'u8' | 'f64' | 'entry';

export type FieldName = (typeof FIELDS)[number]['name'];

/** A set of fields: bit `n` is `FIELDS[n]`. */
export type FieldMask = number;

/** The position of a field in {@link FIELDS}, and its bit. */
export const FIELD_INDEX = Object.freeze(
  Object.fromEntries(FIELDS.map(({ name }, index) => [name, index])) as Record<FieldName, number>,
);

/** The states of a process in the order of `State` in `src/core/field.h`. */
export const STATES = Object.freeze([
  'running',
  'sleeping',
  'disk-sleep',
  'stopped',
  'tracing-stop',
  'zombie',
  'dead',
  'idle',
  'parked',
] as const);
