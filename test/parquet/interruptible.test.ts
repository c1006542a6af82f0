import { expect, it } from 'vitest';
import { interruptible } from '../../packages/parquet/dist/interruptible.js';
import { held } from '../endurance/memory.js';

it('values that have been passed on are not held until the signal aborts', async () => {
  const { signal } = new AbortController();
  const made: WeakRef<object>[] = [];
  const values = async function* () {
    for (let count = 0; count < 10; count++) {
      const value = {};
      made.push(new WeakRef(value));
      yield value;
    }
  };
  let left = Number.NaN;
  for await (const _ of interruptible(values(), signal)) {
    if (made.length < 10) continue;
    // A collection in a turn of its own: a reference that was made in this one holds what it names.
    await held();
    left = made.filter((each) => each.deref() !== undefined).length;
  }
  // The last, and perhaps the one before.
  expect(left).toBeLessThanOrEqual(2);
});
