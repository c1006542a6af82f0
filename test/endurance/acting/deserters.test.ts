import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { SOURCES } from '../../events/sources.js';
import { Deserters } from '../../processes/deserters.js';
import { report, scaled } from '../scale.js';

const ROUNDS = scaled(1, 10);

test.for(SOURCES)(
  'killTree() leaves none of a tree whose processes leave it meanwhile, by $name',
  async (source, { skip }) => {
    skip(...source.lacking);
    let [all, longest] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      await using client = createClient(source.options);
      using deserters = await Deserters.make(20, 0);
      const began = performance.now();
      const killed = await client.killTree(deserters.root, { grace: 600 });
      longest = Math.max(longest, performance.now() - began);
      const { made, left } = await deserters.left();
      expect(made).toBeGreaterThan(0);
      expect(left).toEqual([]);
      expect(killed.filter(({ status }) => status === 'escaped')).toEqual([]);
      expect(await deserters.neighbours()).toBe('0 0');
      all += made;
    }
    report(
      `by ${source.name}, ${ROUNDS} trees of 20 processes that fork twice: none of ${all} orphans left, ` +
        `after ${longest.toFixed(0)} ms at most; neighbours as before`,
    );
  },
);
