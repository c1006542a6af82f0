/**
 * A signal that ends the command, such as ^C, while it must not end at once: it aborts instead. When the work has been undone, the
 * command ends by the signal, so that a shell sees by what. A second one ends it at once.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  #by: NodeJS.Signals | undefined;

  constructor() {
    for (const name of ENDING) process.once(name, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#stopListening();
    if (this.#by !== undefined) process.kill(process.pid, this.#by);
  }

  readonly #interrupt = (by: NodeJS.Signals) => {
    this.#stopListening();
    this.#by = by;
    this.#controller.abort();
  };

  #stopListening(): void {
    for (const name of ENDING) process.off(name, this.#interrupt);
  }
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
