import { compile } from './compile.js';
import { Conversation } from './conversation.js';

/** Makes trees of 200 sleeping processes below a root, one at a time: see native/tree.c. */
export class Tree implements AsyncDisposable {
  readonly #program = new Conversation(compile('tree'), [compile('sleeper')]);

  /** The PID of its root. */
  async make(): Promise<number> {
    return Number(await this.#program.ask('10 19'));
  }

  /** Resolves when the last process of the tree has ended and has been waited for. */
  async gone(): Promise<void> {
    await this.#program.answer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

export const DESCENDANTS = 200;
