import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { FIELD_NAMES, type Field, fieldIndex, namesIn } from '../schema/fields.js';
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
  const { names, positions } = namesIn(fields, NAMES, (name) =>
    fieldIndex(typeof name === 'string' && Object.hasOwn(MADE_OF, name) ? MADE_OF[name as Rate] : name),
  );
  return { names: names as readonly TableField[], read: FieldSet.of(FIELD_INDEX.startTime, ...positions) };
}

export const DEFAULT_SAMPLED = Object.freeze(['name', 'cpuPercent', 'memory'] as const);

/** What takes two readings, and the field of which. */
const MADE_OF = { cpuPercent: 'cpuTimes', ioRates: 'io' } as const satisfies Record<string, Field>;
type Rate = keyof typeof MADE_OF;

const NAMES: readonly string[] = [...Object.keys(MADE_OF), ...FIELD_NAMES];
