import { type Capabilities, loadAddon } from '@psutil-extra/worker';

let known: Capabilities | undefined;

/** What the compiled backend can do; nothing where the addon cannot be loaded. Loads it, reads nothing. */
export function capabilities(): Capabilities {
  if (known === undefined) {
    try {
      known = loadAddon().capabilities;
    } catch {
      known = NOTHING;
    }
  }
  return known;
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
};
