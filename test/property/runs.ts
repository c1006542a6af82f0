import * as fc from 'fast-check';

/**
 * How often a property is tried: so often, or as many times more as PSUTIL_EXTRA_PROPERTY_RUNS says. A failure prints
 * its seed; PSUTIL_EXTRA_PROPERTY_SEED tries that one again.
 */
export function propertyRuns(times: number): { numRuns: number; seed?: number } {
  const factor = Number(process.env['PSUTIL_EXTRA_PROPERTY_RUNS'] ?? 1);
  const seed = process.env['PSUTIL_EXTRA_PROPERTY_SEED'];
  return { numRuns: Math.round(times * factor), ...(seed !== undefined && { seed: Number(seed) }) };
}

/** A word of any bytes, the odd ones more often than chance has them. */
export function bytesOf(bytes: 4): fc.Arbitrary<number> {
  const bits = bytes * 8;
  return fc.oneof(
    fc.constantFrom(0, 1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), 7, 8, 255, 65_536),
    fc.integer({ min: -64, max: 4096 }),
    fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }),
  );
}
