import type { Client, SignalName } from 'psutil-extra';
import { counted } from '../counted.mjs';
import { programText, type Row } from './columns.mjs';

/**
 * Signals the process of a row, and no other that has its PID by now. The kernel is asked who has it, and the signal goes to just that
 * process.
 */
export async function signalRow(client: Pick<Client, 'process'>, row: Row, signal: SignalName): Promise<void> {
  const found = await client.process(row.pid);
  if (row.startTime === null || found.startTime !== row.startTime) {
    throw new Error(`PID ${row.pid} is another process now`);
  }
  await found.kill(signal);
}

/** Signals them all. Resolves with what to say of it. */
export async function signalRows(
  client: Pick<Client, 'process'>,
  rows: readonly Row[],
  signal: SignalName,
): Promise<string> {
  const results = await Promise.allSettled(rows.map((row) => signalRow(client, row, signal)));
  const failed = results.filter((result) => result.status === 'rejected');
  const [first] = failed;
  if (first === undefined) {
    const [only] = rows;
    return `sent ${signal} to ${rows.length === 1 && only !== undefined ? `${only.pid} ${programText(only, false)}` : counted(rows.length, 'process')}`;
  }
  const why = first.reason instanceof Error ? first.reason.message : String(first.reason);
  return failed.length === 1 ? why : `${failed.length} of ${rows.length} failed: ${why}`;
}
