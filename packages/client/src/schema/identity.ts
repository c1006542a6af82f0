import type { Failure } from '@psutil-extra/native/protocol';

/** A process that was found. */
export interface Identified {
  readonly pid: number;
  /** As the system counts: a change of the clock does not change it. */
  readonly start: number;
  /** Milliseconds since the epoch, or why that is not known. */
  readonly startTime: number | Failure;
  /** What distinguishes this boot of the system; empty where the system has no such text. */
  readonly boot: string;
}

/** Finds out which process has a PID: `required` is the start that it must have, or `IDENTIFY`. */
export interface Identities {
  find(pid: number, required: number, signal: AbortSignal | undefined): Promise<Identified>;
}

/**
 * A process as a text: the boot, the start as the system counts it, and what distinguishes it from another one that began in the
 * same tick. That is what is left of the inode of its pidfd (see native's `src/platform/linux/pidfd.h`), and where there is
 * none its PID.
 */
export function identityOf(boot: string, pid: number, start: number): string {
  const tick = Math.floor(start);
  const serial = Math.round((start - tick) * SERIALS);
  return `${boot === '' ? 'boot' : boot}/${tick}/${serial === 0 ? `pid-${pid}` : serial}`;
}

const SERIALS = 2 ** 17;
