import { Compiled } from './compiled.js';
import { commAndState } from './proc.js';
import { until } from './until.js';

/**
 * Processes whose memory map is locked. `ps` hangs on them, for everyone on this machine: keep them for a short time. They
 * end with this object, with this program, or after the seconds that are given.
 */
export class HungProcesses implements Disposable {
  readonly pids: readonly number[];
  readonly #server: Compiled;

  private constructor(server: Compiled, pids: readonly number[]) {
    this.#server = server;
    this.pids = pids;
  }

  static async start(count: number, seconds = 40): Promise<HungProcesses> {
    const server = new Compiled('hung.c', [String(count), String(seconds)]);
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
