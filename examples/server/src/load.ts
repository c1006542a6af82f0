// npm run load [-- --seconds 5 --connections 20 --listeners 50]: fires at a server on this machine while pages watch it.
import { parseArgs } from 'node:util';
import { childServer } from './child-server.js';
import { listeners, shots } from './shots.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '20' },
    listeners: { type: 'string', default: '50' },
  },
});
const watched = Number(values.listeners);
const server = await childServer();
try {
  const watching = await listeners(server.url, watched);
  const before = await health(server.url);
  const from = performance.now();
  const paths = [
    `/processes/${server.pid}`,
    '/processes?fields=name,umask',
    '/processes?ignores=SIGTERM',
    '/metrics',
    '/',
  ];
  const fired = await shots(server.url, paths, {
    seconds: Number(values.seconds),
    connections: Number(values.connections),
  });
  const after = await health(server.url);
  await watching.close();
  console.table(
    Object.fromEntries(
      fired.map(({ path, requestsASecond, p50, p99, failed }) => [
        path,
        { 'requests/s': Math.round(requestsASecond), 'p50 ms': p50, 'p99 ms': p99, failed },
      ]),
    ),
  );
  const seconds = (performance.now() - from) / 1000;
  console.log(`${watched} pages watched and shared ${after.scans - before.scans} readings in ${seconds.toFixed(0)} s`);
} finally {
  await server[Symbol.asyncDispose]();
}

async function health(url: string): Promise<{ scans: number }> {
  return (await (await fetch(`${url}/health`)).json()) as { scans: number };
}
