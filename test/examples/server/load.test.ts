import { type ChildServer, childServer } from '@psutil-extra/example-server/child-server';
import { listeners, shots } from '@psutil-extra/example-server/shots';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../processes/until.js';

const EVERY = 200;
let server: ChildServer;

beforeAll(async () => {
  server = await childServer(['--every', String(EVERY)]);
});

afterAll(() => server[Symbol.asyncDispose]());

async function health(): Promise<{ listeners: number; scans: number }> {
  return (await (await fetch(`${server.url}/health`)).json()) as { listeners: number; scans: number };
}

describe('the server under load', () => {
  it('answers every request of 20 connections while 50 pages watch', async () => {
    const watching = await listeners(server.url, 50);
    const paths = [`/processes/${server.pid}`, '/processes?fields=name,umask', '/metrics', '/'];
    const fired = await shots(server.url, paths, { seconds: 1, connections: 20 });
    await watching.close();
    expect(fired.map(({ path, failed }) => ({ path, failed }))).toEqual(paths.map((path) => ({ path, failed: 0 })));
    for (const { requestsASecond, path } of fired) expect(requestsASecond, path).toBeGreaterThan(20);
  });

  it('scans once for all listeners', async () => {
    const watching = await listeners(server.url, 50);
    const before = await health();
    const from = Date.now();
    await until('there were ten more scans', async () => (await health()).scans >= before.scans + 10);
    const { scans } = await health();
    const atMost = (Date.now() - from) / EVERY + 2;
    await watching.close();
    expect(before.listeners).toBe(50);
    expect(scans - before.scans).toBeLessThanOrEqual(atMost);
    // And all of them have received it.
    expect(watching.received.every((bytes) => bytes > 0)).toBe(true);
  });

  it('stops scanning when the last listener has gone', async () => {
    await until('the last has gone', async () => (await health()).listeners === 0);
    const last = await until('a scan that was under way is done', async () => {
      const { scans } = await health();
      await new Promise((resolve) => setTimeout(resolve, EVERY * 3));
      return (await health()).scans === scans ? { scans } : undefined;
    });
    expect((await health()).scans).toBe(last.scans);
  });
});
