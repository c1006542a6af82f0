import type { Capabilities } from '@psutil-extra/native';
import { capabilities } from './capabilities.js';

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
