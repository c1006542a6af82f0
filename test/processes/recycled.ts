import type { Python } from './python.js';
import { until } from './until.js';

/**
 * Gives the PID of a child to another child, after `before` has been done with the first one; resolves with it. A process of
 * another test may get the number in between: then it is done with another child.
 */
export function recycled(python: Python, before: (pid: number) => Promise<unknown>): Promise<number> {
  return until('a number is that of another process', async () => {
    const pid = await python.run<number>('fork(lambda: None)');
    await before(pid);
    return (await python.run<boolean>(`recycle(${pid})`)) ? pid : undefined;
  });
}
