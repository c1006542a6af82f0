import { createClient, QueueFullError } from 'psutil-extra';
import { expect, test } from 'vitest';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';

const PID = process.pid;

test('past maxQueue waiting calls, one more is QueueFullError', async () => {
  await using client = createClient({ threads: 1, maxQueue: 2 });
  const waiting = [client.umask(PID), client.groups(PID)];
  const error = await rejection(client.pgid(PID));
  expect(error).toBeInstanceOf(QueueFullError);
  expect(error).toMatchObject({ name: 'QueueFullError', code: 'ERR_QUEUE_FULL' });
  expect(error.message).toContain('2');
  await Promise.all(waiting);
});

test('the waiting calls are not affected', async () => {
  await using client = createClient({ threads: 1, maxQueue: 1 });
  const waiting = client.umask(PID);
  await rejection(client.umask(PID));
  expect(await waiting).toBeGreaterThanOrEqual(0);
});

test('when some have been answered, there is room again', async () => {
  await using client = createClient({ threads: 1, maxQueue: 1 });
  for (let i = 0; i < 3; i++) await client.umask(PID);
  const waiting = client.umask(PID);
  await rejection(client.umask(PID));
  await waiting;
  expect(await client.pgid(PID)).toBeGreaterThanOrEqual(0);
});

test('calls that fail leave the queue too', async () => {
  await using client = createClient({ threads: 1, maxQueue: 1 });
  await rejection(client.umask(0));
  await rejection(client.umask(PID, { signal: AbortSignal.abort() }));
  expect(await client.pgid(PID)).toBeGreaterThanOrEqual(0);
});

test('aborted calls make room at once', async () => {
  using root = new RecordedRoot();
  root.addSlow(5);
  root.add(6);
  await using client = createClient({ threads: 1, maxQueue: 1, procRoot: root.path });
  const controller = new AbortController();
  const left = rejection(client.umask(5, { signal: controller.signal }));
  await root.held(5);
  controller.abort();
  await left;
  const next = client.umask(6);
  root.release(5);
  expect(await next).toBe(0o027);
});

test('what a scope holds is answered though the queue is full', async () => {
  using root = new RecordedRoot();
  root.addSlow(5);
  root.add(6);
  await using client = createClient({ threads: 1, maxQueue: 1, procRoot: root.path });
  await client.oneshot(6, async (scope) => {
    await scope.umask();
    const waiting = client.umask(5);
    await root.held(5);
    expect(await scope.umask()).toBe(0o027);
    root.release(5);
    await waiting;
  });
});

test('a scan is one call, however many processes it reads', async () => {
  await using client = createClient({ threads: 1, maxQueue: 1 });
  expect((await client.scan()).length).toBeGreaterThan(0);
});

test('stats reports how many wait', async () => {
  await using client = createClient({ threads: 1 });
  const waiting = [client.umask(PID), client.pids()];
  expect(client.stats().pending).toBe(2);
  await Promise.all(waiting);
  expect(client.stats().pending).toBe(0);
});
