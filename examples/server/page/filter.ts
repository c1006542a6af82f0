import type { WireRow } from '../src/wire.js';
import { masksOf } from './pictures.js';

/** What the page can be narrowed to. Kernel threads have none of these marks: they do not choose these values. */
export const MARKS: Readonly<Record<string, (row: WireRow) => boolean>> = {
  umask: (row) => row.umask === 0 && !row.kernel,
  ignores: (row) => row.signals !== null && !row.kernel && (masksOf(row.signals).ignored & SIGTERM) !== 0n,
  blocks: (row) => row.signals !== null && !row.kernel && (masksOf(row.signals).blocked & SIGTERM) !== 0n,
  near: (row) => row.near.length > 0,
};

export interface Wanted {
  readonly text: string;
  readonly state: string;
  readonly marks: readonly string[];
  /** Whether the kernel's own threads are wanted too. */
  readonly kernel: boolean;
}

export function matches(row: WireRow, { text, state, marks, kernel }: Wanted): boolean {
  return (
    (kernel || !row.kernel) &&
    (state === '' || row.state === state) &&
    (text === '' ||
      String(row.pid) === text ||
      lower(row.name).includes(text) ||
      lower(row.command).includes(text) ||
      row.user === text) &&
    marks.every((mark) => MARKS[mark]?.(row))
  );
}

function lower(text: string | null): string {
  return text === null ? '' : text.toLowerCase();
}

const SIGTERM = 1n << 14n;
