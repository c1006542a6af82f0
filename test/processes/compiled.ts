import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Spawned } from './spawned.js';

/** A C program of this folder, compiled and running: a line to it, a line from it. Ends when it goes out of scope. */
export class Compiled implements Disposable {
  readonly pid: number;
  readonly #spawned: Spawned;
  readonly #folder: string;
  readonly #answers: AsyncIterator<string>;

  constructor(source: string, args: readonly string[] = []) {
    this.#folder = mkdtempSync(join(tmpdir(), 'psutil-extra-compiled-'));
    const program = join(this.#folder, basename(source, '.c'));
    try {
      const path = fileURLToPath(new URL(source, import.meta.url));
      execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-pthread', '-o', program, path]);
      this.#spawned = new Spawned([program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    } catch (error) {
      rmSync(this.#folder, { recursive: true });
      throw error;
    }
    this.pid = this.#spawned.pid;
    const { stdout } = this.#spawned.child;
    this.#answers = createInterface({ input: stdout as NonNullable<typeof stdout> })[Symbol.asyncIterator]();
  }

  /** The next line that it prints, after it has been sent one if one is given. */
  async line(sent?: string): Promise<string> {
    if (sent !== undefined) this.#spawned.child.stdin?.write(`${sent}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`the program ended instead of answering ${sent}`);
    return answer.value;
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#spawned.running;
  }

  end(): Promise<void> {
    return this.#spawned.end();
  }

  [Symbol.dispose](): void {
    this.#spawned[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
