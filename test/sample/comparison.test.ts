import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare } from '../../packages/client/src/sample/comparison.js';
import type { Reading } from '../../packages/client/src/sample/reading.js';
import { propertyRuns } from '../property/runs.js';

type Listed = readonly (readonly [pid: number, start: number])[];

/** As of a scan: in the order of PIDs, but for some that were read again after the others. */
const LISTED = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 2 })), { selector: ([pid]) => pid })
  .chain((all) => fc.boolean().map((isOrdered) => (isOrdered ? all.toSorted(([a], [b]) => a - b) : all)));

function pidsOf(listed: Listed): number[] {
  return listed.map(([pid]) => pid).toSorted((a, b) => a - b);
}

function reading(listed: Listed): Reading {
  return {
    rows: listed.length,
    pids: Int32Array.from(listed, ([pid]) => pid),
    starts: Float64Array.from(listed, ([, start]) => start),
  } as unknown as Reading;
}

test('two readings are compared as by a search for each process in the other one', () => {
  const property = fc.property(LISTED, LISTED, (before, after) => {
    const same = ([pid, start]: Listed[number]) => before.findIndex((each) => each[0] === pid && each[1] === start);
    const { earlier, started, ended } = compare(reading(before), reading(after));
    expect([...earlier]).toEqual(after.map(same));
    expect([...started]).toEqual(pidsOf(after.filter((each) => same(each) < 0)));
    const still = new Set(earlier);
    expect([...ended]).toEqual(pidsOf(before.filter((_, row) => !still.has(row))));
  });
  fc.assert(property, propertyRuns(1000));
});
