import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { MemoryCgroup } from '../processes/memory-cgroup.js';
import { answerOf } from '../processes/node.js';
import { RecordedRoot } from '../processes/recorded-root.js';
import { sleeper } from '../processes/sleeper.js';

const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Counts the threads that start while it stands. */
class Started implements Disposable {
  count = 0;
  readonly #add = () => {
    this.count++;
  };

  constructor() {
    process.on('worker', this.#add);
  }

  [Symbol.dispose](): void {
    process.off('worker', this.#add);
  }
}

/** Makes a program see so many processors. */
function processors(count: number): string[] {
  const file = join(folder, `${count}.cjs`);
  writeFileSync(
    file,
    `require('node:os').availableParallelism = () => ${count}; require('node:module').syncBuiltinESMExports();`,
  );
  return ['--require', file];
}

test('calls that are awaited one by one need one thread, in a scope too', async () => {
  using started = new Started();
  await using client = createClient({ threads: 4 });
  for (let i = 0; i < 20; i++) await client.umask(process.pid);
  await client.oneshot(process.pid, async (scope) => {
    await scope.umask();
    await scope.rlimits();
  });
  expect(started.count).toBe(1);
});

test('a call that waits for a busy thread starts another thread, up to the limit', async () => {
  using root = new RecordedRoot();
  for (const pid of [5, 6, 7]) root.addSlow(pid);
  root.add(8);
  using started = new Started();
  await using client = createClient({ threads: 3, procRoot: root.path });
  const held: Promise<number>[] = [];
  for (const [pid, threads] of [
    [5, 1],
    [6, 2],
  ] as const) {
    held.push(client.umask(pid));
    await root.held(pid);
    expect(started.count).toBe(threads);
  }
  await client.umask(8);
  expect(started.count).toBe(3);
  held.push(client.umask(7));
  await root.held(7);
  const last = client.umask(8);
  root.release(5);
  await last;
  expect(started.count).toBe(3);
  root.release(6);
  root.release(7);
  await Promise.all(held);
});

test('scopes find threads that start later, and use them', async () => {
  using sleeping = await sleeper();
  using started = new Started();
  await using client = createClient({ threads: 2 });
  const scoped = () =>
    client.oneshot(sleeping.pid, async (scope) => [await scope.umask(), (await scope.rlimits()).RLIMIT_CORE]);
  const first = await scoped();
  expect(started.count).toBe(1);
  for (let i = 0; i < 100 && started.count < 2; i++) {
    expect(await Promise.all(Array.from({ length: 50 }, scoped))).toEqual(Array(50).fill(first));
  }
  expect(started.count).toBe(2);
  expect(await Promise.all(Array.from({ length: 50 }, scoped))).toEqual(Array(50).fill(first));
});

describe('by default there are', () => {
  test.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [5, 4],
    [128, 4],
  ])('with %i processors at most %i threads', async (visible, most) => {
    const source = `
      import { createClient } from 'psutil-extra';
      import { checkClientOptions } from '../packages/client/dist/api/client-options.js';
      let started = 0;
      process.on('worker', () => started++);
      const client = createClient();
      await client.umask(process.pid);
      await client.close();
      console.log(JSON.stringify([started, checkClientOptions(undefined).threads]));`;
    expect(await answerOf(source, { flags: processors(visible) })).toEqual([1, most]);
  });
});

test('one call works in 128 MB of memory where 128 processors are visible', async ({ skip }) => {
  using group = MemoryCgroup.limited(128 * 2 ** 20);
  skip(group === undefined, 'no memory cgroup can be made here');
  const source = `
    import { createClient } from 'psutil-extra';
    const client = createClient();
    console.log(JSON.stringify(await client.umask(process.pid) === process.umask()));
    await client.close();`;
  expect(await answerOf(source, { flags: processors(128), wrapper: group?.wrapper ?? [] })).toBe(true);
});
