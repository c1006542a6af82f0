import { setTimeout as sleep } from 'node:timers/promises';
import { compile } from './compile.js';
import { Conversation } from './conversation.js';

/** Real processes that sleep or are busy, as many as are asked for. They end with the program that asked. */
export class Herd implements AsyncDisposable {
  readonly #program: Conversation;
  #size = 0;

  constructor(member: 'sleeper' | 'busy' = 'sleeper') {
    this.#program = new Conversation(compile('herd'), [compile(member)]);
  }

  async resize(size: number): Promise<void> {
    if (size === this.#size) return;
    const answer = await this.#program.ask(String(size));
    if (answer !== `ready ${size}`)
      throw new Error(`a herd of ${size} processes was asked for, the answer is ${answer}`);
    this.#size = size;
    // The kernel frees what ended processes held some time after they were waited for.
    await sleep(SETTLING_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

const SETTLING_MS = 300;
