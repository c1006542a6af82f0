import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recorded, type RecordOptions, record } from '@psutil-extra/parquet';
import type { Client } from 'psutil-extra';
import { Journal } from '../../packages/parquet/dist/thread/journal.js';
import { counted } from './counted.js';
import { rowsOf, streamOfArrow } from './files.js';

/** Records so many readings of a client, of names as those of the host `web` if nothing else is asked for. */
export function recordedBy(client: Client): (readings: number, options: RecordOptions) => Promise<Recorded> {
  return (readings, options) => {
    const { client: counting, signal } = counted(client, readings);
    return record(counting, { interval: 10, fields: ['name'], host: 'web', ...options, signal });
  };
}

/** The times of the readings in a file. */
export function times(file: string): number[] {
  return [...new Set(rowsOf(file).map(({ time }) => Number(time)))];
}

export const TIME = '20260102T030405.006Z';

/** A journal whose records are whole, but have no readings of Arrow. */
export function damage(directory: string, host: string, time = TIME): string {
  const name = `.${host}-${time}.journal`;
  const journal = new Journal(join(directory, name));
  journal.append(Buffer.from('no Arrow'), 1, true);
  journal.close();
  return name;
}

/** A journal of so many readings of a row, of which some cannot be read: a byte of each was changed on the disk. */
export function damagedReadings(directory: string, host: string, count: number, damaged: readonly number[]): string {
  const name = `.${host}-${TIME}.journal`;
  const journal = new Journal(join(directory, name));
  const ends = Array.from({ length: count }, () => {
    journal.append(streamOfArrow(), 1, true);
    return journal.bytes;
  });
  journal.close();
  for (const each of damaged) changeByte(journal.path, (ends[each] as number) - 1);
  return name;
}

/** Changes a byte of a file. */
export function changeByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  (bytes[at] as number) ^= 1;
  writeFileSync(path, bytes);
}
