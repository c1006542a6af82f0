// npm run fleet: three servers on loopback and a Prometheus that scrapes them, until Ctrl-C.
import { once } from 'node:events';
import { childServer } from './child-server.js';
import { prometheus } from './prometheus.js';

const servers = await Promise.all([1, 2, 3].map(() => childServer()));
try {
  const scraper = await prometheus(servers.map(({ url }) => url));
  console.log(`servers     ${servers.map(({ url }) => url).join('  ')}`);
  console.log(
    `prometheus  ${scraper.url}/graph?g0.expr=sum%20by%20(instance%2C%20state)%20(psutil_processes)&g0.tab=0`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await scraper[Symbol.asyncDispose]();
} finally {
  await Promise.all(servers.map((each) => each[Symbol.asyncDispose]()));
}
