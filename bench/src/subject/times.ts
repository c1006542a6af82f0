import { setTimeout as sleep } from 'node:timers/promises';
import { microseconds } from '../measure.js';

/** Scans, `most` times and for as long as `seconds`, once at least: µs a process for each. */
export async function times(
  scan: () => Promise<number>,
  most: number,
  seconds: number,
  remembers: number,
): Promise<{ rounds: number[] }> {
  const until = performance.now() + seconds * 1000;
  const first = await microseconds(scan);
  const rounds: number[] = [];
  while (rounds.length < most && performance.now() < until) {
    globalThis.gc?.();
    await sleep(remembers);
    rounds.push(await microseconds(scan));
  }
  // The first one warms up; if it has used up the time, it is the only one.
  return { rounds: rounds.length === 0 ? [first] : rounds };
}
