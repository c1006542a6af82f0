import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { Herd, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

/** PIDs enough for 40 chunks, the first of each being one of 40 processes: what counts here is messages. */
function many(herd: Herd): number[] {
  return Array.from({ length: 128 * 40 }, (_, i) => herd.pids[i / 128] ?? UNUSED_PID + i);
}

test('batches together are what a scan is', async () => {
  using herd = await Herd.of(10);
  await using client = createClient({ threads: 2 });
  const pids: number[] = [];
  for await (const table of client.scanBatches({ fields: ['pgid'], pids: herd.pids, batchSize: 3 }))
    pids.push(...table.pids);
  expect(pids).toEqual(herd.pids);
});

test('a batch has at most as many rows as were asked for', async () => {
  using herd = await Herd.of(10);
  await using client = createClient({ threads: 2 });
  const lengths: number[] = [];
  for await (const table of client.scanBatches({ pids: herd.pids, batchSize: 4 })) lengths.push(table.length);
  expect(lengths).toEqual([4, 4, 2]);
});

test('without a size a batch has up to 1024', async () => {
  await using client = createClient({ threads: 1 });
  for await (const table of client.scanBatches()) expect(table.length).toBeLessThanOrEqual(1024);
});

test('every process that stays is in one of the batches of a scan of all', async () => {
  using herd = await Herd.of(20);
  await using client = createClient({ threads: 2 });
  const pids: number[] = [];
  for await (const table of client.scanBatches({ fields: ['ppid'], batchSize: 7 })) pids.push(...table.pids);
  expect(pids).toEqual(expect.arrayContaining(herd.pids));
  expect(new Set(pids).size).toBe(pids.length);
});

test('rows of a batch have the fields asked for', async () => {
  await using client = createClient({ threads: 1 });
  for await (const table of client.scanBatches({ fields: ['name', 'umask'], pids: [process.pid] })) {
    expect(table.get(process.pid)?.umask).toBe(await client.umask(process.pid));
    expect(table.fields).toEqual(['name', 'umask']);
  }
});

test('a slow consumer pauses the reading', async () => {
  using herd = await Herd.of(40);
  await using client = createClient({ threads: 1 });
  const batches = client.scanBatches({ fields: ['umask'], pids: many(herd), batchSize: 128 });
  await batches.next();
  // Messages that are on their way are answered; then there must be no more of them.
  await until('the threads rest', async () => {
    await client.umask(process.pid);
    return client.stats().pending === 0;
  });
  const resting = client.stats().messages;
  for (let i = 0; i < 20; i++) await client.umask(process.pid);
  expect(client.stats().messages - resting).toBe(20);
  expect(resting).toBeLessThan(10);
  await batches.return();
});

test('at most two messages a thread are under way', async () => {
  using herd = await Herd.of(40);
  await using client = createClient({ threads: 1 });
  let taken = 0;
  for await (const table of client.scanBatches({ fields: ['umask'], pids: many(herd), batchSize: 128 })) {
    expect(table.length).toBe(1);
    taken++;
    expect(client.stats().messages).toBeLessThanOrEqual(taken + 2);
  }
  expect(taken).toBe(40);
});

test('a consumer that breaks out ends the reading', async () => {
  using herd = await Herd.of(40);
  await using client = createClient({ threads: 1 });
  for await (const table of client.scanBatches({ fields: ['umask'], pids: many(herd), batchSize: 128 })) {
    expect(table.length).toBe(1);
    break;
  }
  const { messages, pending } = client.stats();
  await client.umask(process.pid);
  expect(client.stats().messages - messages).toBe(1);
  expect(pending).toBe(0);
});

test('concurrent scans do not mix', async () => {
  using herd = await Herd.of(20);
  await using client = createClient({ threads: 2 });
  const halves = [herd.pids.slice(0, 10), herd.pids.slice(10)];
  const read = async (pids: number[]) => {
    const seen: number[] = [];
    for await (const table of client.scanBatches({ fields: ['pgid'], pids, batchSize: 2 })) seen.push(...table.pids);
    return seen;
  };
  expect(await Promise.all(halves.map(read))).toEqual(halves);
});
