import { FailureKind, killAction } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import type { Counters } from '../observe/stats.js';
import type { Identified } from '../schema/identity.js';
import type { Dispatcher } from '../threads/dispatcher.js';

/** Sends signals as a part of another call: to one process each, and to no other that has its PID by now. */
export class Kills {
  readonly #runner: CallRunner;
  readonly #dispatcher: Dispatcher;
  readonly #counters: Counters;

  constructor(runner: CallRunner, dispatcher: Dispatcher, counters: Counters) {
    this.#runner = runner;
    this.#dispatcher = dispatcher;
    this.#counters = counters;
  }

  async send({ pid, start }: Pick<Identified, 'pid' | 'start'>, signal: number): Promise<'sent' | 'gone' | 'denied'> {
    this.#counters.messages++;
    const reply = await this.#dispatcher.run({ op: 'act', pid, start, action: killAction(signal) });
    if (reply.ok) return 'sent';
    if ('failure' in reply.error) {
      const { kind } = reply.error.failure;
      if (kind === FailureKind.gone || kind === FailureKind.zombie) return 'gone';
      if (kind === FailureKind.denied) return 'denied';
    }
    throw this.#runner.errorFromWire(reply.error, pid, 'killTree');
  }
}
