import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A nats-server on a port of loopback that the system has chosen. */
export class NatsServer implements AsyncDisposable {
  readonly address: string;
  readonly pid: number;
  readonly #server: ChildProcess;
  readonly #log: { text: string };

  private constructor(server: ChildProcess, log: { text: string }) {
    this.#server = server;
    this.#log = log;
    this.pid = server.pid as number;
    this.address = /Listening for client connections on (\S+)/.exec(log.text)?.[1] as string;
  }

  /** `undefined` where there is none to start. */
  static async start(): Promise<NatsServer | undefined> {
    const server = spawn('nats-server', ['--addr', '127.0.0.1', '--port', '-1'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const log = { text: '' };
    return new Promise((resolve) => {
      server.on('error', () => resolve(undefined));
      server.on('exit', () => resolve(undefined));
      server.stderr.on('data', (data: Buffer) => {
        log.text += data.toString();
        if (log.text.includes('Server is ready')) resolve(new NatsServer(server, log));
      });
    });
  }

  /** How often it has dropped a connection that did not read fast enough. */
  get slowConsumers(): number {
    return this.#log.text.split('Slow Consumer').length - 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, 'exit');
    this.#server.kill();
    await ended;
  }
}
