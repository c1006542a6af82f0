import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import Fastify from 'fastify';
import { createClient } from 'psutil-extra';
import type { Scanner } from '../libraries.js';

/**
 * A server that answers GET / with a process's snapshot, and meanwhile scans without pause by the library it
 * is given. Prints its port, and when its stdin closes, the number of scans.
 */
export async function serve(scan: Scanner | undefined, print: (value: unknown) => void): Promise<void> {
  const client = scan?.client ?? createClient({ threads: 1, source: 'procfs' });
  const server = Fastify({ logger: false });
  server.get('/', () => client.snapshot(process.pid));
  const address = await server.listen({ host: '127.0.0.1', port: 0 });

  let scans = 0;
  const began = performance.now();
  const scanning = (async () => {
    if (scan === undefined) return;
    for (;;) {
      await scan();
      scans++;
      await setImmediate();
    }
  })();
  print({ port: Number(new URL(address).port) });
  await Promise.race([once(process.stdin.resume(), 'end'), failure(scanning)]);
  print({ scans: scans / ((performance.now() - began) / 1000) });
}

/** Never resolves; rejects if this rejects. */
function failure(work: Promise<void>): Promise<never> {
  return new Promise((_, reject) => {
    work.catch(reject);
  });
}
