import type { Named, Numbering } from '@psutil-extra/native/protocol';
import { invalidType, invalidValue, outOfRange } from '../support/arguments.js';
import { capabilities } from '../support/capabilities.js';
import { didYouMean } from '../support/nearest.js';
import type { BigIntLimits, Limits, ResourceName } from './limits.js';

/** @internal The resources of a system: those of `<sys/resource.h>`, as its addon was compiled with it. */
class Resources {
  readonly byName: ReadonlyMap<string, number>;
  /** Where a number has two names (`RLIMIT_AS` and `RLIMIT_VMEM` on BSDs), the standard one. */
  readonly names: readonly (ResourceName | undefined)[];

  constructor(resources: readonly Named[]) {
    this.byName = new Map(resources.map(({ name, number }) => [name, number]));
    const names: (ResourceName | undefined)[] = [];
    for (const [name, number] of this.byName) names[number] ??= name as ResourceName;
    this.names = Array.from(names);
  }

  /** The number of a resource given by name or number. */
  numberOf(resource: unknown): number {
    const { byName, names } = this;
    if (typeof resource === 'string') {
      const number = byName.get(resource);
      if (number === undefined && byName.size > 0) {
        const hint = didYouMean(resource, byName.keys(), 'RLIMIT_');
        throw invalidValue('resource', `must be one of ${[...byName.keys()].join(', ')}${hint}`, resource);
      }
      // Without the addon no resource is known, and the thread's answer says why it could not be loaded.
      return number ?? 0;
    }
    if (typeof resource !== 'number') throw invalidType('resource', 'of type string or number', resource);
    if (!Number.isInteger(resource)) throw outOfRange('resource', 'an integer', resource);
    if (byName.size > 0 && names[resource] === undefined) {
      throw outOfRange('resource', `>= 0 and <= ${names.length - 1}`, resource);
    }
    return resource;
  }
}

const OF_THIS_SYSTEM = new Resources(capabilities().resources);
const OF_OTHERS = new WeakMap<Numbering, Resources>();

/** @internal The resources of another machine, or of this one. */
export function resourcesOf(numbering: Numbering | undefined): Resources {
  if (numbering === undefined) return OF_THIS_SYSTEM;
  let known = OF_OTHERS.get(numbering);
  if (known === undefined) {
    known = new Resources(numbering.resources);
    OF_OTHERS.set(numbering, known);
  }
  return known;
}

/** No limit, whatever number the system itself uses for it. */
export const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

/** Resources that every system has. */
type CommonResource = 'RLIMIT_CPU' | 'RLIMIT_FSIZE' | 'RLIMIT_DATA' | 'RLIMIT_STACK' | 'RLIMIT_CORE' | 'RLIMIT_NOFILE';

/** `RLIMIT_*`: this platform's numbers, and `RLIM_INFINITY`. */
export const constants: Readonly<
  Record<CommonResource, number> &
    Partial<Record<Exclude<ResourceName, CommonResource>, number>> & { readonly RLIM_INFINITY: bigint }
> = Object.freeze({
  ...(Object.fromEntries(OF_THIS_SYSTEM.byName) as Record<CommonResource, number> &
    Partial<Record<ResourceName, number>>),
  RLIM_INFINITY,
});

/** The bits of new limits, checked. */
export function rawLimits(limits: unknown): BigIntLimits {
  if (typeof limits !== 'object' || limits === null) throw invalidType('newLimits', 'of type object', limits);
  const { soft, hard } = limits as { soft?: unknown; hard?: unknown };
  const raw = { soft: rawLimit('newLimits.soft', soft), hard: rawLimit('newLimits.hard', hard) };
  if (raw.soft > raw.hard) throw outOfRange('newLimits.soft', `<= newLimits.hard (${String(hard)})`, soft);
  return raw;
}

/** `{ soft, hard }`, in JSON with `"unlimited"` for no limit. */
export function makeLimits(soft: number, hard: number): Limits {
  return Object.defineProperty({ soft, hard }, 'toJSON', LIMITS_TO_JSON);
}

// An own property that is not enumerable: limits equal a plain `{ soft, hard }`, and are cloned as one.
const LIMITS_TO_JSON: PropertyDescriptor = {
  value(this: Limits) {
    return { soft: jsonLimit(this.soft), hard: jsonLimit(this.hard) };
  },
  enumerable: false,
  configurable: true,
  writable: true,
};

function jsonLimit(limit: number): number | string {
  return limit === Number.POSITIVE_INFINITY ? 'unlimited' : limit;
}

/** A raw limit as a number: exact up to 2⁵³, `Infinity` for none. */
export function limitNumber(raw: bigint): number {
  return raw === RLIM_INFINITY ? Number.POSITIVE_INFINITY : Number(raw);
}

function rawLimit(name: string, value: unknown): bigint {
  if (typeof value === 'bigint') {
    if (value < 0n || value > RLIM_INFINITY) throw outOfRange(name, `>= 0n and <= ${RLIM_INFINITY}n`, value);
    return value;
  }
  if (typeof value !== 'number') throw invalidType(name, 'of type number or bigint', value);
  if (value === Number.POSITIVE_INFINITY) return RLIM_INFINITY;
  if (!Number.isInteger(value) || value < 0) throw outOfRange(name, 'a whole number >= 0, or Infinity', value);
  if (!Number.isSafeInteger(value)) throw outOfRange(name, '<= 2 ** 53 - 1 as a number; a bigint may be larger', value);
  return BigInt(value);
}
