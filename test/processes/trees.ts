import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Spawned } from './spawned.js';

/** A process that makes trees of processes: see tree.py. What is left of them is ended when it goes out of scope. */
export class Trees implements Disposable {
  readonly pid: number;
  readonly #spawned: Spawned;
  readonly #answers: AsyncIterator<string>;
  readonly #made: number[] = [];

  constructor() {
    const program = fileURLToPath(new URL('tree.py', import.meta.url));
    this.#spawned = new Spawned(['python3', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.pid = this.#spawned.pid;
    const { stdout } = this.#spawned.child;
    this.#answers = createInterface({ input: stdout as NonNullable<typeof stdout> })[Symbol.asyncIterator]();
  }

  /** The PIDs of a tree, the root first. */
  async make(what: string): Promise<number[]> {
    this.#spawned.child.stdin?.write(`${what}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`tree.py ended instead of making ${what}`);
    const pids = JSON.parse(answer.value) as number[];
    this.#made.push(...pids);
    return pids;
  }

  [Symbol.dispose](): void {
    for (const pid of this.#made) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended in the test.
      }
    }
    this.#spawned[Symbol.dispose]();
  }
}
