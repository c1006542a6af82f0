import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { FIELD_NAMES, type Field, fieldIndex } from '../schema/fields.js';
import { invalidType, invalidValue, isIterable } from '../support/arguments.js';
import { didYouMean } from '../support/nearest.js';
import type { TableField } from '../table/computed-column.js';

/** The names that the fields of a sample may have: also `'pid'`, which is always present. */
export type SampledField = TableField | 'pid';

/** The fields of a sample if none are named. */
export type DefaultSampled = (typeof DEFAULT_SAMPLED)[number];

/** @internal What a sample has, and what is read for it. */
export interface SampleFields {
  /** Each once, in the order in which they were named. */
  readonly names: readonly TableField[];
  readonly read: FieldSet;
}

/** @internal The fields of `options.fields`, checked. */
export function sampleFields(fields: unknown = DEFAULT_SAMPLED): SampleFields {
  if (!isIterable(fields)) throw invalidType('options.fields', 'an array of field names', fields);
  const names = new Set<TableField>();
  const indices: number[] = [FIELD_INDEX.startTime];
  let position = 0;
  for (const name of fields) {
    const index = fieldIndex(typeof name === 'string' && Object.hasOwn(MADE_OF, name) ? MADE_OF[name as Rate] : name);
    if (index !== undefined) {
      names.add(name as TableField);
      indices.push(index);
    } else if (name !== 'pid') {
      const hint = didYouMean(name, NAMES);
      throw invalidValue(`options.fields[${position}]`, `must be one of ${NAMES.join(', ')}${hint}`, name);
    }
    position++;
  }
  return { names: [...names], read: FieldSet.of(...indices) };
}

export const DEFAULT_SAMPLED = Object.freeze(['name', 'cpuPercent', 'memory'] as const);

/** What takes two readings, and the field of which. */
const MADE_OF = { cpuPercent: 'cpuTimes', ioRates: 'io' } as const satisfies Record<string, Field>;
type Rate = keyof typeof MADE_OF;

const NAMES: readonly string[] = [...Object.keys(MADE_OF), ...FIELD_NAMES];
