import { fileURLToPath } from 'node:url';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import type { Login } from './nats-server.js';

/** What the program of a host is given. */
export interface HostSettings {
  readonly login: Login;
  readonly serve: { readonly host: string; readonly allow?: readonly string[]; readonly redact?: readonly string[] };
  readonly client?: { readonly procRoot?: string };
}

/** A host of the fleet: a program of its own that serves. */
export class HostProcess implements AsyncDisposable {
  readonly name: string;
  readonly #program: Spawned;
  #output = '';

  constructor(settings: HostSettings) {
    this.name = settings.serve.host;
    const file = fileURLToPath(new URL('host.mjs', import.meta.url));
    // Small: there are fifty of them.
    const command = [process.execPath, '--max-old-space-size=64', file, JSON.stringify(settings)];
    this.#program = new Spawned(command, { stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#program.child.stdout, this.#program.child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#output += data.toString();
      });
    }
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** Resolves when it serves. */
  async ready(): Promise<this> {
    await until(`${this.name} serves`, () => {
      if (!this.#program.running) throw new Error(`${this.name} has ended: ${this.#output}`);
      return this.#output.includes('serves ');
    });
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.#program.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end();
  }
}
