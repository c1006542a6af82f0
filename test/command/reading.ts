import { createRequire } from 'node:module';
import { FIELDS as TABLE } from '@psutil-extra/native/protocol';

/** Every field's name. */
export const FIELDS = TABLE.map(({ name }) => name);

/** apache-arrow's own reader, which is installed for the client. */
const arrow = createRequire(new URL('../../packages/client/package.json', import.meta.url))('apache-arrow') as {
  tableFromIPC(bytes: Uint8Array): ArrowTable;
};

export function tableFromIPC(bytes: Uint8Array): ArrowTable {
  return arrow.tableFromIPC(bytes);
}

/** What is used of a table here; its rows are as wide as the fields asked for. */
interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): { readonly type: { toString(): string } } | null;
  // biome-ignore lint/suspicious/noExplicitAny: a row has the members that were written
  toArray(): any[];
}
