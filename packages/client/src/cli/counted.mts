/** A number of things: `1 process`, `2 processes`. */
export function counted(count: number, noun: Noun): string {
  return `${count} ${nounFor(count, noun)}`;
}

/** The noun for a number that is written by itself. */
export function nounFor(count: number, noun: Noun): string {
  return count === 1 ? noun : PLURALS[noun];
}

const PLURALS = {
  process: 'processes',
  socket: 'sockets',
  read: 'reads',
  event: 'events',
  reading: 'readings',
  row: 'rows',
  file: 'files',
  journal: 'journals',
} as const;
type Noun = keyof typeof PLURALS;
