import * as arrow from 'apache-arrow';
import { arrowBytes } from 'psutil-extra/arrow';
import type { Append, Counts } from '../requests.js';
import type { Journal } from './journal.js';

/** What takes readings, and becomes files. */
export interface Writer {
  readonly counts: Counts;
  append(part: Append): Promise<void>;
  close(keep: boolean): Promise<void>;
}

export function noCounts(): Counts {
  return { readings: 0, rows: 0, files: 0, bytes: 0, recovered: 0, damaged: [] };
}

/** Adds a part of a reading to a journal. Texts are redacted before they reach the disk. */
export function addTo(journal: Journal, part: Append, host: string, redact: readonly RegExp[]): void {
  const { parts, time, rows, isLast } = part;
  const options = { redact, origin: { host, time }, ...(rows && { rows }) };
  const bytes = arrowBytes(arrow, parts, 'stream', options);
  journal.append(bytes, rows?.length ?? rowsIn(parts.frames), isLast);
}

/** The second word of each frame. */
function rowsIn(frames: readonly ArrayBuffer[]): number {
  return frames.reduce((rows, frame) => rows + (new Int32Array(frame, 4, 1)[0] as number), 0);
}
