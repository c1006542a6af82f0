import { FIELD_INDEX, FIELDS, FieldSet } from '@psutil-extra/native/protocol';
import { invalidType, invalidValue, isIterable } from '../support/arguments.js';
import { didYouMean } from '../support/nearest.js';
import type { FieldValues } from './fields.generated.js';

export type { FieldValues, Ids, State } from './fields.generated.js';

/** A field's name: the method, the column, the key of a snapshot. */
export type Field = keyof FieldValues;

/** The names that a list of fields may have: also `'pid'`, which is always present. */
export type NamedField = Field | 'pid';
/** The fields that are named. */
export type Fields<F extends readonly NamedField[]> = Exclude<F[number], 'pid'>;

/** Every field's name. */
export const FIELD_NAMES: readonly Field[] = Object.freeze(FIELDS.map(({ name }) => name));

/** The fields of `snapshot()` and `scan()` if none are named: those of psutil-extra. */
export const DEFAULT_FIELDS = Object.freeze([
  'umask',
  'groups',
  'sigmasks',
  'pgid',
  'sid',
] as const) satisfies readonly Field[];
/** The fields that are read if none are named. */
export type DefaultField = (typeof DEFAULT_FIELDS)[number];

/** The field's position. */
export function fieldIndex(name: unknown): number | undefined {
  return typeof name === 'string' && Object.hasOwn(FIELD_INDEX, name) ? FIELD_INDEX[name as Field] : undefined;
}

/** @internal Named fields, each once and in the order in which they were named. */
export interface FieldList {
  readonly names: readonly Field[];
  readonly set: FieldSet;
}

/** @internal The fields of `options.fields`, checked. */
export function fieldList(fields: unknown): FieldList {
  const { names, positions } = namesIn(fields, FIELD_NAMES, fieldIndex);
  return { names: names as readonly Field[], set: FieldSet.of(...positions) };
}

/** @internal The names of `options.fields`, checked, and the position of the field that is read for each. */
export function namesIn(
  fields: unknown,
  known: readonly string[],
  positionOf: (name: unknown) => number | undefined,
): { readonly names: readonly string[]; readonly positions: readonly number[] } {
  if (!isIterable(fields)) throw invalidType('options.fields', 'an array of field names', fields);
  const names = new Set<string>();
  const positions: number[] = [];
  let at = 0;
  for (const name of fields) {
    const position = positionOf(name);
    if (position !== undefined) {
      names.add(name as string);
      positions.push(position);
    } else if (name !== 'pid') {
      const hint = didYouMean(name, known);
      throw invalidValue(`options.fields[${at}]`, `must be one of ${known.join(', ')}${hint}`, name);
    }
    at++;
  }
  return { names: [...names], positions };
}
