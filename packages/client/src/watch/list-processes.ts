import { FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { ONE_BATCH, Scan } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { rowValue } from '../schema/decode.js';
import type { Listed, Listing } from './listing.js';

/** Lists every process that has not ended. */
export async function listProcesses(context: ScanContext): Promise<Listing> {
  const scan = new Scan(context, FIELDS, undefined, undefined, ONE_BATCH);
  const listed = new Map<number, Listed>();
  for (const frame of (await scan.batch()) ?? []) {
    const starts = frame.column(FIELD_INDEX.startTime).numbers as Float64Array;
    for (let row = 0; row < frame.rows; row++) {
      // One that its parent has not waited for has ended.
      if (ENDED.has(rowValue(FIELD_INDEX.state, frame, row))) continue;
      const ppid = (rowValue(FIELD_INDEX.ppid, frame, row) as number | null) ?? 0;
      listed.set(frame.pids[row] as number, { ppid, start: starts[row] as number });
    }
  }
  return listed;
}

const ENDED: ReadonlySet<unknown> = new Set(['zombie', 'dead']);
const FIELDS = FieldSet.of(FIELD_INDEX.ppid, FIELD_INDEX.startTime, FIELD_INDEX.state);
