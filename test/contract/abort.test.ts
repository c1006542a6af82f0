import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { prlimit } from '../processes/proc.js';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const PID = process.pid;
const limits = { soft: 1, hard: 2 };
const aborted = AbortSignal.abort('mine');

const CALLS: [string, (signal: AbortSignal) => Promise<unknown>][] = [
  ['umask', (signal) => client.umask(PID, { signal })],
  ['rlimits', (signal) => client.rlimits(PID, { signal })],
  ['getrlimit', (signal) => client.getrlimit(PID, 'RLIMIT_CORE', { signal })],
  ['rlimit', (signal) => client.rlimit(PID, 'RLIMIT_CORE', limits, { signal })],
  ['snapshot', (signal) => client.snapshot(PID, { signal })],
  ['process', (signal) => client.process(PID, { signal })],
  ['pids', (signal) => client.pids({ signal })],
  ['scan', (signal) => client.scan({ signal })],
  ['scanBatches', (signal) => client.scanBatches({ signal }).next()],
  ['a Process’s umask', async (signal) => (await client.process(PID)).umask({ signal })],
  ['isRunning', async (signal) => (await client.process(PID)).isRunning({ signal })],
  ['a scope’s umask', (signal) => client.oneshot(PID, (scope) => scope.umask({ signal }))],
];

describe.each(CALLS)('%s', (_, call) => {
  test('rejects with the reason of a signal that is aborted already', async () => {
    expect(await call(aborted).catch((reason: unknown) => reason)).toBe('mine');
  });

  test('rejects with the reason of a signal that is aborted meanwhile', async () => {
    const controller = new AbortController();
    const reason = new Error('mine');
    const pending = rejection(call(controller.signal));
    // Let the preparation of the call finish.
    for (let i = 0; i < 3 && client.stats().pending === 0; i++) await Promise.resolve();
    controller.abort(reason);
    const { stack } = reason;
    expect(await pending).toBe(reason);
    expect(reason.stack).toBe(stack);
  });

  test('is not affected by a signal that is aborted later or never', async () => {
    const controller = new AbortController();
    if (_ !== 'rlimit') await call(controller.signal);
    controller.abort();
  });
});

test('without a reason it is the AbortError that signals make', async () => {
  expect(await rejection(client.umask(PID, { signal: AbortSignal.abort() }))).toMatchObject({ name: 'AbortError' });
});

test('a timeout’s signal rejects with its TimeoutError', async () => {
  using root = new RecordedRoot();
  root.addSlow(5);
  await using slow = createClient({ threads: 1, procRoot: root.path });
  const pending = rejection(slow.umask(5, { signal: AbortSignal.timeout(50) }));
  await root.held(5);
  expect(await pending).toMatchObject({ name: 'TimeoutError' });
  root.release(5);
});

test('the thread and other calls continue', async () => {
  using root = new RecordedRoot();
  root.addSlow(5);
  root.add(6);
  await using slow = createClient({ threads: 1, procRoot: root.path });
  const controller = new AbortController();
  const threads: unknown[] = [];
  const collect = (worker: unknown) => threads.push(worker);
  process.on('worker', collect);
  const left = rejection(slow.umask(5, { signal: controller.signal }));
  const stays = slow.umask(5);
  const other = slow.umask(6);
  await root.held(5);
  controller.abort(new Error('gone'));
  expect((await left).message).toBe('gone');
  root.release(5);
  expect(await Promise.all([stays, other])).toEqual([0o027, 0o027]);
  expect(await slow.umask(6)).toBe(0o027);
  process.off('worker', collect);
  expect(threads).toHaveLength(1);
});

test('a call that is aborted before it is sent is not read', async () => {
  const controller = new AbortController();
  const before = client.stats().messages;
  const pending = rejection(client.umask(PID, { signal: controller.signal }));
  controller.abort();
  await pending;
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.stats().messages).toBe(before);
});

test('a set that is aborted before its turn sets nothing', async () => {
  using spawned = await sleeper(['prlimit', '--nofile=30:40']);
  const controller = new AbortController();
  const read = client.getrlimit(spawned.pid, 'RLIMIT_NOFILE');
  const set = rejection(client.rlimit(spawned.pid, 'RLIMIT_NOFILE', limits, { signal: controller.signal }));
  controller.abort();
  await Promise.all([read, set]);
  await client.umask(spawned.pid);
  expect(prlimit(spawned.pid, 'nofile')).toEqual({ soft: 30, hard: 40 });
});

test('an aborted call waits no longer', async () => {
  const controller = new AbortController();
  const pending = rejection(client.umask(PID, { signal: controller.signal }));
  controller.abort();
  await pending;
  expect(client.stats().pending).toBe(0);
});

test('a signal that outlives many calls keeps none of their listeners', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    },
  });
  for (let i = 0; i < 20; i++) await client.umask(PID, { signal });
  await client.scan({ signal });
  expect(listeners).toBe(0);
});

test('a scan that is aborted between batches ends there', async () => {
  const controller = new AbortController();
  const read = async () => {
    for await (const table of client.scanBatches({ batchSize: 1, signal: controller.signal })) {
      expect(table.length).toBe(1);
      controller.abort(new Error('enough'));
    }
  };
  expect((await rejection(read())).message).toBe('enough');
});
