import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Addon } from '@psutil-extra/native';

/** What an addon with a simulated kernel exports beside the addon: `packages/native/simulation/kernel/control.cc`. */
export interface Simulation {
  /** Removes all processes, events and counts of calls. */
  reset(): void;
  /** A process that replaces the one that has its PID. */
  put(process: SimulatedProcess): void;
  remove(pid: number): void;
  /** Soft and hard of each resource in turn, as they stand now. */
  limits(pid: number): BigUint64Array | null;
  /** The last signal that a process was sent; 0 if none. */
  received(pid: number): number | null;
  /** Adds an event to a call. */
  on(event: SimulatedEvent): void;
  /** How often each call was made since this was last asked. */
  calls(): Record<string, number>;
  /** Writes which lines were run, where the addon counts them. */
  writeProfile(): void;
}

export interface SimulatedProcess {
  readonly pid: number;
  readonly ppid?: number;
  readonly pgid?: number;
  readonly sid?: number;
  readonly threads?: number;
  readonly umask?: number;
  /** The number by which a thread of it is known. */
  readonly threadId?: number;
  /** A position in native's `STATES`. */
  readonly state?: number;
  /** Bits of fields, and {@link DENIED_SET}. */
  readonly denied?: number;
  /** How it ends, as wait(2) encodes it. */
  readonly status?: number;
  /** It is about to end: the system returns no more than for a zombie. */
  readonly ending?: boolean;
  /** Microseconds since boot. */
  readonly start?: number;
  readonly uids?: Uint32Array;
  readonly gids?: Uint32Array;
  readonly groups?: Uint32Array;
  /** Two words a set, in the order of native's `SignalSets`. */
  readonly signals?: BigUint64Array;
  /** Soft and hard of each resource in turn; all ones are no limit. */
  readonly limits?: BigUint64Array;
  readonly name?: Uint8Array;
}

export interface SimulatedEvent {
  /** A name that the system's `kernel.cc` gives its calls. */
  readonly call: string;
  /** Only where the call is about this process. */
  readonly pid?: number;
  /** Not the first times. */
  readonly skip?: number;
  /** How often. Default: once. */
  readonly times?: number;
  readonly kind: 'error' | 'cut' | 'patch' | 'add' | 'remove' | 'recycle' | 'zombie' | 'clock';
  /** The errno's name, for `error`. */
  readonly error?: string;
  /** Bytes to cut an answer to, processes to add, microseconds to set the clock by, or what is patched in. */
  readonly number?: number;
  /** The process that it happens to; default: `pid`. */
  readonly victim?: number;
}

export const DENIED_SET = 2 ** 31;

/** The addon that these tests are run over, where it has a simulated kernel. */
export function simulated(): (Addon & { readonly simulation: Simulation }) | undefined {
  const path = process.env['PSUTIL_EXTRA_ADDON'];
  if (path === undefined) return undefined;
  return createRequire(import.meta.url)(resolve(path)) as Addon & { readonly simulation: Simulation };
}

/** The same, for tests that are run over nothing else. */
export function simulation(): Simulation {
  const found = simulated();
  if (found === undefined) throw new Error('PSUTIL_EXTRA_ADDON names no addon with a simulated kernel');
  return found.simulation;
}
