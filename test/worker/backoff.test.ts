import { expect, test } from 'vitest';
import { Backoff } from '../../packages/worker/dist/backoff.js';

/** The lengths of pauses, each of which begins so long after the one before has ended. */
function lengths(worked: readonly number[]): number[] {
  const backoff = new Backoff();
  let now = 1000;
  return worked.map((time) => {
    now += time;
    const length = backoff.next(now);
    now += length;
    return length;
  });
}

test('a thread that still delays the main thread pauses for twice as long each time, and for at most 200 ms', () => {
  expect(lengths([0, 1, 1, 1, 1, 1, 1, 1])).toEqual([4, 8, 16, 32, 64, 128, 200, 200]);
});

test('a thread that has not delayed the main thread for a while pauses for half as long', () => {
  expect(lengths([0, 1, 1, 20, 20, 20, 1])).toEqual([4, 8, 16, 8, 4, 4, 8]);
});
