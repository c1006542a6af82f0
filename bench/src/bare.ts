import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A thread that answers each message with the same message: what asking another thread costs at least. */
export class BareThread implements AsyncDisposable {
  readonly #worker = new Worker(
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (message) => parentPort.postMessage(message));",
    { eval: true },
  );
  #resolve: (value: unknown) => void = () => {};

  constructor() {
    this.#worker.on('message', (message) => this.#resolve(message));
  }

  roundTrip(): Promise<unknown> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(1);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A blocking read of a process's `status`, by the quickest way that fs has. */
export function blockingRead(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}
