import { FIELD_INDEX, type FieldRow, FIELDS as SCHEMA } from '@psutil-extra/native/protocol';
import type { Fd, Field, Thread } from 'psutil-extra';
import { escapeName } from './escape.mjs';
import { cpuTimeText } from './quantities.mjs';
import { valueText } from './value-text.mjs';

/** Fields whose items have a line each. */
export const ITEM_FIELDS: ReadonlySet<Field> = new Set<Field>([
  'environ',
  'capabilities',
  'threadList',
  'fds',
  'connections',
  'memoryMaps',
]);

/** A text for each item of such a field. */
export function itemTexts(field: Field, value: unknown): readonly string[] {
  if (field === 'fds') return (value as Fd[]).map(fdText);
  if (field === 'threadList') return (value as Thread[]).map(threadText);
  const text = valueText(SCHEMA[FIELD_INDEX[field]] as FieldRow, value);
  return typeof text === 'string' ? [text] : text;
}

function fdText({ fd, kind, path, deleted }: Fd): string {
  return `${fd} ${kind} ${escapeName(path)}${deleted ? '  (deleted)' : ''}`;
}

function threadText({ tid, name, state, cpuTimes }: Thread): string {
  return `${tid} ${escapeName(name)} ${state} ${cpuTimeText(cpuTimes.user + cpuTimes.system)}`;
}
