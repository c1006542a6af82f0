import { ANY_START, FailureKind } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { notSupported } from '../support/errors.js';
import { type ExitStatus, exitStatus, UNKNOWN_STATUS } from './exit-status.js';
import type { ExitWaits } from './exit-waits.js';

/** @internal Waits for processes to end. */
export class WaitCall {
  readonly #runner: CallRunner;
  readonly #waits: ExitWaits;
  readonly #refusal: string | undefined;
  readonly #origin: Origin;

  /** `refusal`: why it waits for no process. */
  constructor(runner: CallRunner, waits: ExitWaits, refusal: string | undefined, origin: Origin) {
    this.#runner = runner;
    this.#waits = waits;
    this.#refusal = refusal;
    this.#origin = origin;
  }

  waitForExit(proc: unknown, options: CallOptions | undefined): Promise<ExitStatus> {
    return this.#runner.runLong('waitForExit', proc, options, readOptions, async ({ signal }) => {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      if (this.#refusal !== undefined) throw notSupported(pid, 'waitForExit', this.#refusal, this.#origin);
      const reply = await this.#waits.wait(pid, start, signal);
      if (reply.ok) return exitStatus(reply.value);
      // A process that was there once has ended.
      const isGone = 'failure' in reply.error && reply.error.failure.kind === FailureKind.gone;
      if (isGone && start !== ANY_START) return exitStatus(UNKNOWN_STATUS);
      throw this.#runner.errorFromWire(reply.error, pid, 'waitForExit');
    });
  }
}
