import { ActionKind, FIELD_INDEX, FieldSet } from '@psutil-extra/native/protocol';
import { SETTERS } from '../calls/setters.js';
import { type Field, fieldIndex } from '../schema/fields.js';
import { invalidType } from '../support/arguments.js';
import { capabilitiesOf, type Origin } from '../support/capabilities.js';
import type { BoundSetters } from './bound-setters.js';

/** The names that `supports()` knows. */
export type Supported =
  | Field
  | keyof BoundSetters
  | 'rlimit'
  | 'getrlimit'
  | 'kill'
  | 'waitForExit'
  | 'killTree'
  | 'parent'
  | 'parents'
  | 'children'
  | 'find'
  | 'tree'
  | 'snapshot'
  | 'process'
  | 'oneshot'
  | 'pids'
  | 'scan'
  | 'scanBatches'
  | 'sample'
  | 'top'
  | 'cpuPercent'
  | 'ioRates'
  | 'events'
  | 'live'
  | 'procfs'
  | 'bpf';

/** @internal Whether this platform supports a field or a method, for a client whose proc root is its own or another. */
export function supports(name: string, origin: Origin, isOwnRoot: boolean, scanRefusal: () => unknown): boolean {
  if (typeof name !== 'string') throw invalidType('name', 'of type string', name);
  const { fields: bits, list, getRlimit, setRlimit, reading, actions, waits, eventSources } = capabilitiesOf(origin);
  const fields = FieldSet.fromBits(bits);
  // What asks the kernel without a file can only ask its own.
  if (reading !== 'procfs' && !isOwnRoot) return false;
  // No process of another root is the caller.
  if ((name === 'rlimits' || name === 'getrlimit') && getRlimit === 'own' && !isOwnRoot) return false;
  const index = fieldIndex(name);
  if (index !== undefined) return fields.has(index);
  if (Object.hasOwn(SETTERS, name)) {
    return isOwnRoot && ((actions >> SETTERS[name as keyof BoundSetters].kind) & 1) === 1;
  }
  switch (name) {
    case 'rlimit':
      return setRlimit !== 'none' && isOwnRoot;
    case 'killTree':
      return origin.machine === undefined && supports('kill', origin, isOwnRoot, scanRefusal);
    case 'kill':
      return isOwnRoot && ((actions >> ActionKind.kill) & 1) === 1;
    case 'waitForExit':
      return isOwnRoot && waits;
    case 'getrlimit':
      return fields.has(FIELD_INDEX.rlimits);
    case 'process':
      return fields.has(FIELD_INDEX.startTime);
    case 'parent':
    case 'parents':
    case 'children':
    case 'find':
    case 'tree':
      return list && fields.has(FIELD_INDEX.ppid) && fields.has(FIELD_INDEX.startTime);
    case 'snapshot':
    case 'oneshot':
      return !fields.isEmpty;
    case 'pids':
    case 'scan':
    case 'scanBatches':
      return list;
    case 'sample':
      return list && fields.has(FIELD_INDEX.startTime);
    case 'top':
    case 'cpuPercent':
      return list && fields.has(FIELD_INDEX.startTime) && fields.has(FIELD_INDEX.cpuTimes);
    case 'ioRates':
      return list && fields.has(FIELD_INDEX.startTime) && fields.has(FIELD_INDEX.io);
    case 'events':
    case 'live':
      return eventSources.length > 0 && isOwnRoot;
    case 'procfs':
      return reading === 'procfs';
    case 'bpf':
      return scanRefusal() === null;
    default:
      return false;
  }
}
