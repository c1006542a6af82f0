// node dist/main.js [--port 8080] [--proc-root /proc] [--every 2000] [--watched 100] [--log]
import { parseArgs } from 'node:util';
import { server } from './server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    'proc-root': { type: 'string', default: '/proc' },
    every: { type: 'string', default: '2000' },
    watched: { type: 'string', default: '100' },
    log: { type: 'boolean', default: false },
  },
});
const app = server({
  procRoot: values['proc-root'],
  every: Number(values.every),
  watched: Number(values.watched),
  log: values.log,
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    app.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  });
}
// Loopback alone: what processes do is private, and this server does not distinguish users.
console.log(await app.listen({ host: '127.0.0.1', port: Number(values.port) }));
