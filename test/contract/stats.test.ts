import { type Client, createClient, type Process } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Herd, sleeper } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';

let other: Spawned;
let proc: Process;
const elsewhere = createClient({ threads: 1 });
beforeAll(async () => {
  other = await sleeper();
  proc = await elsewhere.process(other.pid);
});
afterAll(async () => {
  other[Symbol.dispose]();
  await elsewhere.close();
});

/** How many calls a client counts for this work. */
async function counted(work: (client: Client) => Promise<unknown>): Promise<number> {
  await using client = createClient({ threads: 1 });
  await work(client);
  return client.stats().calls;
}

async function all(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches);
}

async function firstOf(count: number, tables: AsyncIterable<unknown>): Promise<void> {
  let left = count;
  for await (const _ of tables) if (--left === 0) break;
}

describe('a call is counted once:', () => {
  test.each<[string, (client: Client) => Promise<unknown>]>([
    ['a field', (client) => client.umask(other.pid)],
    ['a field of a Process', (client) => client.umask(proc)],
    ['getrlimit', (client) => client.getrlimit(other.pid, 'RLIMIT_CORE')],
    ['rlimit that reads', (client) => client.rlimit(other.pid, 'RLIMIT_CORE')],
    ['rlimit that sets', (client) => client.rlimit(other.pid, 'RLIMIT_CORE', { soft: 0, hard: 0 })],
    ['snapshot', (client) => client.snapshot(other.pid)],
    ['snapshot of no fields', (client) => client.snapshot(other.pid, { fields: [] })],
    ['process', (client) => client.process(other.pid)],
    ['pids', (client) => client.pids()],
    ['scan', (client) => client.scan()],
    ['scan of some', (client) => client.scan({ pids: [other.pid, proc] })],
    ['scanBatches of one table', (client) => all(client.scanBatches({ pids: [other.pid] }))],
    ['scanBatches of none', (client) => all(client.scanBatches({ pids: [] }))],
    ['scanBatches of every process', (client) => all(client.scanBatches({ batchSize: 4 }))],
    ['scanBatches that is left', async (client) => (await client.scanBatches({ batchSize: 1 }).next()).done],
    ['sample of three tables', (client) => firstOf(3, client.sample({ interval: 50 }))],
    ['top', (client) => client.top({ interval: 50 })],
    ['tree', (client) => client.tree()],
    ['find', (client) => client.find({ name: 'sleep' })],
    ['kill', (client) => client.kill(other.pid, 0)],
    [
      'a wait that is given up',
      (client) => client.waitForExit(other.pid, { signal: AbortSignal.timeout(50) }).catch(() => {}),
    ],
    ['live', (client) => client.live({ poll: 50 }).then((live) => live.close())],
    ['events', (client) => client.events({ poll: 50 }).return()],
    ['a field in a scope', (client) => client.oneshot(other.pid, (p) => p.umask())],
  ])('%s', async (_, work) => {
    expect(await counted(work)).toBe(1);
  });
});

test('opening a scope is not counted, and each call in it is, even if it needs no message', async () => {
  expect(await counted((client) => client.oneshot(other.pid, () => {}))).toBe(0);
  expect(await counted((client) => client.oneshot(other.pid, async (p) => [await p.umask(), await p.sid()]))).toBe(2);
});

test('a thousand calls for every process count as a thousand, though one scan answers them', async () => {
  using herd = await Herd.of(3);
  const calls = (client: Client) =>
    Promise.all(herd.pids.flatMap((pid) => Array.from({ length: 400 }, () => client.sid(pid))));
  expect(await counted(calls)).toBe(1200);
});
