import { Compiled } from './compiled.js';
import { commAndState } from './proc.js';

/** A tree whose processes fork twice once they get SIGTERM, so that their children belong to init: see deserters.c. */
export class Deserters implements Disposable {
  readonly root: number;
  readonly #program: Compiled;

  /** `relay`: after so many microseconds each forks the next one and ends; 0 lets it live. */
  static async make(workers: number, relay: number): Promise<Deserters> {
    const program = new Compiled('deserters.c', [workers, 5, relay].map(String));
    const [root] = (await program.line()).split(' ').map(Number);
    return new Deserters(program, root as number);
  }

  private constructor(program: Compiled, root: number) {
    this.#program = program;
    this.root = root;
  }

  /** How many there have been, and the PIDs of those that live. */
  async left(): Promise<{ made: number; left: number[] }> {
    const line = await this.#program.line('deserters');
    const pids = [...new Set(line.split(' ').map(Number))].filter((pid) => pid > 0);
    return { made: pids.length, left: pids.filter(isDeserter) };
  }

  /** How many signals its neighbours have got, which fork twice, too, and how many of these have been stopped or have ended. */
  neighbours(): Promise<string> {
    return this.#program.line('harmed');
  }

  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]();
    try {
      process.kill(-this.root, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }
}

/** Whether such a process has not ended. */
export function isDeserter(pid: number): boolean {
  return /^deserters [^ZX]/.test(commAndState(pid) ?? '');
}
