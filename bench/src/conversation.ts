import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that answers each line on its stdin with a line on its stdout, and ends when stdin does. */
export class Conversation implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;
  readonly #ended: Promise<void>;

  constructor(program: string, args: readonly string[] = []) {
    this.#name = program.slice(program.lastIndexOf('/') + 1);
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    // If it could not be started or has ended, the next answer fails.
    child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      child.on('close', () => resolve());
      child.on('error', () => resolve());
    });
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#child = child;
  }

  async ask(line: string): Promise<string> {
    this.#child.stdin?.write(`${line}\n`);
    return this.answer();
  }

  async answer(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.#name} has ended`);
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}
