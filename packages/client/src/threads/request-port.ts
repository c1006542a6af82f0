import { types } from 'node:util';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type AnswerOf, packRead, type Reply, type UrgentRequest } from '@psutil-extra/worker';

/**
 * The port on which a thread takes urgent requests, past piscina: most are one number, and so is their answer. The thread
 * answers each before it takes the next, so answers need no number of their request. Its calls never reject and never hang.
 */
export class RequestPort {
  /** The end of the thread. */
  readonly remote: MessagePort;
  readonly #port: MessagePort;
  readonly #answered: () => void;
  /** The callers that wait, in the order of their requests. */
  readonly #waiting: ((reply: Reply<never>) => void)[] = [];

  /** `answered` is called before each answer is given, and `closed` when the port can bring no more. */
  constructor(answered: () => void, closed: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.remote = port2;
    this.#port = port1;
    this.#answered = answered;
    port1.on('message', (answer: unknown) => this.#receive(replyOf(answer)));
    port1.on('close', closed);
    port1.unref();
  }

  ask<R extends UrgentRequest>(request: R): Promise<Reply<AnswerOf[R['op']]>> {
    // The port keeps the program alive while a call waits, and not longer.
    if (this.#waiting.length === 0) this.#port.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
    this.#port.postMessage(packRead(request) ?? request);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes the answers that have arrived. Node receives from one port as long as there is a message, and from this one only after the pool's. */
  receive(): void {
    while (this.#waiting.length > 0) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      this.#receive(replyOf(received.message));
    }
  }

  /** The thread has ended: this is the answer to all that it has not answered. */
  end(reply: Reply<never>): void {
    this.#port.close();
    while (this.#waiting.length > 0) this.#receive(reply);
  }

  #receive(reply: Reply<never>): void {
    const answer = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#port.unref();
    this.#answered();
    answer?.(reply);
  }
}

/** A number and a frame are sent without a reply around them. */
function replyOf(answer: unknown): Reply<never> {
  if (typeof answer === 'number' || types.isArrayBuffer(answer)) return { ok: true, value: answer as never };
  return answer as Reply<never>;
}
