import { isLastPart } from 'psutil-extra/remote';

/** Sends one message to the asker. */
export type Send = (data: Uint8Array) => void;

/** How long a window stays open without its next part. Then the asker shows that it still waits, by asking for more. */
export const WINDOW_MS = 5000;

/** Between the parts of two windows: "ask for more". */
const PAUSE = new Uint8Array(0);

/**
 * An answer that leaves in windows of some parts: after each of them the asker asks for more. So nothing piles up where an asker is
 * slow, one that is gone is noticed, and an answer may take hours, with a short permission to reply.
 */
export class AnswerWindows {
  readonly #parts: AsyncIterator<Uint8Array>;
  readonly #abort: AbortController;
  /** The part that was asked for and has not come, when a window was closed. */
  #next: Promise<IteratorResult<Uint8Array>> | undefined;
  #ended: Promise<void> | undefined;
  /** From the beginning: the first window was asked for with the answer. */
  #open = true;

  constructor(parts: AsyncIterable<Uint8Array>, abort: AbortController) {
    this.#parts = parts[Symbol.asyncIterator]();
    this.#abort = abort;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Sends the next parts. Returns whether there is more. */
  async send(send: Send, parts: number): Promise<boolean> {
    this.#open = true;
    try {
      const closes = performance.now() + WINDOW_MS;
      for (let sent = 0; sent < parts; sent++) {
        const step = await this.#step(closes - performance.now());
        if (step === undefined) break;
        // It was aborted, or is not of this version: an answer has a last part.
        if (step.done === true) throw new Error('the answer has no end');
        send(step.value);
        if (isLastPart(step.value)) {
          void this.end();
          return false;
        }
      }
      send(PAUSE);
      return true;
    } finally {
      this.#open = false;
    }
  }

  /** Ends the work for the answer, wherever it is. Resolves when it has ended: what the system does cannot be called back. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#abort.abort();
    try {
      await this.#parts.return?.();
    } catch {
      // It was given up.
    }
  }

  /** The next part, or `undefined` if it does not come in time: it is then the first of the next window. */
  async #step(ms: number): Promise<IteratorResult<Uint8Array> | undefined> {
    const next = this.#next ?? this.#parts.next();
    // Also if it is not waited for any more.
    next.catch(() => {});
    this.#next = next;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, ms), undefined);
    });
    try {
      const step = await Promise.race([next, late]);
      if (step !== undefined) this.#next = undefined;
      return step;
    } finally {
      clearTimeout(timer);
    }
  }
}
