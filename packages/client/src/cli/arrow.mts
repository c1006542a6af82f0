import { type Arrow, arrowBytes, partsOf, type TableParts } from 'psutil-extra/arrow';
import { type Listed, positionsIn } from './listing.mjs';

/**
 * An Arrow IPC file with a column for each field, of the rows that were chosen and in their order.
 *
 * The library that writes it is larger than all of this package, and most users never need it: it is an optional peer, and
 * only this file imports it.
 */
export async function arrowFile(listed: Listed, redact: readonly RegExp[]): Promise<Uint8Array> {
  const arrow = await load();
  return arrowBytes(arrow, { ...(partsOf(listed.table) as TableParts), fields: listed.fields }, 'file', {
    rows: positionsIn(listed),
    redact,
  });
}

async function load(): Promise<Arrow> {
  try {
    return await import('apache-arrow');
  } catch (error) {
    // Another error if the library is installed, and one of its own dependencies is missing.
    if (!(error as Error).message.includes("'apache-arrow'")) throw error;
    throw new Error(
      '--arrow needs the package apache-arrow, which is not installed: npm install apache-arrow (with npx: npx -p psutil-extra -p apache-arrow psutil-extra …)',
      { cause: error },
    );
  }
}
