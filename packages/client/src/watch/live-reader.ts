import { ONE_BATCH, Scan } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { rowReader } from '../schema/decode.js';
import { type LiveField, type LiveReading, setOf } from './live-fields.js';

/** Reads fields of every process, or of these, and leaves out those that have ended. */
export async function readProcesses(
  context: ScanContext,
  fields: readonly LiveField[],
  pids: Iterable<number> | undefined,
): Promise<LiveReading[]> {
  const names = [...new Set<LiveField | 'state'>([...fields, 'ppid', 'startTime', 'state'])];
  const scan = new Scan(context, setOf(names), pids, undefined, ONE_BATCH);
  const read: LiveReading[] = [];
  for (const frame of (await scan.batch()) ?? []) {
    const rowOf = rowReader(names, frame);
    for (let row = 0; row < frame.rows; row++) {
      const { pid, state, ...values } = rowOf(row);
      // One that its parent has not waited for has ended: its event comes before that.
      if (state !== 'zombie' && state !== 'dead') read.push({ pid, values });
    }
  }
  return read;
}
