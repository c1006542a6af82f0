import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

/**
 * What postpones work and measures it, as it is when this module is imported. Test runners put others in its place
 * (`jest.useFakeTimers()`, `vi.useFakeTimers()`, `mock.timers.enable()`) that stand still until the test moves them on:
 * a call in such a test would wait for ever for its own batch to leave.
 */
export const { setImmediate, setTimeout, clearTimeout } = timers;
export const { queueMicrotask } = globalThis;

const nextTick = process.nextTick.bind(process);

/** Milliseconds since the program began. */
export const now = performance.now.bind(performance);

/** Runs this once every microtask that is queued by then has run. */
export function afterMicrotasks(work: () => void): void {
  queueMicrotask(() => nextTick(work));
}
