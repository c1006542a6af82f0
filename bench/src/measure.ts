/**
 * Comparing on a machine that other work is done on too. Absolute times drift by half from minute to minute;
 * the ratio of two that were taken within the same second does not. So everything that is compared is run in
 * turn, round by round, and the result is the median of the rounds' ratios and the quartiles around it.
 */

/** A median, the quartiles around it, and of how many values. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** What is measured: runs once, returns microseconds (or any other number). */
export type Subject = () => Promise<number>;

/** Each subject's values, a round each. */
export type Rounds<K extends string> = Readonly<Record<K, readonly number[]>>;

/** Runs subjects in turn, forwards and backwards by turns, after a few rounds that warm up and do not count. */
export async function interleave<K extends string>(
  subjects: Readonly<Record<K, Subject>>,
  rounds: number,
  warming = 1,
): Promise<Rounds<K>> {
  const names = Object.keys(subjects) as K[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = -warming; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      // No measurement pays for the young garbage of the one before. A full collection would throw away compiled
      // code too, which all but the first few functions would then pay for.
      globalThis.gc?.({ type: 'minor' });
      const value = await subjects[name]();
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}

/** The spread of the rounds' ratios. */
export function ratio(over: readonly number[], under: readonly number[]): Spread {
  return spread(over.map((value, round) => value / (under[round] as number)));
}

/** The sum of two subjects, round by round. */
export function sum(one: readonly number[], other: readonly number[]): number[] {
  return one.map((value, round) => value + (other[round] as number));
}

export function spread(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    count: values.length,
  };
}

/** Linear between the two nearest values. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * at;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

/** Microseconds that this takes, divided by how many things it does. */
export async function microseconds(work: () => Promise<number>): Promise<number> {
  const began = process.hrtime.bigint();
  const things = await work();
  return Number(process.hrtime.bigint() - began) / 1000 / things;
}

/** The same for work that is done `times` times, one after the other. */
export function repeatedly(times: number, work: () => unknown): Subject {
  return () =>
    microseconds(async () => {
      for (let i = 0; i < times; i++) await work();
      return times;
    });
}

/** Microseconds that all processors together are busy with this, a time: waiting for one to wake up is none of it. */
export function processorTime(times: number, work: () => unknown): Subject {
  return async () => {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  };
}
