import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type ChildServer, childServer } from '@psutil-extra/example-server/child-server';
import { listeners } from '@psutil-extra/example-server/shots';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { eventsOf } from './events.js';

const MOST = 3;
let server: ChildServer;

beforeAll(async () => {
  server = await childServer(['--every', '100', '--watched', String(MOST)]);
});

afterAll(() => server[Symbol.asyncDispose]());

describe('the events', () => {
  it('are a table, and then what processes use, without the rows of those about which nothing else changes', async () => {
    using busy = new Spawned([process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
    const isBusy = ({ uses }: Change) => uses.some(([pid, cpu]) => pid === busy.pid && (cpu ?? 0) > 20);
    const kinds: string[] = [];
    for await (const { event, data } of eventsOf(`${server.url}/live`)) {
      kinds.push(event);
      const change = data as Change;
      if (event !== 'change' || !isBusy(change)) continue;
      // Its state may just have changed, between two readings of a busy machine.
      if (change.rows.some(({ pid }) => pid === busy.pid)) continue;
      expect(change.elapsed).toBeGreaterThan(50);
      break;
    }
    expect(kinds[0]).toBe('table');
  });
});

describe('HEAD /live', () => {
  it('is answered with the head of the events, and ends', async () => {
    const answer = await fetch(`${server.url}/live`, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(await answer.text()).toBe('');
    expect(await listening()).toBe(0);
  });
});

describe('GET /live', () => {
  it('is a 503 with Retry-After at the maximum of listeners, until one has gone', async () => {
    const watching = await listeners(server.url, MOST);
    try {
      for (const method of ['GET', 'HEAD']) {
        const answer = await fetch(`${server.url}/live`, { method, signal: AbortSignal.timeout(10_000) });
        expect({ status: answer.status, again: answer.headers.get('retry-after') }).toEqual({
          status: 503,
          again: '1',
        });
        if (method === 'GET') expect(await answer.json()).toMatchObject({ error: 'TOO_MANY_LISTENERS' });
      }
      expect(await listening()).toBe(MOST);
    } finally {
      await watching.close();
    }
    await until('they have gone', async () => (await listening()) === 0);
    const next = await listeners(server.url, 1);
    await next.close();
  });

  it('starts once the earlier answers on its connection are sent', async () => {
    const socket = await opened();
    let received = '';
    socket.setEncoding('utf8').on('data', (data: string) => {
      received += data;
    });
    socket.write(request('/health') + request('/live'));
    await until('events come', () => received.includes('event: table'));
    expect(received.indexOf('"listeners":0')).toBeGreaterThan(0);
    expect(received.indexOf('"listeners":0')).toBeLessThan(received.indexOf('text/event-stream'));
    expect(await listening()).toBe(1);
    socket.destroy();
    await until('it is gone', async () => (await listening()) === 0);
  });

  it.each(['/live', '/health'])('ends the connection if %s is requested after it', async (path) => {
    const socket = await opened();
    const closed = closing(socket);
    socket.resume().write(request('/live') + request(path));
    await closed;
    await until('it is gone', async () => (await listening()) === 0);
  });

  it('keeps none of thousands of requests that were sent at once and are never answered', async () => {
    await flood();
    const before = residentMiB(server.pid);
    for (let round = 0; round < 5; round++) await flood();
    expect(await listening()).toBe(0);
    // All five would be 150 MiB with the first table alone.
    expect(residentMiB(server.pid) - before).toBeLessThan(60);
  });
});

/** Five connections with three thousand requests each, until the server or this ends them. */
async function flood(): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: 5 }, opened));
  const closed = sockets.map(closing);
  for (const socket of sockets) socket.resume().write(request('/live').repeat(3000));
  await until('no more listen than may', async () => (await listening()) <= MOST);
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  await until('none listens', async () => (await listening()) === 0);
}

async function opened(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  // A connection that is ended with requests underway is reset.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Not by `once`, which rejects where the connection is reset. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function request(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
}

async function listening(): Promise<number> {
  return ((await (await fetch(`${server.url}/health`)).json()) as { listeners: number }).listeners;
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

interface Change {
  readonly elapsed: number | null;
  readonly rows: readonly { readonly pid: number }[];
  readonly uses: readonly (readonly [pid: number, cpu: number | null, rss: number | null])[];
}
