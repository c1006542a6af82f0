import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const FIELDS = [
  'name',
  'ppid',
  'state',
  'uids',
  'gids',
  'groups',
  'umask',
  'sigmasks',
  'pgid',
  'sid',
  'threads',
  'startTime',
  'rlimits',
];
const SETTERS = ['setNice', 'setIoPriority', 'setAffinity', 'setScheduler', 'setOomScoreAdj'];
const METHODS = [
  ...SETTERS,
  'rlimit',
  'getrlimit',
  'snapshot',
  'process',
  'oneshot',
  'pids',
  'scan',
  'scanBatches',
  'events',
  'live',
];

test.each([...FIELDS, ...METHODS])('on Linux %s is supported', (name) => {
  expect(client.supports(name)).toBe(true);
});

test.each(['', 'nothing', 'toString', '__proto__', 'constructor', 'Umask'])('%j is not supported', (name) => {
  expect(client.supports(name)).toBe(false);
});

test('what is supported can be called', async () => {
  for (const field of FIELDS) {
    await expect(client[field as 'umask'](process.pid), field).resolves.toBeDefined();
  }
});

test('through another procRoot setting a limit is not supported, and reading is', async () => {
  await using elsewhere = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
  expect(elsewhere.supports('rlimit')).toBe(false);
  expect(['getrlimit', 'rlimits', 'umask', 'scan'].every((name) => elsewhere.supports(name))).toBe(true);
});

test('asking starts no thread and sends nothing', async () => {
  await using unused = createClient({ threads: 1 });
  unused.supports('umask');
  expect(unused.stats().messages).toBe(0);
});

test('asking works after close', async () => {
  const closed = createClient();
  await closed.close();
  expect(closed.supports('umask')).toBe(true);
});

test('a name that is no text throws', () => {
  expect(() => client.supports(5 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});
