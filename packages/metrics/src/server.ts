import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Client } from 'psutil-extra';
import { checkInteger, checkNames, invalidType } from './arguments.js';
import { type GroupOptions, NAMES } from './options.js';
import { groupProcesses, type ProcessGroups } from './process-groups.js';
import { exportToPrometheus } from './prometheus.js';

/** Options of `serveMetrics()`. */
export interface ServeOptions extends GroupOptions {
  /** The port, up to 65,535; 0 is any that is free. Default 9256. */
  readonly port?: number | undefined;
  /** The address, IPv4 or IPv6 without brackets. Default `'127.0.0.1'`, which only this machine reaches. */
  readonly host?: string | undefined;
}

/**
 * Serves the metrics of groups: `/metrics` for Prometheus, `/healthz`, and `/` with links. Resolves when it listens. Until
 * processes have been read once, which `groups.ready()` waits for, `/metrics` counts none. It keeps the program alive until it is
 * closed, and does not close the client.
 *
 * @throws TypeError or RangeError if an option is wrong.
 * @throws what `server.listen()` of Node emits, such as `EADDRINUSE`.
 */
export async function serveMetrics(client: Client, options: ServeOptions = {}): Promise<MetricsServer> {
  const { port, host, ...ofGroups } = checkNames('options', options, ['port', 'host', ...NAMES]) as ServeOptions;
  if (host !== undefined && (typeof host !== 'string' || host === '')) {
    throw invalidType('options.host', 'an address', host);
  }
  const checked = checkInteger('options.port', port, DEFAULT_PORT, 0, 65_535);
  const groups = groupProcesses(client, ofGroups);
  const served = new MetricsServer(groups, exportToPrometheus(groups));
  try {
    await served.listen(checked, host ?? LOOPBACK);
    return served;
  } catch (error) {
    await groups.close();
    throw error;
  }
}

/** A server of metrics. */
export class MetricsServer implements AsyncDisposable {
  /** What it serves. They are closed with it. */
  readonly groups: ProcessGroups;
  /** Metrics of your own that you register there are served too, as they are at the first scrape after each reading. */
  readonly registry: Registry;
  readonly #server: Server;
  /** What the last scrape got, for those that ask before there is another reading. */
  #answer: { readonly attempts: number; readonly text: Promise<string> } | undefined;

  /** @internal Made by `serveMetrics()`. */
  constructor(groups: ProcessGroups, registry: Registry) {
    this.groups = groups;
    this.registry = registry;
    // A reader that sends nothing, or takes nothing, must not stay for ever.
    this.#server = createServer({ requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS, maxHeaderSize: 16_384 });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.setTimeout(PATIENCE_MS * 2);
    this.#server.on('request', (request, response) => void this.#respond(request, response));
  }

  /** Where it is: `http://127.0.0.1:9256`. */
  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** @internal */
  async listen(port: number, host: string): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
  }

  /** Ends it at once, also for those who wait for an answer. */
  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    }
    await this.groups.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/' } = request;
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      this.#send(response, 405, 'Only GET and HEAD are answered.\n');
      return;
    }
    switch (url.split('?')[0]) {
      case '/metrics':
        try {
          this.#send(response, 200, await this.#text(), this.registry.contentType);
        } catch (error) {
          this.#send(response, 500, `The metrics could not be written: ${messageOf(error)}\n`);
        }
        return;
      case '/healthz': {
        const why = this.#illness();
        this.#send(response, why === undefined ? 200 : 503, why === undefined ? 'ok\n' : `${why}\n`);
        return;
      }
      case '/':
        this.#send(response, 200, HOME, 'text/html; charset=utf-8');
        return;
      default:
        this.#send(response, 404, 'There are /metrics and /healthz.\n');
    }
  }

  #send(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text);
  }

  /** Written once for each reading, however often it is requested. */
  #text(): Promise<string> {
    const attempts = this.groups.readings + this.groups.failures;
    if (this.#answer?.attempts !== attempts) this.#answer = { attempts, text: this.registry.metrics() };
    return this.#answer.text;
  }

  /** Why it is not healthy. */
  #illness(): string | undefined {
    const { age, interval, error } = this.groups;
    if (age <= interval * STALE_INTERVALS) return undefined;
    const because = error === undefined ? '' : `: ${messageOf(error)}`;
    if (Number.isNaN(age)) return `No processes have been read yet${because}`;
    return `The last reading is ${(age / 1000).toFixed(1)} s old, and one is due every ${interval / 1000} s${because}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const DEFAULT_PORT = 9256;
const LOOPBACK = '127.0.0.1';
const PATIENCE_MS = 10_000;
const MOST_CONNECTIONS = 128;
const STALE_INTERVALS = 3;
const HOME = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Process groups</title>
<h1>Process groups</h1>
<p><a href="/metrics">/metrics</a> is for Prometheus. <a href="/healthz">/healthz</a> says whether processes are being read.</p>
</html>
`;
