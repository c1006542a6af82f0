import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Responder } from 'psutil-extra/remote';
import { AnswerWindows, type Send, WINDOW_MS } from './answer-windows.js';
import { tamed } from './fleet-error.js';
import { decodeRequest, MIN_PART, Refusal, type Request, Verb } from './request.js';

/** Where an answer goes. */
export interface Asker {
  readonly send: Send;
  readonly refuse: (status: number, why: string) => void;
}

/** What a service has done, as `nats micro stats` shows it. */
export interface AnswerCounts {
  active: number;
  answered: number;
  busy: number;
  refused: number;
  failed: number;
}

/** How long an answer waits for its asker. */
const IDLE_MS = 3 * WINDOW_MS;

/** The answers that a service works on: so many at a time, and each until its asker is gone. */
export class Answers {
  readonly counts: AnswerCounts = { active: 0, answered: 0, busy: 0, refused: 0, failed: 0 };
  readonly #responder: Responder;
  readonly #most: number;
  /** Also those that were given up, until the work for them has ended: an asker that leaves at once may not ask for any number. */
  #working = 0;
  readonly #active = new Map<string, { windows: AnswerWindows; idle: NodeJS.Timeout | undefined }>();

  constructor(responder: Responder, most: number) {
    this.#responder = responder;
    this.#most = most;
  }

  /** @param maxPayload the most bytes of a message that the server takes now. */
  take(data: Uint8Array, asker: Asker, maxPayload: number): void {
    const request = decodeRequest(data);
    if (request === undefined) {
      this.#refuse(asker, Refusal.bad, `not a request of this version of @psutil-extra/nats (${data.length} bytes)`);
      return;
    }
    if (request.verb === Verb.call) this.#begin(request, asker, maxPayload);
    else if (request.verb === Verb.more) this.#more(request, asker);
    else this.#forget(request.session);
  }

  /** Refuses what may have been asked long ago. */
  refuseStale(asker: Asker): void {
    this.#refuse(asker, Refusal.stale, 'this program did not run for a while, so the request may be old: ask again');
  }

  endAll(): void {
    for (const session of this.#active.keys()) this.#forget(session);
  }

  #begin(request: Request, asker: Asker, maxPayload: number): void {
    const { session, message } = request;
    if (this.#working >= this.#most) {
      this.counts.busy++;
      asker.refuse(Refusal.busy, `${this.#most} requests are being answered already (maxRequests)`);
      return;
    }
    const maxPart = Math.min(request.maxPart, maxPayload);
    if (maxPart < MIN_PART || this.#active.has(session)) {
      if (maxPart < MIN_PART) this.#refuse(asker, Refusal.failed, `max_payload of the server is below ${MIN_PART}`);
      else this.#refuse(asker, Refusal.bad, 'a number is used twice');
      return;
    }
    this.#working++;
    const abort = new AbortController();
    const parts = this.#responder.handle(message, { signal: abort.signal, maxPart });
    this.#active.set(session, { windows: new AnswerWindows(parts, abort), idle: undefined });
    this.counts.active = this.#active.size;
    void this.#sendNextTurn(request, asker);
  }

  /**
   * Begins when all has been taken that came with the request. What was held up on its way comes with its cancellation: its
   * asker has given it up, and least of all is anything to be killed then.
   */
  async #sendNextTurn(request: Request, asker: Asker): Promise<void> {
    await nextTurn();
    await this.#send(request, asker);
  }

  #more(request: Request, asker: Asker): void {
    const answer = this.#active.get(request.session);
    if (answer === undefined || answer.windows.isOpen) {
      this.#refuse(
        asker,
        Refusal.unknown,
        `no answer waits to be continued: it ends after ${IDLE_MS} ms without its asker`,
      );
      return;
    }
    clearTimeout(answer.idle);
    void this.#send(request, asker);
  }

  async #send({ session, parts }: Request, asker: Asker): Promise<void> {
    const answer = this.#active.get(session);
    if (answer === undefined) return;
    try {
      if (await answer.windows.send(asker.send, parts)) {
        answer.idle = setTimeout(() => this.#forget(session), IDLE_MS).unref();
        return;
      }
      this.counts.answered++;
    } catch (error) {
      // The answer of a session that was cancelled is not waited for.
      if (this.#active.has(session)) {
        this.counts.failed++;
        asker.refuse(Refusal.failed, tamed(error instanceof Error ? error.message : error));
      }
    }
    this.#forget(session);
  }

  #forget(session: string): void {
    const answer = this.#active.get(session);
    if (answer === undefined) return;
    this.#active.delete(session);
    this.counts.active = this.#active.size;
    clearTimeout(answer.idle);
    void answer.windows.end().then(() => this.#working--);
  }

  #refuse(asker: Asker, status: number, why: string): void {
    this.counts.refused++;
    asker.refuse(status, why);
  }
}
