import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { environmentOf } from './preload.js';

/** A program that is ended, by its PID, when it goes out of scope: `using child = …`. */
export class Spawned implements Disposable {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly #ended: Promise<void>;

  constructor(command: readonly string[], options: SpawnOptions) {
    const [program, ...args] = command;
    this.child = spawn(program as string, args, { env: environmentOf(program as string), ...options });
    // A program that does not exist has no PID, and says why later.
    this.child.on('error', () => {});
    if (this.child.pid === undefined) throw new Error(`${program} could not be started; is it installed?`);
    this.pid = this.child.pid;
    this.#ended = new Promise((resolve) => {
      this.child.on('exit', () => resolve());
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it; resolves when it has been waited for, so that no process has its PID. */
  async end(): Promise<void> {
    this[Symbol.dispose]();
    await this.#ended;
  }

  [Symbol.dispose](): void {
    if (this.running) this.child.kill('SIGKILL');
  }
}
