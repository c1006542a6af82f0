import type { ResourceName } from 'psutil-extra';
import { RESOURCE_WORDS, shortName } from './resource-names.mjs';
import type { Cell, Header } from './table.mjs';
import { limitText } from './table-columns.mjs';

/** A resource's limits as rows of a table: `core`, its description, soft, hard, and their unit. */
export function limitRow(
  resource: ResourceName,
  { soft, hard }: { soft: number | bigint; hard: number | bigint },
): Cell[] {
  const { description, unit } = RESOURCE_WORDS[resource];
  return [shortName(resource), description, limitText(soft), limitText(hard), unit].map((text) => ({ text }));
}

export const LIMIT_HEADERS: readonly Header[] = [
  { title: 'RESOURCE', side: 'left' },
  { title: 'DESCRIPTION', side: 'left', min: 11 },
  { title: 'SOFT', side: 'right' },
  { title: 'HARD', side: 'right' },
  { title: 'UNITS', side: 'left' },
];
