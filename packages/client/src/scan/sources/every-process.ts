import { FieldSet } from '@psutil-extra/native/protocol';
import { capabilitiesOf } from '../../support/capabilities.js';
import type { ScanContext } from '../scan-context.js';
import { BulkSource } from './bulk.js';
import { CursorSource } from './cursor.js';
import { DirectorySource } from './directory.js';
import type { ScanSource } from './scan-source.js';

/**
 * The source of a scan of every process: an iterator of the kernel where that is used, one call of the system where that
 * returns all the fields, and otherwise the list of PIDs.
 */
export function everyProcess(
  context: ScanContext,
  fields: FieldSet,
  inOneTable: boolean,
  inOneThread: boolean,
): ScanSource {
  const { strategy, origin } = context;
  const { walk, bulk, readsList } = capabilitiesOf(origin);
  // Another machine is asked for all at once, and reads them as it does for itself.
  if (origin.machine !== undefined && inOneTable) return new BulkSource();
  if (strategy.usesIterator()) return new CursorSource(strategy.nextNumber(), walk);
  // A table of some of the processes would have to wait for all.
  const atOnce = inOneTable && !fields.isEmpty && FieldSet.fromBits(bulk).contains(fields);
  if (atOnce) return new BulkSource();
  // Several threads share the list that one of them reads, and a caller of scanBatches() is read ahead for.
  const alone = inOneTable && (inOneThread || context.pool.threads === 1);
  return alone && readsList && context.isOwnRoot
    ? new CursorSource(strategy.nextNumber(), null)
    : new DirectorySource(context);
}
