import { signalName } from '../schema/signals.js';

/** How a process has ended. One of the two is `null`; both are if the system does not report it to this program. */
export interface ExitStatus {
  /** What it passed to exit(3), from 0 to 255. */
  readonly code: number | null;
  /** The name of the signal that ended it. */
  readonly signal: string | null;
}

/** In place of a status that is not known: `Exit::kUnknown` in native's `src/platform/exit_watch.h`. */
export const UNKNOWN_STATUS = -1;

/** From a status as wait(2) encodes it: in its lower 7 bits a signal, above 8 bits the code. */
export function exitStatus(status: number): ExitStatus {
  if (status === UNKNOWN_STATUS) return { code: null, signal: null };
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff, signal: null } : { code: null, signal: signalName(signal) };
}
