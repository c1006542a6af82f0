import type { Reply } from '@psutil-extra/worker';
import type { ScopePort, ScopePorts } from '../threads/backend.js';

/** The thread that caches what a scope has read. If it dies, another thread takes its place. */
export class ScopeThread {
  readonly #scope: number;
  readonly #ports: ScopePorts;
  #port: ScopePort | undefined;

  constructor(scope: number, ports: ScopePorts) {
    this.#scope = scope;
    this.#ports = ports;
  }

  /** The port of the thread, if the scope has one that is alive. */
  get alive(): Reply<ScopePort> | undefined {
    return this.#port === undefined || this.#port.dead ? undefined : { ok: true, value: this.#port };
  }

  /** The port of the thread. Chooses a thread if the scope has none that is alive. */
  async choose(): Promise<Reply<ScopePort>> {
    if (this.#port === undefined || this.#port.dead) {
      const picked = await this.#ports.pick();
      if (!picked.ok) return picked;
      // Two requests may have waited for the same port.
      if (this.#port === undefined || this.#port.dead) {
        this.#port = picked.value;
        this.#port.scopes++;
      }
    }
    return { ok: true, value: this.#port };
  }

  /** The thread may forget what it has read for this scope. */
  leave(): void {
    this.#port?.end(this.#scope);
    this.#port = undefined;
  }
}
