import { readdirSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { Compiled } from '../../processes/compiled.js';
import { statOf } from '../../processes/proc.js';
import { until } from '../../processes/until.js';
import { report, scaled } from '../scale.js';

const MOST = scaled(100, 500);
const NEIGHBOURS = scaled(50, 400);
const ROUNDS = scaled(1, 10);

/** The processes of a group that have not ended. */
function membersOf(group: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .filter((pid) => {
      const [state, , pgrp] = statOf(pid) ?? [];
      return Number(pgrp) === group && state !== 'Z' && state !== 'X';
    });
}

test.for([
  ['ends by SIGTERM', 0],
  ['ignores SIGTERM', 1],
] as const)(
  `killTree() leaves none of a tree of ${MOST} that keeps forking and %s, and harms no neighbour`,
  async ([what, stubborn]) => {
    await using client = createClient({ threads: 1 });
    for (let round = 0; round < ROUNDS; round++) {
      using storm = new Compiled(new URL('storm.c', import.meta.url).href, [MOST, NEIGHBOURS, stubborn].map(String));
      const [root, ...neighbours] = (await storm.line()).split(' ').map(Number) as [number, ...number[]];
      try {
        const counts = async () => (await storm.line('made')).split(' ').map(Number) as [number, number];
        const forked = async () => (await counts())[0];
        await until('the tree is full', async () => (await counts())[1] >= MOST * 0.9);
        const [before, at] = [await forked(), performance.now()];
        await until('it forks on', async () => (await forked()) > before + MOST / 2);
        const rate = (((await forked()) - before) / (performance.now() - at)) * 1000;
        expect(neighbours.filter((pid) => statOf(pid)?.[0] === 'S')).toEqual(neighbours);

        const began = performance.now();
        const killed = await client.killTree(root, { grace: 100 });
        const took = performance.now() - began;
        expect(membersOf(root)).toEqual([]);
        // Its zombies are waited for, and none of it is forked any more.
        const last = await forked();
        await until('it is gone', () => statOf(root) === undefined);
        expect(await forked()).toBe(last);

        expect(killed.length).toBeGreaterThanOrEqual(MOST / 2);
        expect(new Set(killed.map(({ pid }) => pid)).size).toBe(killed.length);
        const count = (as: string) => killed.filter(({ status }) => status === as).length;
        expect(count('ended') + count('killed')).toBe(killed.length);
        expect(killed.filter(({ pid }) => neighbours.includes(pid))).toEqual([]);
        expect(neighbours.filter((pid) => statOf(pid)?.[0] === 'S')).toEqual(neighbours);
        expect(await storm.line('count')).toBe('0 0');
        report(
          `a tree of ${MOST} that ${what}, ${rate.toFixed(0)} forks a second: gone after ${took.toFixed(0)} ms; ` +
            `${count('ended')} ended, ${count('killed')} killed; ${neighbours.length} neighbours as before`,
        );
      } finally {
        if (membersOf(root).length > 0) process.kill(-root, 'SIGKILL');
      }
    }
  },
);
