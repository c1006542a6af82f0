import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { serveMetrics } from '@psutil-extra/metrics';
import { createClient } from 'psutil-extra';

/** What the exporter did until its stdin was closed. */
export interface Served {
  /** Milliseconds. */
  readonly delayP99: number;
  /** Megabytes. */
  readonly rss: number;
  /** Bytes of a scrape. */
  readonly text: number;
  /** Milliseconds of processor time for each second. */
  readonly busy: number;
}

/** Serves metrics by name, with a reading each second, until stdin is closed. */
export async function served(): Promise<Served> {
  const client = createClient();
  const server = await serveMetrics(client, { port: 0, interval: 1000, slowInterval: 2000 });
  await server.groups.ready();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const before = process.cpuUsage();
  process.stderr.write(`${server.url}/metrics\n`);
  await once(process.stdin.resume(), 'end');
  delay.disable();
  const { user, system } = process.cpuUsage(before);
  const text = await server.registry.metrics();
  return {
    // A tick of the monitor itself is a millisecond.
    delayP99: delay.percentile(99) / 1e6 - 1,
    rss: process.memoryUsage.rss() / 1e6,
    text: Buffer.byteLength(text),
    busy: (user + system) / (performance.now() - began),
  };
}
