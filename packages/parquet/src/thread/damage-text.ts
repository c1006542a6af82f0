import type { Damage } from './journal-content.js';

/** What of a journal cannot be read. */
export function unreadable({ readings, bytes }: Damage): string {
  return `${readings === 1 ? '1 reading' : `${readings} readings`} in ${bytes} bytes cannot be read`;
}
