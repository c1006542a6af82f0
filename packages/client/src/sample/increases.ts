import type { Field } from '../schema/fields.js';
import type { Reading } from './reading.js';

/** Two readings, and the row in the earlier one of each row of the later one. */
export interface Interval {
  readonly before: Reading;
  readonly after: Reading;
  readonly earlier: Int32Array;
}

/**
 * By how much a count has grown between two readings, of each process. Of one that began in between it is all; NaN is one that
 * is not known. A count never falls, but it is rounded: what falls has not grown.
 */
export function increases(
  { before, after, earlier }: Interval,
  field: Field,
  members: readonly string[],
): Float64Array {
  const old = before.sums(field, members);
  const grown = after.sums(field, members).slice();
  const { rows } = after;
  for (let row = 0; row < rows; row++) {
    const was = earlier[row] as number;
    if (was >= 0) grown[row] = Math.max(0, (grown[row] as number) - (old[was] as number));
    else if (after.began(row) < before.timeOfDay - CLOCK_SLACK_MS) grown[row] = Number.NaN;
  }
  return grown;
}

/** The time in which that was, of each process, in milliseconds. */
export function elapsedTimes({ before, after, earlier }: Interval): Float64Array {
  const { times: old } = before;
  const begin = old[0] ?? Number.NaN;
  const elapsed = after.times.slice();
  const { length } = elapsed;
  for (let row = 0; row < length; row++) {
    const was = earlier[row] as number;
    elapsed[row] = (elapsed[row] as number) - (was < 0 ? begin : (old[was] as number));
  }
  return elapsed;
}

/**
 * A process may have become visible that began long before, as when `hidepid` hides it from another user. Start times are exact to
 * the second of the boot time.
 */
const CLOCK_SLACK_MS = 2000;
