import { type Capabilities, loadAddon } from '@psutil-extra/native';
import type { Failure } from '@psutil-extra/native/protocol';

let known: Capabilities | undefined;
let missing: unknown;

/** What the compiled backend can do; nothing where the addon cannot be loaded. Loads it, reads nothing. */
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

/** Why the addon could not be loaded; nothing where it could. */
export function whyMissing(): unknown {
  capabilities();
  return missing;
}

/**
 * Why this process cannot walk over every process, see `Addon.refusalOfWalk`; of privileges alone it is one system call.
 * Null too where a walk is not built in.
 */
export function refusalOfWalk(ofPrivileges: boolean): Failure | null {
  return capabilities().walk === null ? null : loadAddon().refusalOfWalk(ofPrivileges);
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
};
