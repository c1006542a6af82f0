import type { Client } from 'psutil-extra';
import { nounFor } from './counted.mjs';

/** A terminal, on which a line can be replaced. */
interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Waits for work of a client. If it takes over a second, and stderr is a terminal, a line there shows that it continues and
 * how far it has come; the line is removed when the work is done.
 */
export async function withProgress<T>(
  what: string,
  client: Pick<Client, 'stats'>,
  work: Promise<T>,
  to: Screen = process.stderr,
): Promise<T> {
  if (to.isTTY !== true) return work;
  const began = performance.now();
  let isShown = false;
  const timer = setInterval(() => {
    isShown = true;
    const reads = Object.values(client.stats().reads).reduce((sum, count) => sum + count, 0);
    const seconds = Math.round((performance.now() - began) / 1000);
    to.write(`\r${what}: ${reads.toLocaleString('en')} ${nounFor(reads, 'read')} in ${seconds} s${CLEAR_REST}`);
  }, EVERY);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (isShown) to.write(`\r${CLEAR_REST}`);
  }
}

const EVERY = 1000;
const CLEAR_REST = '\x1b[K';
