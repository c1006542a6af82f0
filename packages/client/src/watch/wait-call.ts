import { ANY_START, FailureKind } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import { ProcessRef } from '../schema/process-ref.js';
import { signalName } from '../schema/signals.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import { notSupported } from '../support/errors.js';
import type { ExitWaits } from './exit-waits.js';

/** How a process has ended. One of the two is `null`; both are if the system does not report it to this program. */
export interface ExitStatus {
  /** What it passed to exit(3), from 0 to 255. */
  readonly code: number | null;
  /** The name of the signal that ended it. */
  readonly signal: string | null;
}

/** Waits for processes to end. */
export class WaitCall {
  readonly #runner: CallRunner;
  readonly #waits: ExitWaits;
  readonly #isOwnRoot: boolean;

  constructor(runner: CallRunner, waits: ExitWaits, isOwnRoot: boolean) {
    this.#runner = runner;
    this.#waits = waits;
    this.#isOwnRoot = isOwnRoot;
  }

  waitForExit(proc: unknown, options: CallOptions | undefined): Promise<ExitStatus> {
    return this.#runner.runLong('waitForExit', proc, options, readOptions, async ({ signal }) => {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      if (!this.#isOwnRoot) {
        throw notSupported(pid, 'waitForExit', 'a process is not waited for through another procRoot');
      }
      const reply = await this.#waits.wait(pid, start, signal);
      if (reply.ok) return exitStatus(reply.value);
      // A process that was there once has ended.
      const isGone = 'failure' in reply.error && reply.error.failure.kind === FailureKind.gone;
      if (isGone && start !== ANY_START) return exitStatus(UNKNOWN);
      throw this.#runner.errorFromWire(reply.error, pid, 'waitForExit');
    });
  }
}

/** A status as wait(2) encodes it. */
function exitStatus(status: number): ExitStatus {
  if (status === UNKNOWN) return { code: null, signal: null };
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff, signal: null } : { code: null, signal: signalName(signal) };
}

/** `Exit::kUnknown` in native's `src/platform/exit_watch.h`. */
const UNKNOWN = -1;
