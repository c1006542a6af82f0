import { expect, test } from 'vitest';
import { rejection } from './rejection.js';
import { Herd, sleeper } from './sleeper.js';
import type { Spawned } from './spawned.js';
import { until } from './until.js';

test('a herd of which one does not start leaves none running', async () => {
  const started: Spawned[] = [];
  let asked = 0;
  const error = await rejection(
    Herd.of(3, async () => {
      if (++asked === 2) throw new Error('no more processes');
      const spawned = await sleeper();
      started.push(spawned);
      return spawned;
    }),
  );
  expect(error.message).toBe('no more processes');
  expect(started).toHaveLength(2);
  for (const each of started) await until(`process ${each.pid} has ended`, () => !each.running);
});
