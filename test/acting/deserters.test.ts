import type { Worker } from 'node:worker_threads';
import { createClient, type KilledProcess } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { noEvents, SOURCES } from '../events/sources.js';
import { lacking } from '../processes/abilities.js';
import { Deserters, isDeserter } from '../processes/deserters.js';
import { answerOf } from '../processes/node.js';
import { commAndState } from '../processes/proc.js';
import { rejection } from '../processes/rejection.js';
import { Trees } from '../processes/trees.js';
import { until } from '../processes/until.js';

/** The threads that begin until it goes out of scope. */
class Threads implements Disposable {
  readonly begun: Worker[] = [];
  readonly #collect = (worker: Worker) => void this.begun.push(worker);

  constructor() {
    process.on('worker', this.#collect);
  }

  [Symbol.dispose](): void {
    process.off('worker', this.#collect);
  }
}

const having = (killed: readonly KilledProcess[], status: string) =>
  killed.filter((each) => each.status === status).map(({ pid }) => pid);

describe.each(SOURCES)(
  'killTree() of a tree whose processes leave it meanwhile, by $name',
  ({ options, lacking: source }) => {
    test.for([
      ['live on', 8, 0],
      ['fork another one and end', 8, 50_000],
    ] as const)('ends also those that %s, and nobody else', async ([, workers, relay], { skip }) => {
      skip(...source);
      await using client = createClient(options);
      using deserters = await Deserters.make(workers, relay);
      const killed = await client.killTree(deserters.root, { grace: 600 });
      const { made, left } = await deserters.left();
      expect(made).toBeGreaterThan(0);
      expect(left).toEqual([]);
      expect(having(killed, 'escaped')).toEqual([]);
      expect(new Set(killed.map(({ pid }) => pid)).size).toBe(killed.length);
      expect(await deserters.neighbours()).toBe('0 0');
    });
  },
);

describe('killTree() of such a tree without events', () => {
  test('reports those that have left, signals none of them, and asks for events once', async ({ skip }) => {
    skip(...lacking.root);
    using first = await Deserters.make(5, 0);
    using second = await Deserters.make(5, 0);
    // The process connector belongs to the first network namespace.
    const answer = await answerOf<{ killed: KilledProcess[][]; threads: number }>(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1, source: 'procfs' });
       await client.pids();
       let threads = 0;
       process.on('worker', () => threads++);
       const killed = [];
       for (const root of [${first.root}, ${second.root}]) killed.push(await client.killTree(root, { grace: 600 }));
       console.log(JSON.stringify({ killed, threads }));
       await client.close();`,
      { wrapper: ['unshare', '--net'] },
    );
    expect(answer.threads).toBe(1);
    for (const [i, deserters] of [first, second].entries()) {
      const { left } = await deserters.left();
      expect(left.length).toBeGreaterThan(0);
      expect(new Set(having(answer.killed[i] ?? [], 'escaped'))).toEqual(new Set(left));
      expect(left.map((pid) => commAndState(pid))).toEqual(left.map(() => 'deserters S'));
    }
  });
});

describe('the thread of events', () => {
  test('is not started for a tree that does not fork', async () => {
    await using client = createClient({ threads: 1 });
    await client.pids();
    using trees = new Trees();
    const [root] = await trees.make('tree 3 3');
    using threads = new Threads();
    await client.killTree(root as number);
    expect(threads.begun).toEqual([]);
  });

  test('ends when killTree() does', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    await client.pids();
    using deserters = await Deserters.make(8, 0);
    using threads = new Threads();
    await client.killTree(deserters.root, { grace: 600 });
    expect(threads.begun).toHaveLength(1);
    await until('it has ended', () => threads.begun[0]?.threadId === -1);
  });

  test('is that of events() where there is one, which goes on', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    await client.pids();
    using threads = new Threads();
    using deserters = await Deserters.make(8, 0);
    const events = client.events();
    await events.next();
    await client.killTree(deserters.root, { grace: 600 });
    expect(threads.begun).toHaveLength(1);
    expect((await deserters.left()).left).toEqual([]);
    expect((await events.next()).done).toBe(false);
    expect(threads.begun[0]?.threadId).toBeGreaterThan(0);
    await events.return();
  });

  test.for(['its signal', 'close()'])(
    'ends when %s ends killTree(), and all that was stopped runs on',
    async (by, { skip }) => {
      skip(...noEvents);
      const client = createClient({ threads: 1 });
      await client.pids();
      using deserters = await Deserters.make(8, 0);
      using threads = new Threads();
      const controller = new AbortController();
      const killing = rejection(client.killTree(deserters.root, { grace: 20_000, signal: controller.signal }));
      await until('some have left', async () => (await deserters.left()).left.length > 0);
      await until('it has begun', () => threads.begun.length > 0);
      if (by === 'close()') await client.close();
      else controller.abort(new Error('enough'));
      expect((await killing).message).toMatch(/enough|closed/);
      await until('it has ended', () => threads.begun[0]?.threadId === -1);
      const { left } = await deserters.left();
      expect([deserters.root, ...left].map((pid) => commAndState(pid)).filter((each) => each?.endsWith(' T'))).toEqual(
        [],
      );
      await client.close();
    },
  );

  test('may die: the tree is ended as without it', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    await client.pids();
    using deserters = await Deserters.make(8, 0);
    using threads = new Threads();
    const killing = client.killTree(deserters.root, { grace: 600 });
    await until('it has begun', () => threads.begun.length > 0);
    await threads.begun[0]?.terminate();
    const killed = await killing;
    expect(killed[0]).toEqual({ pid: deserters.root, status: 'killed' });
    for (const pid of [...having(killed, 'ended'), ...having(killed, 'killed')]) {
      await until(`${pid} has ended`, () => !isDeserter(pid));
    }
    expect(await deserters.neighbours()).toBe('0 0');
  });
});
