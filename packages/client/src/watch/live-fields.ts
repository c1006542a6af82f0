import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import type { FieldValues } from '../schema/fields.js';
import { invalidType, invalidValue, isIterable } from '../support/arguments.js';
import { didYouMean } from '../support/nearest.js';

/** The fields of a live table: those that change only with an event. */
export const LIVE_FIELDS = Object.freeze(['name', 'ppid', 'startTime', 'exe', 'cmdline'] as const);
/** A field of a live table. */
export type LiveField = (typeof LIVE_FIELDS)[number];

/** A process of a live table: its PID and the fields that were requested, `null` if one could not be read. */
export type LiveRow<F extends LiveField = LiveField> = { readonly pid: number } & {
  readonly [K in F]: FieldValues[K] | null;
};

/** What is known of a process; what was not requested and is not needed is absent. */
export type LiveValues = { -readonly [K in LiveField]?: FieldValues[K] | null };

/** A process as it was read. */
export interface LiveReading {
  readonly pid: number;
  readonly values: LiveValues;
}

/** Reads fields of every process, or of these, and leaves out those that have ended. */
export type ReadProcesses = (
  fields: readonly LiveField[],
  pids: Iterable<number> | undefined,
) => Promise<LiveReading[]>;

/** The fields of `options.fields`, checked, each once. */
export function liveFields(fields: unknown): readonly LiveField[] {
  if (fields === undefined) return LIVE_FIELDS;
  if (!isIterable(fields)) throw invalidType('options.fields', 'an array of field names', fields);
  const names = new Set<LiveField>();
  let position = 0;
  for (const name of fields) {
    if ((LIVE_FIELDS as readonly unknown[]).includes(name)) names.add(name as LiveField);
    else if (name !== 'pid') {
      const hint = didYouMean(name, LIVE_FIELDS);
      throw invalidValue(
        `options.fields[${position}]`,
        `must be one of ${LIVE_FIELDS.join(', ')}, which change only with an event${hint}`,
        name,
      );
    }
    position++;
  }
  return [...names];
}

/** @internal These fields, as a set. */
export function setOf(names: Iterable<LiveField | 'state'>): FieldSet {
  return FieldSet.of(...[...names].map((name) => FIELD_INDEX[name]));
}
