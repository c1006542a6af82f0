import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { prlimit } from '../processes/proc.js';
import { rejection } from '../processes/rejection.js';
import { Mortal, sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 2 });
afterAll(() => client.close());

const NOFILE = 'RLIMIT_NOFILE';

test('a set keeps its place: a read before it sees the old limit, one after it the new', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  const [before, replaced, after] = await Promise.all([
    client.getrlimit(process.pid, NOFILE),
    client.rlimit(process.pid, NOFILE, { soft: 10, hard: 20 }),
    client.getrlimit(process.pid, NOFILE),
  ]);
  expect([before, replaced, after]).toEqual([
    { soft: 30, hard: 40 },
    { soft: 30, hard: 40 },
    { soft: 10, hard: 20 },
  ]);
});

test('sets of one turn are made in the order in which they were called', async () => {
  using process = await sleeper(['prlimit', '--nofile=100:100']);
  const sets = Array.from({ length: 20 }, (_, i) =>
    client.rlimit(process.pid, NOFILE, { soft: 50 - i, hard: 100 - i }),
  );
  const before = await Promise.all(sets);
  expect(before.map(({ hard }) => hard)).toEqual(Array.from({ length: 20 }, (_, i) => Math.min(100, 101 - i)));
  expect(prlimit(process.pid, 'nofile')).toEqual({ soft: 31, hard: 81 });
});

test('reads between sets of one turn each see the set before them', async () => {
  using process = await sleeper(['prlimit', '--nofile=100:100']);
  const seen = await Promise.all(
    [90, 80, 70].flatMap((hard) => [
      client.rlimit(process.pid, NOFILE, { soft: 1, hard }),
      client.getrlimit(process.pid, NOFILE),
      client.snapshot(process.pid, { fields: ['rlimits'] }).then(({ rlimits }) => rlimits?.RLIMIT_NOFILE),
    ]),
  );
  expect(seen.map((limits) => limits?.hard)).toEqual([100, 90, 90, 90, 80, 80, 80, 70, 70]);
});

test('the order holds through numbers and Processes alike', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  const held = await client.process(process.pid);
  const [before, , after] = await Promise.all([
    held.getrlimit(NOFILE),
    client.rlimit(process.pid, NOFILE, { soft: 1, hard: 2 }),
    held.getrlimit(NOFILE),
  ]);
  expect([before.hard, after.hard]).toEqual([40, 2]);
});

test('a set that fails does not delay the calls after it', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  const held = await client.process(process.pid);
  using other = await Mortal.start();
  const gone = await client.process(other.pid);
  await other.end();
  const failed = gone.rlimit(NOFILE, { soft: 1, hard: 1 });
  const behind = client.umask(other.pid);
  expect((await rejection(failed)).name).toBe('NoSuchProcessError');
  expect((await rejection(behind)).name).toBe('NoSuchProcessError');
  expect((await held.getrlimit(NOFILE)).hard).toBe(40);
});

test('in a scope a set is seen by later reads', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await client.oneshot(process.pid, async (scope) => {
    expect((await scope.getrlimit(NOFILE)).hard).toBe(40);
    await scope.rlimit(NOFILE, { soft: 5, hard: 6 });
    expect(await scope.getrlimit(NOFILE)).toEqual({ soft: 5, hard: 6 });
    expect((await scope.rlimits()).RLIMIT_NOFILE).toEqual({ soft: 5, hard: 6 });
    expect(await client.getrlimit(process.pid, NOFILE)).toEqual({ soft: 5, hard: 6 });
  });
});

test('in a scope a set through the client is seen by later reads too', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await client.oneshot(process.pid, async (scope) => {
    await scope.rlimits();
    await client.rlimit(process.pid, NOFILE, { soft: 5, hard: 6 });
    expect(await scope.getrlimit(NOFILE)).toEqual({ soft: 5, hard: 6 });
  });
});

test('in a scope a set leaves what is cached besides limits', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await client.oneshot(process.pid, async (scope) => {
    await scope.umask();
    await scope.rlimit(NOFILE, { soft: 5, hard: 6 });
    const { messages } = client.stats();
    await scope.umask();
    expect(client.stats().messages).toBe(messages);
  });
});

test('in a scope read, set and read of one turn keep their order', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await client.oneshot(process.pid, async (scope) => {
    const [before, , after] = await Promise.all([
      scope.getrlimit(NOFILE),
      scope.rlimit(NOFILE, { soft: 5, hard: 6 }),
      scope.getrlimit(NOFILE),
    ]);
    expect([before.hard, after.hard]).toEqual([40, 6]);
  });
});

test('in a scope a read that is asked for while a set is under way sees the new limit', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await client.oneshot(process.pid, async (scope) => {
    const before = scope.getrlimit(NOFILE);
    const set = scope.rlimit(NOFILE, { soft: 5, hard: 6 });
    expect((await before).hard).toBe(40);
    expect((await scope.getrlimit(NOFILE)).hard).toBe(6);
    await set;
  });
});

test('in a scope a limit whose read ends with another read sees the old one, though a set follows that at once', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await using scope = await client.oneshot(process.pid);
  const settled = await Promise.allSettled([
    scope.getrlimit(NOFILE),
    scope.umask().then(() => scope.rlimit(NOFILE, { soft: 5, hard: 6 })),
    scope.rlimits().then((limits) => limits.RLIMIT_NOFILE),
    scope.snapshot({ fields: ['rlimits'] }).then(({ rlimits }) => rlimits?.RLIMIT_NOFILE),
  ]);
  expect(settled).toEqual(settled.map(() => ({ status: 'fulfilled', value: { soft: 30, hard: 40 } })));
  expect(await scope.getrlimit(NOFILE)).toEqual({ soft: 5, hard: 6 });
});
