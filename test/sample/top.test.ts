import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('top() returns the busiest processes, the busiest first', async () => {
  using python = await Python.start();
  // Its thread is there, so that the first reading begins at once.
  await client.pids();
  const topping = client.top({ interval: 1500, count: 100_000 });
  await python.run('any(time.process_time() > end for end in [time.process_time() + 0.4] for _ in iter(int, 1))');
  const rows = await topping;
  expect(Object.keys(rows[0] ?? {})).toEqual(['pid', 'name', 'cpuPercent', 'memory']);
  const percents = rows.map(({ cpuPercent }) => cpuPercent as number);
  expect(percents).toEqual(percents.toSorted((a, b) => b - a));
  expect(rows.find(({ pid }) => pid === python.pid)?.cpuPercent).toBeGreaterThan(0);
});

test('top() returns ten processes after a second if nothing is said', async () => {
  const began = performance.now();
  expect((await client.top()).length).toBeLessThanOrEqual(10);
  expect(performance.now() - began).toBeGreaterThan(990);
});

test('top() by memory returns those with most resident memory', async () => {
  using python = await Python.start();
  await python.run('globals().update(kept=bytearray(300_000_000))');
  const rows = await client.top({ by: 'memory', count: 3, interval: 50 });
  expect(rows.map(({ pid }) => pid)).toContain(python.pid);
  const sizes = rows.map(({ memory }) => memory?.rss as number);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
});

test('top() by io returns those that read and wrote most', async () => {
  using python = await Python.start();
  await python.run('import tempfile');
  const topping = client.top({ by: 'io', count: 100_000, interval: 400 });
  await python.run('globals().update(file=tempfile.TemporaryFile(dir="."))');
  await python.run('file.write(bytes(5_000_000)) and file.flush() or os.fsync(file.fileno())');
  const rows = await topping;
  const row = rows.find(({ pid }) => pid === python.pid);
  expect(row?.ioRates?.writeBytes).toBeGreaterThan(1_000_000);
  const rates = rows.map(({ ioRates }) => (ioRates ? ioRates.readBytes + ioRates.writeBytes : -1));
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
});

test.each([
  [{ by: 'mem' }, /must be one of cpu, memory, io/],
  [{ count: 0 }, /"options\.count" is out of range/],
  [{ limit: 3 }, /has no option 'limit'; valid options are 'by', 'count', 'interval', 'signal'\./],
])('top() refuses %o', async (options, message) => {
  expect((await rejection(client.top(options as object))).message).toMatch(message);
});

test('top() rejects with the reason of its signal, and with ClientClosedError when the client is closed', async () => {
  const closing = createClient({ threads: 1 });
  expect(await rejection(closing.top({ interval: 60_000, signal: AbortSignal.timeout(50) }))).toMatchObject({
    name: 'TimeoutError',
  });
  const waiting = rejection(closing.top({ interval: 60_000 }));
  await closing.pids();
  await closing.close();
  expect(await waiting).toMatchObject({ name: 'ClientClosedError' });
});
