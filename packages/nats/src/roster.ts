import type { HostDescription } from 'psutil-extra/remote';
import { isHostName } from './arguments.js';

/** A service, as it answers to a ping. */
export interface Sighting {
  readonly host: string;
  /** The service's own number in NATS. */
  readonly instance: string;
  /** Distinguishes two machines of one name. */
  readonly machine: string;
  /** By which equal descriptions are sent once. */
  readonly digest: string;
  /** The PID of the program that serves, where it has introduced itself. */
  readonly reader?: number;
}

/** How long a host is remembered that does not answer any more, so that a scan reports it. */
const REMEMBERED_MS = 10 * 60_000;
/** The most services that are remembered: a user that may answer to a ping may invent any number. */
const MOST = 100_000;

/** The most kinds of hosts. */
const MOST_DESCRIPTIONS = 10_000;
/** A description has about 2 kB. */
export const LONGEST_DESCRIPTION = 16_384;

/** The services that have been seen, and the descriptions of hosts. */
export class Roster {
  readonly #seen = new Map<string, { readonly sighting: Sighting; at: number }>();
  /** The instances of each host: ten thousand hosts may be looked for by name, one after the other. */
  readonly #byHost = new Map<string, Set<string>>();
  readonly #descriptions = new Map<string, HostDescription>();

  /** Remembers a service. Returns whether it was there already. */
  add(sighting: Sighting): boolean {
    const known = this.#seen.get(sighting.instance);
    if (known === undefined && this.#seen.size >= MOST) return true;
    // The first word counts: another service cannot move one that is known to another host.
    if (known !== undefined) {
      known.at = performance.now();
      return true;
    }
    const { host, instance } = sighting;
    this.#seen.set(instance, { sighting, at: performance.now() });
    const instances = this.#byHost.get(host);
    if (instances === undefined) this.#byHost.set(host, new Set([instance]));
    else instances.add(instance);
    return false;
  }

  /** The services that were seen, and of late. */
  get sightings(): Sighting[] {
    const since = performance.now() - REMEMBERED_MS;
    for (const [instance, { at }] of this.#seen) if (at < since) this.#forget(instance);
    return [...this.#seen.values()].map(({ sighting }) => sighting);
  }

  /** Forgets the services of a host that have successors: these. */
  succeed(host: string, successors: readonly Sighting[]): void {
    for (const known of this.#byHost.get(host) ?? []) {
      if (!successors.some(({ instance }) => instance === known)) this.#forget(known);
    }
  }

  #forget(instance: string): void {
    const { host } = this.#seen.get(instance)?.sighting ?? {};
    this.#seen.delete(instance);
    if (host === undefined) return;
    const instances = this.#byHost.get(host);
    instances?.delete(instance);
    if (instances?.size === 0) this.#byHost.delete(host);
  }

  descriptionOf({ digest }: Sighting): HostDescription | undefined {
    return this.#descriptions.get(digest);
  }

  describe(digest: string, description: HostDescription): void {
    this.#descriptions.set(digest, description);
    // Few, because equal hosts have equal ones. A hostile one may have another each time: the oldest leave.
    const [oldest] = this.#descriptions.keys();
    if (this.#descriptions.size > MOST_DESCRIPTIONS) this.#descriptions.delete(oldest as string);
  }
}

/** The service that a text from somewhere describes; `undefined` if it describes none. */
export function sightingIn(value: unknown): Sighting | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, instance, machine, digest, reader } = value as Record<string, unknown>;
  if (typeof host !== 'string' || !isHostName(host)) return undefined;
  if (!isToken(instance) || !isToken(machine) || !isToken(digest)) return undefined;
  return { host, instance, machine, digest, ...(isPid(reader) && { reader }) };
}

/**
 * The description in a text of another machine, with the members that `hosts()` shows as they are; `undefined` if it is none. What
 * else it has is checked where a client is made of it: the host may be of another version.
 */
export function descriptionIn(text: string): HostDescription | undefined {
  if (text.length > LONGEST_DESCRIPTION) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, allowed } = value as { readonly version?: unknown; readonly allowed?: unknown };
  const isAllowed =
    Array.isArray(allowed) && allowed.every((each) => typeof each === 'string' && /^\w{1,64}$/.test(each));
  if (typeof version !== 'string' || !/^[\w.+ -]{1,64}$/.test(version) || !isAllowed) return undefined;
  return value as HostDescription;
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^\w{1,64}$/.test(value);
}

function isPid(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}
