import { escapeName } from './escape.mjs';
import type { Cell } from './table.mjs';
import { UNREADABLE } from './table-columns.mjs';

/** What a process runs: `null` where it could not be read. */
export interface Program {
  readonly name: string | null;
  readonly cmdline: readonly string[] | null;
}

/**
 * The command line, as ps(1) writes it; in brackets the name of a process that has none, such as a thread of the kernel. A `?`
 * behind the brackets says that there may be one, but it could not be read.
 */
export function commandCell({ name, cmdline }: Program): Cell {
  const text = cmdline?.map(escapeName).join(' ') ?? '';
  if (text !== '') return { text };
  if (name === null) return { text: UNREADABLE, tone: 'faint' };
  const instead = `[${escapeName(name)}]`;
  return cmdline === null ? { text: `${instead} ${UNREADABLE}`, tone: 'faint' } : { text: instead };
}
