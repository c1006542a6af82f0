import { type Capabilities, loadAddon } from '@psutil-extra/native';
import type { Failure } from '@psutil-extra/native/protocol';

let known: Capabilities | undefined;
let missing: unknown;

/** What the compiled backend can do; nothing if the addon cannot be loaded. Loads the addon, reads no process. */
export function capabilities(): Capabilities {
  if (known === undefined) {
    try {
      known = loadAddon().capabilities;
    } catch (error) {
      known = NOTHING;
      missing = error;
    }
  }
  return known;
}

/** @internal Where a client reads. */
export interface Origin {
  /** The proc root. */
  readonly root: string;
  /** Another machine; absent if it is this one. */
  readonly machine?: Machine | undefined;
}

/** @internal Another machine, as it has described itself. */
export interface Machine {
  /** What errors call it. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** How many processors it has. */
  readonly processors: number;
  /** The program that reads there. */
  readonly reader: number;
}

/** @internal What the system can do where a client reads. */
export function capabilitiesOf({ machine }: Origin): Capabilities {
  return machine === undefined ? capabilities() : machine.capabilities;
}

/** Why the addon could not be loaded; `undefined` if it is loaded. */
export function whyMissing(): unknown {
  capabilities();
  return missing;
}

/**
 * Why this process cannot scan by the kernel's own iterator, see `Addon.refusalOfWalk`. With `ofPrivileges` it checks
 * privileges only, by one system call. Null also if the addon has no such iterator.
 */
export function refusalOfWalk(ofPrivileges: boolean): Failure | null {
  return capabilities().walk === null ? null : loadAddon().refusalOfWalk(ofPrivileges);
}

/**
 * Holds the process that has a PID now, for a wait: a descriptor, or why there is none; −1 where a thread finds out by itself, as
 * it does without the addon. It is a system call that never blocks, made here because a thread would make it later.
 */
export function holdProcess(pid: number): number | Failure {
  return capabilities().waits ? loadAddon().holdProcess(pid) : -1;
}

/** Releases what {@link holdProcess} returned. */
export function releaseProcess(held: number): void {
  if (held >= 0) loadAddon().releaseProcess(held);
}

const NOTHING: Capabilities = {
  backend: 'none',
  reading: 'nothing',
  fields: 0,
  bulk: 0,
  signalSets: 0,
  list: false,
  getRlimit: 'none',
  setRlimit: 'none',
  resources: [],
  signals: [],
  sources: [],
  walk: null,
  readsList: false,
  eventSources: [],
  actions: 0,
  waits: false,
};
