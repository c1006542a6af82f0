import { existsSync } from 'node:fs';
import { loadAddon, run } from '@psutil-extra/native';
import { describe, expect, test } from 'vitest';
import { Python } from '../processes/python.js';
import { UNUSED_PID } from '../processes/sleeper.js';
import { Trees } from '../processes/trees.js';

const reader = new (loadAddon().Reader)('/proc');

/** The PIDs that are listed, and whether those are all. */
function of(pids: readonly number[], max = 1000) {
  const listed = run(reader, { op: 'descendants', pids: Int32Array.from(pids), max });
  if (!('pids' in listed)) throw new Error(listed.code);
  return { pids: [...listed.pids], isAll: listed.cursor < 0 };
}

describe('the descendants of a process', () => {
  const lists = existsSync('/proc/thread-self/children');
  const lacking = 'this kernel keeps no lists of children';

  test('are those of a whole tree, the parents first, with the PIDs that are asked for', async ({ skip }) => {
    skip(!lists, lacking);
    using trees = new Trees();
    const pids = await trees.make('tree 3 2');
    const [root] = pids as [number];
    const found = of([root]);
    expect(found.isAll).toBe(true);
    expect(found.pids[0]).toBe(root);
    expect(found.pids.toSorted((a, b) => a - b)).toEqual(pids.toSorted((a, b) => a - b));
    // Each once, also where some are descendants of others.
    expect(of([...pids, UNUSED_PID]).pids).toHaveLength(pids.length);
  });

  test('are those that any thread has started', async ({ skip }) => {
    skip(!lists, lacking);
    using python = await Python.start();
    const child = await python.run<number>('fork_in_thread()');
    expect(of([python.pid]).pids).toEqual([python.pid, child]);
  });

  test('are more than one page of a list holds', async ({ skip }) => {
    skip(!lists, lacking);
    using trees = new Trees();
    const pids = await trees.make('tree 1 1200');
    expect(of([pids[0] as number], 2000).pids).toHaveLength(1201);
  });

  test('are cut off at the bound, and say so', async ({ skip }) => {
    skip(!lists, lacking);
    using trees = new Trees();
    const [root] = (await trees.make('tree 2 3')) as [number];
    expect(of([root], 13)).toMatchObject({ isAll: true });
    const part = of([root], 12);
    expect(part.isAll).toBe(false);
    expect(part.pids).toHaveLength(12);
  });

  test('are refused by a proc root without such lists', () => {
    expect(
      run(new (loadAddon().Reader)('/proc/self/fdinfo'), { op: 'descendants', pids: Int32Array.of(1), max: 1 }),
    ).toHaveProperty('errno');
  });
});
