import { describe, expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';

/** How the next scope of a program that never ends its work is opened, in the context of the one before. */
const WAYS: [what: string, next: string][] = [
  ['by the same scope’s setImmediate', 'setImmediate(round);'],
  ['by a timer', 'setTimeout(round, 0);'],
  ['by a microtask, before its own scope has ended', 'queueMicrotask(round);'],
  [
    'in a scope of another PID',
    'await client.oneshot(1, async (inner) => { await inner.umask(); setImmediate(round); });',
  ],
  [
    'beside timers that stay',
    'timers.push(setTimeout(() => {}, 2 ** 30).unref()); timers.splice(0, timers.length - 9).forEach(clearTimeout); setImmediate(round);',
  ],
];

/** Bytes a round that the later rounds left behind: a scope has three thousand, and the heap moves by so much for other reasons. */
const MOST_BYTES = 300;
/** It takes 4,500 turns of the event loop, each of which may wait for other programs of a busy machine. */
const DEADLINE = 60_000;

describe.each(WAYS)('scopes opened one in another, %s,', (_way, next) => {
  test.each([
    ['alone', ''],
    ['while another scope is open', 'client.oneshot(1, () => new Promise(() => {}));'],
  ])(
    'do not keep each other alive, %s',
    async (_, other) => {
      const bytes = await answerOf<number>(
        `
      import { createClient } from 'psutil-extra';
      const client = createClient({ threads: 1 });
      ${other}
      const timers = [];
      const pids = [process.pid, process.ppid];
      const ROUNDS = 1500;
      let rounds = 0;
      let before;
      const used = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
      await new Promise((resolve, reject) => {
        const round = () => client.oneshot(pids[rounds % 2], async (scope) => {
          await scope.umask();
          if (++rounds === ROUNDS) before = used();
          if (rounds === 3 * ROUNDS) return resolve();
          ${next}
        }).catch(reject);
        round();
      });
      process.stdout.write(JSON.stringify((used() - before) / (2 * ROUNDS)), () => process.exit());
    `,
        { flags: ['--expose-gc'], deadline: DEADLINE },
      );
      expect(bytes).toBeLessThan(MOST_BYTES);
    },
    2 * DEADLINE,
  );
});

test('the innermost open scope answers, even if outer ones have ended', async () => {
  const answers = await answerOf<unknown[]>(`
    import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1 });
    const pids = [process.pid, process.ppid, 1];
    const hits = async (pid) => {
      const { cacheHits } = client.stats();
      await client.umask(pid);
      return client.stats().cacheHits - cacheHits;
    };
    const answers = [];
    let innermost;
    let left;
    let release;
    await client.oneshot(pids[0], async (outer) => {
      await outer.umask();
      await client.oneshot(pids[1], async (middle) => {
        await middle.umask();
        innermost = client.oneshot(pids[2], async (inner) => {
          await inner.umask();
          answers.push(await Promise.all(pids.map(hits)).then((all) => all.length));
          await new Promise((resolve) => { release = resolve; });
          answers.push([await hits(pids[0]), await hits(pids[1]), await hits(pids[2])]);
          left = new Promise((resolve) => setImmediate(async () => {
            answers.push([await hits(pids[0]), await hits(pids[1]), await hits(pids[2])]);
            resolve();
          }));
        });
        await new Promise((resolve) => { const look = () => release ? resolve() : setImmediate(look); look(); });
      });
      release();
      await innermost;
      // One after the other: they all count the same hits.
      await left;
      answers.push([await hits(pids[0]), await hits(pids[1]), await hits(pids[2])]);
    });
    await client.close();
    process.stdout.write(JSON.stringify(answers));
  `);
  // In the innermost once the middle one has ended; in what it left behind; and back in the outer one.
  expect(answers.slice(1)).toEqual([
    [1, 0, 1],
    [1, 0, 0],
    [1, 0, 0],
  ]);
});
