import { atEndingSignal } from './ending-signals.mjs';

/**
 * A signal that ends the command, such as ^C, while it must not end at once: it aborts instead. When the work has been undone, the
 * command ends by the signal, so that a shell sees by what.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  #by: NodeJS.Signals | undefined;
  readonly #stop = atEndingSignal((by) => {
    this.#by = by;
    this.#controller.abort();
  });

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#stop();
    if (this.#by !== undefined) process.kill(process.pid, this.#by);
  }
}
