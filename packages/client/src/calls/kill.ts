import { constants } from 'node:os';
import { FailureKind, killAction } from '@psutil-extra/native/protocol';
import { sentSignal } from '../schema/signals.js';
import { type ReadOptions, readOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { processError } from '../support/errors.js';
import type { Change } from './change.js';

/** Sends a signal. */
export function killChange(signal: unknown, origin: Origin): Change<true, ReadOptions> {
  return {
    method: 'kill',
    what: () => 'kill',
    refused: 'a process is not signalled through another procRoot',
    syscall: 'kill',
    readOptions,
    action: (_, pid) => {
      const number = sentSignal('signal', signal, origin.machine?.capabilities);
      // kill(2) takes 0 and less for groups of processes. No system has such a process to be signalled.
      if (pid <= 0) throw processError(GONE, pid, 'kill', origin);
      return killAction(number);
    },
    previous: () => true,
  };
}

const GONE = { kind: FailureKind.gone, errno: constants.errno.ESRCH, code: 'ESRCH', syscall: 'kill' } as const;
