import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { unpackRead } from './packed-read.js';
import type { RequestHandler } from './request-handler.js';
import { MIN_MOVED } from './transfer.js';
import type { PackedRead, UrgentRequest } from './wire.js';

/** Answers each urgent request that arrives on a port, in their order. */
export class RequestPort {
  readonly #port: MessagePort;
  readonly #handler: RequestHandler;

  constructor(port: MessagePort, handler: RequestHandler) {
    this.#port = port;
    this.#handler = handler;
    port.on('message', (message: PackedRead | UrgentRequest) => this.#answer(message));
    // The pool decides how long this thread lives, not the port.
    port.unref();
  }

  /** Answers what has arrived. Node receives from one port as long as there is a message, and from this one only after the pool's. */
  receive(): void {
    let received = receiveMessageOnPort(this.#port);
    while (received !== undefined) {
      void this.#answer(received.message);
      received = receiveMessageOnPort(this.#port);
    }
  }

  async #answer(request: PackedRead | UrgentRequest): Promise<void> {
    this.#handler.ackUrgent();
    const reply = this.#handler.handle(typeof request === 'number' ? unpackRead(request) : request);
    // A thread that was ended during the read runs no further than here: its callers get that error, and not an answer by chance.
    await Promise.resolve();
    const value = reply.ok ? reply.value : undefined;
    const isFrame = value instanceof ArrayBuffer;
    // A number and a frame travel without a reply around them.
    const answer = isFrame || typeof value === 'number' ? value : reply;
    const moved = isFrame && value.byteLength >= MIN_MOVED ? [value] : undefined;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
    this.#port.postMessage(answer, moved);
  }
}
