import { type BigIntLimits, constants, type ResourceName } from 'psutil-extra';
import { bytesOf } from './quantities.mjs';
import { UsageError } from './usage-error.mjs';

/** A short description of each resource, and the unit of its limits: getrlimit(2) of each system. */
export interface ResourceWords {
  readonly description: string;
  readonly unit: string;
}

export const RESOURCE_WORDS: { readonly [R in ResourceName]: ResourceWords } = {
  RLIMIT_AS: { description: 'address space', unit: 'bytes' },
  RLIMIT_CORE: { description: 'size of a core file', unit: 'bytes' },
  RLIMIT_CPU: { description: 'processor time', unit: 'seconds' },
  RLIMIT_DATA: { description: 'data segment', unit: 'bytes' },
  RLIMIT_FSIZE: { description: 'size of a file written', unit: 'bytes' },
  RLIMIT_KQUEUES: { description: 'kqueues', unit: 'kqueues' },
  RLIMIT_LOCKS: { description: 'file locks', unit: 'locks' },
  RLIMIT_MEMLOCK: { description: 'memory locked', unit: 'bytes' },
  RLIMIT_MSGQUEUE: { description: 'POSIX message queues', unit: 'bytes' },
  RLIMIT_NICE: { description: '20 - lowest nice value', unit: '' },
  RLIMIT_NOFILE: { description: 'open files, highest + 1', unit: 'files' },
  RLIMIT_NPROC: { description: "the user's processes", unit: 'processes' },
  RLIMIT_NPTS: { description: 'pseudo-terminals', unit: 'terminals' },
  RLIMIT_NTHR: { description: "the user's threads", unit: 'threads' },
  RLIMIT_PIPEBUF: { description: "the user's pipe buffers", unit: 'bytes' },
  RLIMIT_POSIXLOCKS: { description: "the user's POSIX locks", unit: 'locks' },
  RLIMIT_RSS: { description: 'resident memory', unit: 'bytes' },
  RLIMIT_RTPRIO: { description: 'real-time priority', unit: '' },
  RLIMIT_RTTIME: { description: 'real-time without a pause', unit: 'microseconds' },
  RLIMIT_SBSIZE: { description: 'socket buffers', unit: 'bytes' },
  RLIMIT_SIGPENDING: { description: 'signals that are queued', unit: 'signals' },
  RLIMIT_STACK: { description: 'size of the stack', unit: 'bytes' },
  RLIMIT_SWAP: { description: "the user's swap space", unit: 'bytes' },
  RLIMIT_UMTXP: { description: "the user's shared locks", unit: 'locks' },
  RLIMIT_VMEM: { description: 'address space', unit: 'bytes' },
};

/** This platform's resources. */
export function resourceNames(): ResourceName[] {
  return (Object.keys(constants) as (keyof typeof constants)[])
    .filter((name): name is ResourceName => name !== 'RLIM_INFINITY')
    .sort();
}

/** The short name: `nofile`. */
export function shortName(resource: ResourceName): string {
  return resource.slice(PREFIX.length).toLowerCase();
}

/** A request for a resource: to read it, or to set one of its limits, or both. An absent limit is not changed. */
export interface ResourceRequest {
  readonly resource: ResourceName;
  readonly set: Partial<BigIntLimits> | undefined;
}

/** `nofile`, `RLIMIT_NOFILE`, `nofile=512:1024`, `as=1.5G`, `=512` for both, `=512:` and `=:1024` for one of them. */
export function resourceRequest(text: string): ResourceRequest {
  const [name = '', value, ...more] = text.split('=');
  const full = `${PREFIX}${name.toUpperCase().replace(/^RLIMIT_/, '')}`;
  const resource = resourceNames().find((each) => each === full);
  if (resource === undefined) {
    throw new UsageError(
      `unknown resource '${name}'; valid resources are ${resourceNames().map(shortName).join(', ')}`,
    );
  }
  if (value === undefined) return { resource, set: undefined };
  const parts = value.split(':');
  if (more.length > 0 || parts.length > 2 || parts.every((part) => part === '')) throw notLimits(text);
  const [soft = '', hard = parts.length === 1 ? soft : ''] = parts;
  return {
    resource,
    set: {
      ...(soft !== '' && { soft: limitIn(soft, text, resource) }),
      ...(hard !== '' && { hard: limitIn(hard, text, resource) }),
    },
  };
}

function limitIn(part: string, text: string, resource: ResourceName): bigint {
  if (NO_LIMIT.has(part)) return constants.RLIM_INFINITY;
  const limit = /^\d+$/.test(part) ? BigInt(part) : bytesIn(part, resource);
  if (limit === undefined) throw notLimits(text);
  if (limit > constants.RLIM_INFINITY) {
    throw new UsageError(`'${text}': a limit is at most ${constants.RLIM_INFINITY - 1n}, or 'unlimited'`);
  }
  return limit;
}

/** A size of a resource that is counted in bytes; `undefined` where it is no size. */
function bytesIn(part: string, resource: ResourceName): bigint | undefined {
  const bytes = bytesOf(part);
  if (bytes !== undefined && RESOURCE_WORDS[resource].unit !== 'bytes') {
    const { unit: its } = RESOURCE_WORDS[resource];
    throw new UsageError(
      `'${part}': ${shortName(resource)} is ${its === '' ? 'a number' : `in ${its}`} and takes no suffix`,
    );
  }
  return bytes;
}

function notLimits(text: string): UsageError {
  return new UsageError(
    `'${text}' is not RESOURCE=SOFT:HARD: each a whole number, a size such as 512K or 1.5G, or 'unlimited', or one left empty`,
  );
}

const PREFIX = 'RLIMIT_';
const NO_LIMIT: ReadonlySet<string> = new Set(['unlimited', 'infinity', '-1']);
