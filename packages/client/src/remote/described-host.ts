import { cpus } from 'node:os';
import { FieldSet } from '@psutil-extra/native/protocol';
import { capabilitiesOf, type Origin } from '../support/capabilities.js';
import { type Allowed, allowedActions, withheldFields } from './allowed.js';
import type { HostDescription } from './description.js';
import { PROTOCOL, SCHEMA, VERSION } from './version.js';

/** @internal The description of this machine, for clients on others. */
export function describeHost(origin: Origin, isOwnRoot: boolean, allowed: ReadonlySet<Allowed>): HostDescription {
  const { backend, reading, fields, signalSets, list, getRlimit, setRlimit, actions, resources, signals, sources } =
    capabilitiesOf(origin);
  return Object.freeze({
    protocol: PROTOCOL,
    schema: SCHEMA,
    version: VERSION,
    platform: process.platform,
    architecture: process.arch,
    root: origin.root,
    isOwnRoot,
    reader: process.pid,
    processors: Math.max(1, cpus().length),
    allowed: Object.freeze([...allowed]),
    capabilities: Object.freeze({
      backend,
      reading,
      fields: FieldSet.fromBits(fields).difference(withheldFields(allowed)).bits,
      signalSets,
      list,
      getRlimit,
      setRlimit: allowed.has('rlimit') ? setRlimit : 'none',
      actions: allowedActions(actions, allowed),
      resources: resources.map(({ name, number }) => [name, number] as const),
      signals: signals.map(({ name, number }) => [name, number] as const),
      sources: [...sources],
    }),
  });
}
