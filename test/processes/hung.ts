import { Compiled } from './compiled.js';
import { commAndState } from './proc.js';
import { until } from './until.js';

/**
 * Processes whose memory map is locked. `ps` hangs on them, for everyone on this machine: keep them for a short time. They
 * end with this object, or forty seconds later.
 */
export class HungProcesses implements Disposable {
  readonly pids: readonly number[];
  readonly #server: Compiled;

  private constructor(server: Compiled, pids: readonly number[]) {
    this.#server = server;
    this.pids = pids;
  }

  static async start(count: number): Promise<HungProcesses> {
    const server = new Compiled('hung.c', [String(count)]);
    try {
      const pids = (await server.line()).trim().split(' ').map(Number);
      return new HungProcesses(server, pids);
    } catch (error) {
      server[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#server[Symbol.dispose]();
  }

  /** Resolves when none is left. */
  async end(): Promise<void> {
    await this.#server.end();
    await until('the hung processes have ended', () => this.pids.every((pid) => commAndState(pid) === undefined));
  }
}
