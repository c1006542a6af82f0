import { compile } from './compile.js';
import { Conversation } from './conversation.js';

/** What it does of each process. */
export type Work =
  | 'list'
  | 'stat'
  | 'held'
  | 'status'
  | 'status limits'
  | 'status limits shared'
  | 'status stat statm cmdline'
  | 'status limits stat statm io oom_score_adj'
  | 'status limits stat statm io oom_score_adj namespaces';

/** The least that a C program must do to read what a scan returns: see native/floor.c. */
export class Floor implements AsyncDisposable {
  readonly #program: Conversation;

  constructor() {
    this.#program = new Conversation(compile('floor'));
  }

  /** Microseconds a process, for one round over all of them. */
  async round(work: Work = 'status limits'): Promise<number> {
    const [processes, nanoseconds] = (await this.#program.ask(work)).split(' ').map(Number);
    if (!processes || !nanoseconds) throw new Error('the floor has not answered');
    return nanoseconds / processes / 1000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
