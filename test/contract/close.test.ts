import { type Client, ClientClosedError, createClient, WorkerError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';

const PID = process.pid;

const CALLS: [string, (client: Client) => Promise<unknown>][] = [
  ['umask', (client) => client.umask(PID)],
  ['rlimits', (client) => client.rlimits(PID)],
  ['getrlimit', (client) => client.getrlimit(PID, 'RLIMIT_CORE')],
  ['rlimit', (client) => client.rlimit(PID, 'RLIMIT_CORE', { soft: 0, hard: 0 })],
  ['snapshot', (client) => client.snapshot(PID)],
  ['process', (client) => client.process(PID)],
  ['pids', (client) => client.pids()],
  ['scan', (client) => client.scan()],
  ['scanBatches', (client) => client.scanBatches().next()],
  ['oneshot', (client) => client.oneshot(PID)],
  ['oneshot with a function', (client) => client.oneshot(PID, () => 1)],
];

describe.each(CALLS)('after close %s', (_, call) => {
  test('rejects with ClientClosedError', async () => {
    const client = createClient({ threads: 1 });
    await client.umask(PID);
    await client.close();
    const error = await rejection(call(client));
    expect(error).toBeInstanceOf(ClientClosedError);
    expect(error).toMatchObject({ name: 'ClientClosedError', code: 'ERR_CLIENT_CLOSED' });
  });

  test('rejects also where the client was never used', async () => {
    const client = createClient({ threads: 1 });
    await client.close();
    expect(await rejection(call(client))).toBeInstanceOf(ClientClosedError);
  });

  test('rejects while close is still under way', async () => {
    const client = createClient({ threads: 1 });
    await client.umask(PID);
    const closing = client.close();
    expect(await rejection(call(client))).toBeInstanceOf(ClientClosedError);
    await closing;
  });
});

test('after close a Process and a scope reject with ClientClosedError', async () => {
  const client = createClient({ threads: 1 });
  const self = await client.process(PID);
  const scope = await client.oneshot(PID);
  await scope.umask();
  await client.close();
  expect(await rejection(self.umask())).toBeInstanceOf(ClientClosedError);
  expect(await rejection(self.isRunning())).toBeInstanceOf(ClientClosedError);
  expect(await rejection(scope.groups())).toBeInstanceOf(ClientClosedError);
});

/** The first call waits until the thread has started. */
const WHICH: [which: string, before: number][] = [
  ['the first call', 0],
  ['a later call', 2],
];

test.each(WHICH)(
  'an answer to %s that comes while the program is busy is returned, though close() has timed out by then',
  async (_, before) => {
    using root = new RecordedRoot();
    root.addSlow(5);
    root.add(6);
    const client = createClient({ threads: 1, procRoot: root.path });
    for (let i = 0; i < before; i++) await client.umask(6);
    const answer = client.umask(5);
    await root.held(5);
    const closing = client.close();
    root.release(5);
    // From here on the loop runs its timers first.
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
    expect(await answer).toBe(0o27);
    await closing;
  },
);

test('close ends the threads', async () => {
  const exits: Promise<unknown>[] = [];
  const collect = (worker: { once(event: 'exit', listener: (code: number) => void): void }) =>
    exits.push(new Promise((resolve) => worker.once('exit', resolve)));
  process.on('worker', collect);
  const client = createClient({ threads: 2 });
  // Another one starts while calls wait.
  while (exits.length < 2) {
    await Promise.all([client.umask(PID), new Promise((resolve) => setImmediate(resolve)).then(() => client.sid(PID))]);
  }
  process.off('worker', collect);
  await client.close();
  expect(exits).toHaveLength(2);
  await Promise.all(exits);
});

test('close can be called again, and resolves', async () => {
  const client = createClient({ threads: 1 });
  await client.umask(PID);
  await Promise.all([client.close(), client.close()]);
  await client.close();
});

test('`await using` closes', async () => {
  let client: Client;
  {
    await using scoped = createClient({ threads: 1 });
    await scoped.umask(PID);
    client = scoped;
  }
  expect(await rejection(client.umask(PID))).toBeInstanceOf(ClientClosedError);
});

test('calls that are pending at close get their answers', async () => {
  const client = createClient({ threads: 1 });
  await client.umask(PID);
  const pending = [client.umask(PID), client.groups(1), client.snapshot(PID), client.pids()];
  pending.push(client.oneshot(PID, (scope) => scope.pgid()));
  await client.close();
  expect((await Promise.allSettled(pending)).map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
});

test('a scan that is pending at close gets its table', async () => {
  const client = createClient({ threads: 1 });
  // Starting a thread and loading BPF may take all of the second.
  await client.scan();
  const pending = client.scan();
  await client.close();
  expect((await pending).get(PID)).toBeDefined();
});

test('10,000 calls that are pending at close are all settled', async () => {
  const client = createClient({ threads: 2 });
  const pending = Promise.allSettled(Array.from({ length: 10_000 }, (_, i) => client.pgid(i)));
  await client.close();
  for (const answer of await pending) {
    if (answer.status === 'rejected') expect(answer.reason).not.toBeInstanceOf(WorkerError);
  }
  expect(client.stats().pending).toBe(0);
});

test.each(WHICH)(
  '%s is settled with ClientClosedError if it does not get its answer within a second of close',
  async (_, before) => {
    using root = new RecordedRoot();
    root.addSlow(5);
    root.add(6);
    const client = createClient({ threads: 1, procRoot: root.path });
    for (let i = 0; i < before; i++) await client.umask(6);
    const pending = rejection(client.umask(5));
    const scoped = rejection(client.oneshot(5, (scope) => scope.umask()));
    await root.held(5);
    const closing = client.close();
    expect(await pending).toBeInstanceOf(ClientClosedError);
    expect(await scoped).toBeInstanceOf(ClientClosedError);
    // A thread in a system call ends when the call returns.
    root.release(5);
    await closing;
  },
);

test('a scan whose client is closed between batches ends with ClientClosedError', async () => {
  const client = createClient({ threads: 1 });
  const read = async () => {
    for await (const table of client.scanBatches({ batchSize: 1 })) {
      expect(table.length).toBe(1);
      await client.close();
    }
  };
  expect(await rejection(read())).toBeInstanceOf(ClientClosedError);
});

test('closing one client does not close another', async () => {
  await using stays = createClient({ threads: 1 });
  const ends = createClient({ threads: 1 });
  await Promise.all([stays.umask(PID), ends.umask(PID)]);
  await ends.close();
  expect(await stays.umask(PID)).toBeGreaterThanOrEqual(0);
});
