import { listFrom } from '../schema/thread-answers.js';
import { abortable } from '../support/abort.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import type { CallRunner } from './call-runner.js';

/** Lists every PID. */
export class ListCall {
  readonly #runner: CallRunner;
  readonly #dispatcher: Dispatcher;
  readonly #learn: (processes: number) => void;

  /** `learn` is called with the number of processes. */
  constructor(runner: CallRunner, dispatcher: Dispatcher, learn: (processes: number) => void) {
    this.#runner = runner;
    this.#dispatcher = dispatcher;
    this.#learn = learn;
  }

  pids(options: CallOptions | undefined): Promise<Int32Array> {
    return this.#runner.run('pids', undefined, options, readOptions, async ({ signal }) => {
      this.#runner.counters.messages++;
      const listing = this.#dispatcher.run({ op: 'list', cursor: 0, max: Number.POSITIVE_INFINITY });
      const reply = await (signal === undefined ? listing : abortable(listing, signal));
      if (!reply.ok) throw this.#runner.errorFromWire(reply.error, 0, 'pids');
      const { pids } = listFrom(reply.value);
      this.#learn(pids.length);
      return pids;
    });
  }
}
