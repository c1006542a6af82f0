import { createClient, NoSuchProcessError } from 'psutil-extra';
import { expect, test } from 'vitest';
import { ps, statOf } from '../processes/proc.js';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { Herd, sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

/** The most processes in one message. */
const CHUNK = 128;

test('calls of one turn for one process are one message and one read', async () => {
  using process = await sleeper();
  await using client = createClient({ threads: 2 });
  await Promise.all([client.umask(process.pid), client.groups(process.pid), client.sigmasks(process.pid)]);
  expect(client.stats()).toMatchObject({ calls: 3, messages: 1, pending: 0 });
  expect(client.stats().reads['status']).toBe(1);
});

test('equal calls of one turn share a read', async () => {
  using process = await sleeper();
  await using client = createClient({ threads: 2 });
  const values = await Promise.all(Array.from({ length: 1000 }, () => client.umask(process.pid)));
  expect(new Set(values).size).toBe(1);
  expect(client.stats()).toMatchObject({ calls: 1000, messages: 1 });
  expect(client.stats().reads['status']).toBe(1);
});

test('calls of one turn for different processes are one message', async () => {
  using herd = await Herd.of(20);
  await using client = createClient({ threads: 2 });
  const groups = await Promise.all(herd.pids.map((pid) => client.pgid(pid)));
  expect(groups).toEqual(herd.pids.map((pid) => Number(statOf(pid)?.[2])));
  expect(client.stats().messages).toBe(1);
});

test('calls of callers that were resumed by the same event, some awaits deep, are one message', async () => {
  using herd = await Herd.of(5);
  await using client = createClient({ threads: 1 });
  const ask = async (pid: number, depth: number) => {
    for (let i = 0; i < depth; i++) await Promise.resolve();
    return client.umask(pid);
  };
  await Promise.all(herd.pids.map(ask));
  expect(client.stats().messages).toBe(1);
});

test('calls of different turns are read each for itself', async () => {
  using process = await sleeper();
  await using client = createClient({ threads: 1 });
  await client.umask(process.pid);
  await client.umask(process.pid);
  expect(client.stats().reads['status']).toBe(2);
});

test.each([1, 2])('10,000 calls at once on %i threads are no more messages than chunks of 128', async (threads) => {
  using herd = await Herd.of(50);
  await using client = createClient({ threads });
  const pids = [...herd.pids, ...Array.from({ length: 9950 }, (_, i) => UNUSED_PID + i)];
  const answers = await Promise.allSettled(pids.map((pid) => client.umask(pid)));
  expect(client.stats().messages).toBeLessThanOrEqual(Math.ceil(pids.length / CHUNK));
  expect(answers.slice(0, 50).every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(
    answers.slice(50).every((answer) => answer.status === 'rejected' && answer.reason instanceof NoSuchProcessError),
  ).toBe(true);
  expect(client.stats()).toMatchObject({ calls: 10_000, pending: 0 });
});

test('of 10,000 calls for 100 processes each process is read once', async () => {
  using herd = await Herd.of(100);
  await using client = createClient({ threads: 2 });
  await Promise.all(Array.from({ length: 10_000 }, (_, i) => client.umask(herd.pids[i % 100] as number)));
  expect(client.stats().reads['status']).toBe(100);
  expect(client.stats().messages).toBe(1);
});

test('a call made after 10,000 others does not wait for all of them', async () => {
  await using client = createClient({ threads: 1 });
  let answered = 0;
  const bulk = Array.from({ length: 10_000 }, async (_, i) => {
    await rejection(client.umask(UNUSED_PID + i));
    answered++;
  });
  await bulk[0];
  await client.umask(process.pid);
  expect(answered).toBeLessThan(1000);
  await Promise.all(bulk);
});

test('one caller’s failure fails no other call', async () => {
  using process = await sleeper();
  await using client = createClient({ threads: 1 });
  const [gone, umask, alsoGone, groups] = await Promise.allSettled([
    client.umask(UNUSED_PID),
    client.umask(process.pid),
    client.groups(0),
    client.groups(process.pid),
  ]);
  expect([gone, alsoGone].map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([umask, groups].map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
});

test('a field that fails fails its own callers alone', async () => {
  using process = await sleeper();
  await using client = createClient({ threads: 1 });
  const zombieLike = client.snapshot(UNUSED_PID, { fields: ['umask', 'pgid'] });
  const fine = client.pgid(process.pid);
  expect(await rejection(zombieLike)).toMatchObject({ pid: UNUSED_PID });
  expect(await fine).toBe(Number(ps(process.pid, 'pgid')[0]));
});

test('callers who share a read share no value that can be changed', async () => {
  await using client = createClient({ threads: 1 });
  const [first, second] = await Promise.all([client.rlimits(process.pid), client.rlimits(process.pid)]);
  (first.RLIMIT_CORE as { soft: number }).soft = -1;
  expect(second.RLIMIT_CORE?.soft).not.toBe(-1);
});

test('calls of one turn’s callbacks are one message, also while another is on its way', async () => {
  using root = new RecordedRoot();
  for (const pid of [2, 3, 4]) root.add(pid);
  root.addSlow(1);
  await using own = createClient({ threads: 1, procRoot: root.path });
  const slow = own.umask(1);
  await root.held(1);
  const { messages } = own.stats();
  const asked: Promise<number>[] = [];
  for (const pid of [2, 3, 4]) setImmediate(() => asked.push(own.umask(pid)));
  await until(
    'all have asked, and what was asked is sent',
    () => own.stats().messages > messages && asked.length === 3,
  );
  expect(own.stats().messages - messages).toBe(1);
  root.release(1);
  expect(await Promise.all([slow, ...asked])).toEqual([0o027, 0o027, 0o027, 0o027]);
});
