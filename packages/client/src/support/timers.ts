import { performance } from 'node:perf_hooks';
import { clearTimeout as clear, setImmediate as immediate, setTimeout as timeout } from 'node:timers';

/**
 * Timers and clocks, as they are when this module is imported. Test runners replace them (`jest.useFakeTimers()`,
 * `vi.useFakeTimers()`, `mock.timers.enable()`) with ones that stand still until the test moves them: a call in such a test
 * would wait for ever, because its batch would never be sent.
 */
export const setImmediate = immediate;
export const setTimeout = timeout;
export const clearTimeout = clear;
export const { queueMicrotask } = globalThis;

const nextTick = process.nextTick.bind(process);

/** The pause before a process is read again whose read has not ended. No thread waits meanwhile. */
export const STALLED_MS = 40;

/** Resolves after so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** As {@link pause}, or earlier, once this promise has resolved. It leaves no timer behind then. */
export async function pauseUntil(milliseconds: number, earlier: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await Promise.race([later, earlier]);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds since the program began. */
export const now = performance.now.bind(performance);

/** Calls `work` after every microtask that is queued by then. */
export function afterMicrotasks(work: () => void): void {
  queueMicrotask(() => nextTick(work));
}
