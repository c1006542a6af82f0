import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

/** A Redis that keeps nothing, on loopback, which ends with the block that holds it. */
export class Redis implements AsyncDisposable {
  readonly port: number;
  readonly #server: Spawned;

  private constructor(port: number, server: Spawned) {
    this.port = port;
    this.#server = server;
  }

  static async start(folder: string): Promise<Redis> {
    const port = await freePort();
    const options = [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ];
    const server = new Spawned(['redis-server', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    let log = '';
    server.child.stdout?.on('data', (data: Buffer) => {
      log += data.toString();
    });
    try {
      await until('Redis accepts connections', () => {
        if (!server.running) throw new Error(`redis-server has ended: ${log}`);
        return log.includes('Ready to accept connections');
      });
    } catch (error) {
      server[Symbol.dispose]();
      throw error;
    }
    return new Redis(port, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
