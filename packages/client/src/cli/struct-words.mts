import type { FieldRow } from '@psutil-extra/native/protocol';
import { sizeText } from './quantities.mjs';

/** The members of a value with their names: `rss 12.5M,` and `vms 1.2G`. */
export function structWords({ name, type }: FieldRow, value: object): string[] | undefined {
  if (type.kind !== 'struct') return undefined;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  const text = QUANTITIES[name] ?? String;
  return members.map(([member, each], at) => `${member} ${text(each as number)}${at < members.length - 1 ? ',' : ''}`);
}

/** How the members of a field are written if they are no plain numbers or words. */
const QUANTITIES: { readonly [field: string]: (value: number) => string } = {
  memory: sizeText,
  memoryDetail: sizeText,
  memoryFootprint: sizeText,
  cpuTimes: (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`,
};
