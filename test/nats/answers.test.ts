import { setImmediate as turn } from 'node:timers/promises';
import type { Responder } from 'psutil-extra/remote';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Answers } from '../../packages/nats/dist/answers.js';
import { encodeRequest, type Request, Verb } from '../../packages/nats/dist/request.js';
import { Standstill } from '../../packages/nats/dist/standstill.js';
import { partOf } from './parts.js';

const SESSION = 'ab'.repeat(12);
const request = (settings: Partial<Request> = {}) =>
  encodeRequest({
    verb: Verb.call,
    session: SESSION,
    maxPart: 4096,
    parts: 2,
    message: new Uint8Array(0),
    ...settings,
  });

/** A responder whose answers a test gives, part by part. */
class Given {
  ended = 0;
  maxPart: number | undefined;
  readonly #parts: Uint8Array[] = [];
  #wake = () => {};

  give(...parts: Uint8Array[]): void {
    this.#parts.push(...parts);
    this.#wake();
  }

  readonly responder = {
    description: {},
    handle: (_: Uint8Array, { maxPart, signal }: { maxPart?: number; signal?: AbortSignal } = {}) => {
      this.maxPart = maxPart;
      signal?.addEventListener('abort', () => void this.ended++);
      return this.#answer();
    },
  } as unknown as Responder;

  async *#answer(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) yield part;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** What an asker gets: the bytes of a part, `more` for a pause, or why it is refused. */
class Asker {
  readonly got: (string | number)[] = [];
  readonly send = (data: Uint8Array) => void this.got.push(data.length === 0 ? 'more' : data.length);
  readonly refuse = (status: number) => void this.got.push(`refused ${status}`);
}

async function* failed(): AsyncGenerator<Uint8Array> {
  yield await Promise.reject(new Error('no\nluck'));
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await turn();
}

describe('the answers of a service', () => {
  beforeEach(
    () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'setInterval', 'clearInterval'] }),
  );
  afterEach(() => void vi.useRealTimers());

  it('leave in windows of as many parts as were asked for, and the next when it is asked for', async () => {
    const given = new Given();
    const answers = new Answers(given.responder, 4);
    const asker = new Asker();
    given.give(partOf(0, 10), partOf(1, 20), partOf(2, 30, true));
    answers.take(request(), asker, 1000_000);
    await settled();
    expect(asker.got).toEqual([partOf(0, 10).length, partOf(1, 20).length, 'more']);
    answers.take(request({ verb: Verb.more }), asker, 1000_000);
    await settled();
    expect(asker.got.slice(3)).toEqual([partOf(2, 30, true).length]);
    expect(answers.counts).toEqual({ active: 0, answered: 1, busy: 0, refused: 0, failed: 0 });
    expect(given.maxPart).toBe(4096);
  });

  it('ask to be asked again where the next part takes long, and lose no part of it', async () => {
    const given = new Given();
    const answers = new Answers(given.responder, 4);
    const asker = new Asker();
    answers.take(request(), asker, 1000_000);
    await vi.advanceTimersByTimeAsync(5000);
    expect(asker.got).toEqual(['more']);
    given.give(partOf(0, 10, true));
    answers.take(request({ verb: Verb.more }), asker, 1000_000);
    await settled();
    expect(asker.got).toEqual(['more', partOf(0, 10, true).length]);
  });

  it('end without their asker, and when they are cancelled', async () => {
    const given = new Given();
    const answers = new Answers(given.responder, 4);
    const asker = new Asker();
    answers.take(request(), asker, 1000_000);
    await vi.advanceTimersByTimeAsync(5000);
    await vi.advanceTimersByTimeAsync(15_000);
    expect({ ended: given.ended, active: answers.counts.active }).toEqual({ ended: 1, active: 0 });
    answers.take(request({ verb: Verb.more }), asker, 1000_000);
    answers.take(request(), asker, 1000_000);
    answers.take(request({ verb: Verb.cancel }), asker, 1000_000);
    await settled();
    expect({ ended: given.ended, active: answers.counts.active }).toEqual({ ended: 2, active: 0 });
    expect(asker.got).toEqual(['more', 'refused 410']);
  });

  it('are not begun where their cancellation comes with the request: it was held up on its way', async () => {
    const next = vi.fn();
    const responder = { handle: () => Object.assign(failed(), { next }) } as unknown as Responder;
    const answers = new Answers(responder, 4);
    const asker = new Asker();
    answers.take(request(), asker, 1000_000);
    answers.take(request({ verb: Verb.more }), asker, 1000_000);
    answers.take(request({ verb: Verb.cancel }), asker, 1000_000);
    await settled();
    expect(next).not.toHaveBeenCalled();
    expect(asker.got).toEqual(['refused 410']);
  });

  it('have their place until the work for them has ended, also if their askers leave', async () => {
    let end: (() => void) | undefined;
    const working = {
      handle: () => ({
        [Symbol.asyncIterator]() {
          return this;
        },
        next: () => new Promise(() => {}),
        return: () =>
          new Promise<void>((resolve) => {
            end = resolve;
          }),
      }),
    } as unknown as Responder;
    const answers = new Answers(working, 1);
    const asker = new Asker();
    answers.take(request(), asker, 1000_000);
    await settled();
    answers.take(request({ verb: Verb.cancel }), asker, 1000_000);
    answers.take(request(), asker, 1000_000);
    expect(asker.got).toEqual(['refused 429']);
    end?.();
    await settled();
    answers.take(request(), asker, 1000_000);
    expect(asker.got).toEqual(['refused 429']);
    expect(answers.counts.active).toBe(1);
  });

  it('are refused beyond their number, with a number that is used, and where they are no requests', async () => {
    const answers = new Answers(new Given().responder, 2);
    const asker = new Asker();
    answers.take(request(), asker, 1000_000);
    answers.take(request(), asker, 1000_000);
    answers.take(request({ verb: Verb.more }), asker, 1000_000);
    answers.take(request({ session: 'cd'.repeat(12) }), asker, 1000_000);
    answers.take(request({ session: 'ef'.repeat(12) }), asker, 1000_000);
    answers.take(new Uint8Array(3), asker, 1000_000);
    answers.take(request({ session: '12'.repeat(12) }), asker, 100);
    await settled();
    expect(asker.got).toEqual(['refused 400', 'refused 410', 'refused 429', 'refused 400', 'refused 429']);
    answers.endAll();
  });

  it('say why they fail, to whom still waits', async () => {
    const failing = { description: {}, handle: failed } as unknown as Responder;
    const answers = new Answers(failing, 2);
    const why: string[] = [];
    answers.take(request(), { send: () => {}, refuse: (status, text) => void why.push(`${status} ${text}`) }, 10_000);
    await settled();
    expect(why).toEqual(['500 no luck']);
    expect(answers.counts).toMatchObject({ active: 0, failed: 1 });
  });
});

describe('a program that did not run for a while', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes what arrives for old during a second, and not before or after', async () => {
    const standstill = new Standstill();
    await vi.advanceTimersByTimeAsync(4000);
    expect(standstill.isOver).toBe(false);
    vi.setSystemTime(Date.now() + 60_000);
    expect(standstill.isOver).toBe(true);
    await vi.advanceTimersByTimeAsync(900);
    expect(standstill.isOver).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(standstill.isOver).toBe(false);
    standstill.end();
  });
});
