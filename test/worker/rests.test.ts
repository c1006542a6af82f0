import { expect, test } from 'vitest';
import { Rests } from '../../packages/worker/dist/backoff.js';

/** The lengths of rests, each of which is asked for so long after the one before has ended. */
function lengths(worked: readonly number[]): number[] {
  const rests = new Rests();
  let now = 1000;
  return worked.map((time) => {
    now += time;
    const length = rests.next(now);
    now += length;
    return length;
  });
}

test('a thread that stays in the way rests for twice as long each time, and for no longer than 200 ms', () => {
  expect(lengths([0, 1, 1, 1, 1, 1, 1, 1])).toEqual([4, 8, 16, 32, 64, 128, 200, 200]);
});

test('a thread that has been in nobody’s way for a while rests for half as long', () => {
  expect(lengths([0, 1, 1, 20, 20, 20, 1])).toEqual([4, 8, 16, 8, 4, 4, 8]);
});
