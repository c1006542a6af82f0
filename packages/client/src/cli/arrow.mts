import { type Arrow, arrowBytes, partsOf, type TableParts } from 'psutil-extra/arrow';
import { type Listed, positionsIn } from './listing.mjs';
import { optionalPackage } from './optional-package.mjs';

/** An Arrow IPC file with a column for each field, of the rows that were chosen and in their order. */
export async function arrowFile(listed: Listed, redact: readonly RegExp[]): Promise<Uint8Array> {
  const arrow = (await optionalPackage('apache-arrow', '--arrow')) as Arrow;
  return arrowBytes(arrow, { ...(partsOf(listed.table) as TableParts), fields: listed.fields }, 'file', {
    rows: positionsIn(listed),
    redact,
  });
}
