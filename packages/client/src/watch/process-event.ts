import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import { exitStatus } from './exit-status.js';

/** A process has begun. */
export interface ForkEvent {
  readonly kind: 'fork';
  readonly pid: number;
  /** Its parent; 0 if that is outside this PID namespace. */
  readonly parent: number;
  /** Milliseconds since the epoch, by the clock of `startTime`. */
  readonly time: number;
}

/** A process has executed another program. */
export interface ExecEvent {
  readonly kind: 'exec';
  readonly pid: number;
  /** Milliseconds since the epoch, by the clock of `startTime`. */
  readonly time: number;
  /**
   * The path as the program was executed by it: it may be relative, and of a script it is the script. Only BPF reports it. The
   * field `exe` is the file that is executed.
   */
  readonly exe?: string;
}

/** A process has ended: its last thread has. Its parent may not have waited for it yet. */
export interface ExitEvent {
  readonly kind: 'exit';
  readonly pid: number;
  /** Its exit code; `null` if a signal has ended it, or if only listings are compared. */
  readonly code: number | null;
  /** The signal that has ended it, such as `'SIGKILL'`, else `null`. */
  readonly signal: string | null;
  /** Milliseconds since the epoch, by the clock of `startTime`. */
  readonly time: number;
}

/** Events were lost here, because the program did not take them in time. */
export interface LostEvent {
  readonly kind: 'lost';
  /** How many. */
  readonly count: number;
}

/** What `client.events()` reports. */
export type ProcessEvent = ForkEvent | ExecEvent | ExitEvent | LostEvent;

/** @internal The event as it is reported; `undefined` for what is only of use to a live table. */
export function processEvent(raw: RawEvent): ProcessEvent | undefined {
  const { kind, pid, value, time, path } = raw;
  switch (kind) {
    case EventKind.fork:
      return { kind: 'fork', pid, parent: value, time };
    case EventKind.exec:
      return path === '' ? { kind: 'exec', pid, time } : { kind: 'exec', pid, time, exe: path };
    case EventKind.exit:
      return { kind: 'exit', pid, ...exitStatus(value), time };
    case EventKind.lost:
      return { kind: 'lost', count: value };
    default:
      return undefined;
  }
}
