import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';
import { ROOT } from '../../documents/markdown.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';

/** The permissions that the README shows. */
export const CONFIG = `${ROOT}packages/nats/nats-server.conf`;
const PASSWORDS = { HOSTS_PASSWORD: 'of-hosts', ASKERS_PASSWORD: 'of-askers' };

/** How one connects as a user: what a program is given. */
export interface Login {
  readonly servers: string;
  readonly user: string;
  readonly pass: string;
  readonly inboxPrefix?: string;
}

/** A nats-server with authentication on a port of loopback that the system has chosen. It ends with the block that holds it. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly #config: string;
  readonly #connections: NatsConnection[] = [];
  #server: Spawned;

  private constructor(server: Spawned, port: number, config: string) {
    this.#server = server;
    this.port = port;
    this.#config = config;
  }

  /** @param text the text of a configuration; that of the README without one. */
  static async start(text?: string): Promise<NatsServer> {
    const config = text === undefined ? CONFIG : join(mkdtempSync(join(tmpdir(), 'psutil-extra-nats-')), 'nats.conf');
    if (text !== undefined) writeFileSync(config, text);
    const { server, port } = await started(config, -1);
    return new NatsServer(server, port, config);
  }

  get pid(): number {
    return this.#server.pid;
  }

  login(user: 'hosts' | 'askers'): Login {
    const servers = `127.0.0.1:${this.port}`;
    return user === 'hosts'
      ? { servers, user, pass: PASSWORDS.HOSTS_PASSWORD }
      : { servers, user, pass: PASSWORDS.ASKERS_PASSWORD, inboxPrefix: '_INBOX_askers' };
  }

  /** A connection that is closed with the server. */
  async connect(user: 'hosts' | 'askers', options: ConnectionOptions = {}): Promise<NatsConnection> {
    const connection = await connect({ ...this.login(user), ...options });
    this.#connections.push(connection);
    return connection;
  }

  async end(): Promise<void> {
    await this.#server.end();
  }

  /** Starts it anew on its port. */
  async restart(): Promise<void> {
    await this.end();
    this.#server = (await started(this.#config, this.port)).server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await this.end();
    if (this.#config !== CONFIG) rmSync(join(this.#config, '..'), { recursive: true });
  }
}

/** The configuration of the README with one more setting. */
export function configWith(setting: string): string {
  return `${readFileSync(CONFIG, 'utf8')}\n${setting}\n`;
}

async function started(config: string, port: number): Promise<{ server: Spawned; port: number }> {
  const command = ['nats-server', '--addr', '127.0.0.1', '--port', String(port), '--config', config];
  const server = new Spawned(command, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...PASSWORDS } });
  let log = '';
  server.child.stderr?.on('data', (data: Buffer) => {
    log += data.toString();
  });
  try {
    await until('nats-server is ready', () => {
      if (!server.running) throw new Error(`nats-server has ended: ${log}`);
      return log.includes('Server is ready');
    });
  } catch (error) {
    server[Symbol.dispose]();
    throw error;
  }
  const chosen = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
  return { server, port: Number(chosen) };
}
