import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stateOf } from './proc.js';
import { Spawned } from './spawned.js';
import { until } from './until.js';

/**
 * A process that acts on itself and reports what it knows of itself: each line that it is
 * sent is a Python expression or statement, answered with its value. It ends when its input does, so also
 * when the test run is killed.
 */
export class Python implements Disposable {
  readonly pid: number;
  readonly #spawned: Spawned;
  readonly #answers: AsyncIterator<string>;

  private constructor(spawned: Spawned) {
    this.#spawned = spawned;
    this.pid = spawned.pid;
    const output = spawned.child.stdout;
    if (output === null) throw new Error('python3 was started without an output');
    this.#answers = createInterface({ input: output })[Symbol.asyncIterator]();
  }

  /** `wrapper` is a command that becomes the one it is given. */
  static async start(wrapper: readonly string[] = []): Promise<Python> {
    const command = [...wrapper, interpreter(), '-u', PROGRAM];
    const python = new Python(new Spawned(command, { stdio: ['pipe', 'pipe', 'inherit'] }));
    try {
      await python.run('None');
    } catch (error) {
      python[Symbol.dispose]();
      throw error;
    }
    return python;
  }

  /**
   * Runs a line and resolves with its value, or rejects with what it raised, when it waits for the next one: a signal in between
   * would have its handler run only then, at the end of that wait.
   */
  async run<T = unknown>(line: string): Promise<T> {
    this.#spawned.child.stdin?.write(`${JSON.stringify(line)}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`python3 ended instead of answering ${line}`);
    await until('python3 waits for a line', () => stateOf(this.pid) !== 'R');
    const { value, error } = JSON.parse(answer.value) as { value?: T; error?: string };
    if (error !== undefined) throw new Error(`python3, sent ${line}: ${error}`);
    return value as T;
  }

  /** Ends it; resolves when no process has its PID. */
  end(): Promise<void> {
    return this.#spawned.end();
  }

  /** Waits until a condition, a Python expression, holds. */
  async until(condition: string): Promise<void> {
    await until(condition, () => this.run<boolean>(condition));
  }

  [Symbol.dispose](): void {
    this.#spawned[Symbol.dispose]();
  }
}

const PROGRAM = fileURLToPath(new URL('obedient.py', import.meta.url));
let found: string | undefined;

/** The interpreter itself: what is on the path may be a script that looks for it. */
function interpreter(): string {
  found ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return found;
}
