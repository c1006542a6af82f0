import { AccessDeniedError, constants, createClient, type ResourceName } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { prlimit } from '../processes/proc.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** Resources, and what prlimit(1) calls them. */
const OPTIONS: Partial<Record<ResourceName, string>> = {
  RLIMIT_CPU: 'cpu',
  RLIMIT_FSIZE: 'fsize',
  RLIMIT_DATA: 'data',
  RLIMIT_STACK: 'stack',
  RLIMIT_CORE: 'core',
  RLIMIT_RSS: 'rss',
  RLIMIT_NPROC: 'nproc',
  RLIMIT_NOFILE: 'nofile',
  RLIMIT_MEMLOCK: 'memlock',
  RLIMIT_AS: 'as',
  RLIMIT_LOCKS: 'locks',
  RLIMIT_SIGPENDING: 'sigpending',
  RLIMIT_MSGQUEUE: 'msgqueue',
  RLIMIT_NICE: 'nice',
  RLIMIT_RTPRIO: 'rtprio',
  RLIMIT_RTTIME: 'rttime',
};
const RESOURCES = Object.entries(OPTIONS) as [ResourceName, string][];

test.each(RESOURCES)('getrlimit %s is what prlimit --%s prints', async (resource, option) => {
  using process = await sleeper();
  expect(await client.getrlimit(process.pid, resource)).toEqual(prlimit(process.pid, option));
});

test('rlimits are all of them at once', async () => {
  using process = await sleeper(['prlimit', '--rss=0:4096', '--nofile=77:88']);
  const expected = Object.fromEntries(RESOURCES.map(([name, option]) => [name, prlimit(process.pid, option)]));
  expect(await client.rlimits(process.pid)).toEqual(expected);
});

test('getrlimit takes the platform’s number', async () => {
  expect(await client.getrlimit(process.pid, 7)).toEqual(prlimit(process.pid, 'nofile'));
  expect(constants.RLIMIT_NOFILE).toBe(7);
});

test('rlimit without new limits reads', async () => {
  expect(await client.rlimit(process.pid, 'RLIMIT_NOFILE')).toEqual(prlimit(process.pid, 'nofile'));
});

test('rlimit sets, and resolves with the previous limits', async () => {
  using process = await sleeper(['prlimit', '--nofile=512:1024']);
  expect(await client.rlimit(process.pid, 'RLIMIT_NOFILE', { soft: 100, hard: 200 })).toEqual({
    soft: 512,
    hard: 1024,
  });
  expect(prlimit(process.pid, 'nofile')).toEqual({ soft: 100, hard: 200 });
});

test('rlimit takes a number for the resource, bigints and Infinity for limits', async () => {
  using process = await sleeper();
  const rss = constants.RLIMIT_RSS as number;
  await client.rlimit(process.pid, rss, { soft: 4096n, hard: Number.POSITIVE_INFINITY });
  expect(prlimit(process.pid, 'rss')).toEqual({ soft: 4096, hard: Number.POSITIVE_INFINITY });
});

test('a set limit reaches no other process', async () => {
  using first = await sleeper();
  using second = await sleeper();
  const before = prlimit(second.pid, 'nofile');
  await client.rlimit(first.pid, 'RLIMIT_NOFILE', { soft: 10, hard: 10 });
  expect(prlimit(second.pid, 'nofile')).toEqual(before);
});

describe('with { bigint: true }', () => {
  test('limits are bigints, exact beyond 2 ** 53', async () => {
    using process = await sleeper(['prlimit', '--as=9007199254740993:9007199254740995']);
    const limits = await client.getrlimit(process.pid, 'RLIMIT_AS', { bigint: true });
    expect(limits).toEqual({ soft: 9_007_199_254_740_993n, hard: 9_007_199_254_740_995n });
  });

  test('no limit is constants.RLIM_INFINITY', async () => {
    using process = await sleeper();
    const limits = await client.getrlimit(process.pid, 'RLIMIT_AS', { bigint: true });
    expect(limits).toEqual({ soft: constants.RLIM_INFINITY, hard: constants.RLIM_INFINITY });
    expect(constants.RLIM_INFINITY).toBe(2n ** 64n - 1n);
  });

  test('rlimit resolves with bigints', async () => {
    using process = await sleeper(['prlimit', '--nofile=512:1024']);
    const before = await client.rlimit(process.pid, 'RLIMIT_NOFILE', { soft: 1n, hard: 2n }, { bigint: true });
    expect(before).toEqual({ soft: 512n, hard: 1024n });
  });

  test('rlimits are bigints', async () => {
    using process = await sleeper(['prlimit', '--nofile=512:1024']);
    expect((await client.rlimits(process.pid, { bigint: true })).RLIMIT_NOFILE).toEqual({ soft: 512n, hard: 1024n });
  });

  test('RLIM_INFINITY as a new limit is none', async () => {
    using process = await sleeper();
    await client.rlimit(process.pid, 'RLIMIT_RSS', { soft: 0n, hard: constants.RLIM_INFINITY });
    expect(prlimit(process.pid, 'rss').hard).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('as another user', () => {
  test('a process’s limits can still be read', async ({ skip }) => {
    skip(...lacking.otherUser);
    using process = await sleeper(['prlimit', '--nofile=77:88', '--rss=0:4096']);
    const limits = await answerOf<unknown>(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       const pid = Number(process.argv[1]);
       console.log(JSON.stringify([await client.getrlimit(pid, 'RLIMIT_NOFILE'), await client.getrlimit(pid, 'RLIMIT_RSS')]));`,
      { wrapper: AS_NOBODY, args: [String(process.pid)] },
    );
    expect(limits).toEqual([prlimit(process.pid, 'nofile'), prlimit(process.pid, 'rss')]);
  });

  test('setting is AccessDeniedError, and changes nothing', async ({ skip }) => {
    skip(...lacking.otherUser);
    using process = await sleeper(['prlimit', '--nofile=77:88']);
    const error = await answerOf<object>(
      `import { AccessDeniedError, createClient } from 'psutil-extra';
       const pid = Number(process.argv[1]);
       const error = await createClient().rlimit(pid, 'RLIMIT_NOFILE', { soft: 1, hard: 2 }).catch((error) => error);
       console.log(JSON.stringify({ ...error, name: error.name, denied: error instanceof AccessDeniedError }));`,
      { wrapper: AS_NOBODY, args: [String(process.pid)] },
    );
    expect(error).toEqual({
      name: AccessDeniedError.name,
      denied: true,
      code: 'EPERM',
      errno: -1,
      syscall: 'prlimit64',
      pid: process.pid,
    });
    expect(prlimit(process.pid, 'nofile')).toEqual({ soft: 77, hard: 88 });
  });

  test('raising one’s own hard limit is AccessDeniedError', async ({ skip }) => {
    skip(...lacking.otherUser);
    const code = await answerOf<string>(
      `import { createClient } from 'psutil-extra';
       const set = createClient().rlimit(process.pid, 'RLIMIT_RSS', { soft: 0, hard: 8192 });
       console.log(JSON.stringify(await set.catch((error) => error.name + ' ' + error.code)));`,
      { wrapper: ['prlimit', '--rss=0:4096', ...AS_NOBODY] },
    );
    expect(code).toBe('AccessDeniedError EPERM');
  });
});
