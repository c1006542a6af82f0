import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type MetricsServer, serveMetrics } from '../../packages/metrics/dist/index.js';
import { until } from '../processes/until.js';
import { World } from './world.js';

async function served(world = new World()) {
  const server = await serveMetrics(world.client(), { port: 0, interval: 50 });
  await server.groups.ready();
  return server;
}

async function get(server: MetricsServer, path: string, method = 'GET') {
  const response = await fetch(`${server.url}${path}`, { method });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

describe('a server of metrics', () => {
  it('listens on this machine alone, unless an address is named', async () => {
    await using server = await served();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await using other = await serveMetrics(new World().client(), { port: 0, host: '::1' });
    expect(other.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  it('answers /metrics for Prometheus, /, and nothing else', async () => {
    const world = new World();
    world.start({ name: 'nginx' });
    await using server = await served(world);
    expect(await get(server, '/metrics')).toMatchObject({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: expect.stringContaining('process_group_threads{group="nginx"} 1\n'),
    });
    expect(await get(server, '/metrics?x=1')).toMatchObject({ status: 200 });
    expect(await get(server, '/')).toMatchObject({ status: 200, text: expect.stringContaining('href="/metrics"') });
    expect(await get(server, '/proc')).toMatchObject({ status: 404 });
    expect(await get(server, '/metrics', 'POST')).toMatchObject({ status: 405 });
    expect(await get(server, '/metrics', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it('makes the text once for each reading', async () => {
    const world = new World();
    await using server = await served(world);
    let written = 0;
    const metrics = server.registry.metrics.bind(server.registry);
    server.registry.metrics = () => {
      written++;
      return metrics();
    };
    await Promise.all([1, 2, 3].map(() => get(server, '/metrics')));
    expect(written).toBe(1);
    await world.read(server.groups);
    await get(server, '/metrics');
    expect(written).toBe(2);
  });

  it('is healthy until the last reading is older than three intervals, and says why it is not', async () => {
    const world = new World();
    await using server = await served(world);
    await world.read(server.groups);
    expect(await get(server, '/healthz')).toEqual({ status: 200, type: 'text/plain; charset=utf-8', text: 'ok\n' });
    // Nothing is read any more.
    const { text } = await until('it is not healthy', async () => {
      const answer = await get(server, '/healthz');
      return answer.status === 503 ? answer : undefined;
    });
    expect(text).toMatch(/^The last reading is \d+\.\d s old, and one is due every 0\.05 s\n$/);
    world.failure = new Error('no descriptors are left');
    await world.read(server.groups);
    expect((await get(server, '/healthz')).text).toMatch(/due every 0\.05 s: no descriptors are left\n$/);
  });

  it('is not healthy before the first reading', async () => {
    const world = new World();
    world.failure = new Error('there is no /proc');
    // So long that nothing is read again before the answer.
    await using server = await serveMetrics(world.client(), { port: 0, interval: 60_000 });
    await server.groups.ready().catch(() => {});
    expect(await get(server, '/healthz')).toMatchObject({
      status: 503,
      text: 'No processes have been read yet: there is no /proc\n',
    });
  });

  it('ends at once, also for those who keep a connection open', async () => {
    const server = await served();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    socket.on('error', () => {});
    await server.close();
    await closed;
    await server.close();
  });

  it('rejects where another program has the port, and reads nothing then', async () => {
    await using first = await served();
    const world = new World();
    const port = Number(new URL(first.url).port);
    await expect(serveMetrics(world.client(), { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    expect(world.active).toBe(0);
  });
});
