import { createClient, QueueFullError } from 'psutil-extra';
import { expect, test } from 'vitest';
import { UNUSED_PID } from '../../processes/sleeper.js';
import { Growth } from '../memory.js';
import { report, scaled } from '../scale.js';

const PID = process.pid;
const CONSUMERS = scaled(5, 20);
const MOST_VALUES = 512 * 1024;
const QUEUED = { values: MOST_VALUES, resident: 4 * 1024 * 1024 };
const LEFT = { values: MOST_VALUES, resident: 8 * 1024 * 1024 };
/** Other work of the machine makes single rounds larger. */
const MOST_ROUNDS = 20;

test('past maxQueue every call rejects at once, memory stays flat, and later calls succeed', async () => {
  const asked = scaled(3000, 250_000);
  await using client = createClient({ threads: 1, maxQueue: 1000 });
  const growth = new Growth();
  for (let round = 0; round < 4 || (round < MOST_ROUNDS && !growth.isWithin(QUEUED)); round++) {
    await growth.begin();
    let full = 0;
    const refused = (error: unknown) => {
      expect(error).toBeInstanceOf(QueueFullError);
      full++;
    };
    const waiting = Array.from({ length: 1000 }, () => client.umask(PID));
    for (let i = 0; i < asked; i += 1000) {
      await Promise.all(Array.from({ length: 1000 }, () => client.groups(PID).catch(refused)));
      if (i === 0) expect(full).toBe(1000);
    }
    expect(await Promise.all(waiting)).toHaveLength(1000);
    expect(client.stats().pending).toBe(0);
    expect(await client.pgid(PID)).toBeGreaterThanOrEqual(0);
    await growth.end();
  }
  report(`maxQueue: ${4 * asked} calls past it or behind it, least growth of a round ${growth.resident} bytes`);
  expect(growth.values).toBeLessThanOrEqual(QUEUED.values);
  expect(growth.resident).toBeLessThanOrEqual(QUEUED.resident);
});

test('a thousand scopes are open at once, each with its own values', async () => {
  await using client = createClient({ threads: 2 });
  const scopes = await Promise.all(Array.from({ length: 1000 }, () => client.oneshot(PID)));
  const umasks = await Promise.all(scopes.map((scope) => scope.umask()));
  const limits = await Promise.all(scopes.map((scope) => scope.getrlimit('RLIMIT_NOFILE')));
  const { messages } = client.stats();
  expect(await Promise.all(scopes.map((scope) => scope.umask()))).toEqual(umasks);
  expect(await Promise.all(scopes.map((scope) => scope.getrlimit('RLIMIT_NOFILE')))).toEqual(limits);
  expect(client.stats().messages).toBe(messages);
  await Promise.all(scopes.map((scope) => scope.close()));
  expect(await client.umask(PID)).toBe(umasks[0]);
});

test('many clients work at once, and close', async () => {
  const clients = Array.from({ length: scaled(8, 100) }, () => createClient({ threads: 1 }));
  const umasks = await Promise.all(clients.map((client) => client.umask(PID)));
  expect(new Set(umasks).size).toBe(1);
  const scans = await Promise.all(clients.map((client) => client.scan({ fields: ['umask'], pids: [PID] })));
  expect(scans.every((table) => table.get(PID)?.umask === umasks[0])).toBe(true);
  await Promise.all(clients.map((client) => client.close()));
});

test('consumers of scanBatches that stop reading, or break out, hold no thread and little memory', async () => {
  const pids = Array.from({ length: scaled(8000, 200_000) }, (_, i) => (i % 100 === 0 ? PID : UNUSED_PID + i));
  const once = async () => {
    await using client = createClient({ threads: 2 });
    const left = Array.from({ length: CONSUMERS }, () => client.scanBatches({ pids, batchSize: 256 }));
    await Promise.all(left.map((batches) => batches.next()));
    // A consumer that stopped after one batch delays no other call.
    expect(await client.umask(PID)).toBeGreaterThanOrEqual(0);
    const { messages } = client.stats();
    for (let i = 0; i < 20; i++) await client.pgid(PID);
    expect(client.stats().messages - messages).toBe(20);
    for (let i = 0; i < CONSUMERS; i++) {
      for await (const _ of client.scanBatches({ pids, batchSize: 256 })) break;
    }
    expect((await client.scan({ fields: ['umask'], pids: [PID] })).length).toBe(1);
  };
  await once();
  const growth = new Growth();
  for (let round = 0; round < scaled(2, 10) || (round < MOST_ROUNDS && !growth.isWithin(LEFT)); round++) {
    await growth.begin();
    await once();
    await growth.end();
  }
  report(`scanBatches: ${2 * CONSUMERS} consumers a round who left, least growth of a round ${growth.resident} bytes`);
  expect(growth.values).toBeLessThanOrEqual(LEFT.values);
  expect(growth.resident).toBeLessThanOrEqual(LEFT.resident);
});
