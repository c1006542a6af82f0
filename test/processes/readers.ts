import { readdirSync } from 'node:fs';
import { commOf, statOf } from './proc.js';

/** How many reader processes this program, or one whose parent has ended, has. */
export function readers(): number {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && commOf(pid) === 'psutil-reader');
  // An orphan whose new parent waits for nothing stays a zombie.
  return pids.filter((pid) => {
    const [state, parent] = statOf(pid) ?? [];
    return state !== 'Z' && [process.pid, 1].includes(Number(parent));
  }).length;
}
