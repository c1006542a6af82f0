import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostDescription } from 'psutil-extra/remote';
import { partIn } from './answer.js';
import { FleetError, type FleetErrorCode, fleetErrors } from './fleet-error.js';
import { LatePings } from './late-pings.js';
import type { Link } from './link.js';
import { ping } from './ping.js';
import { descriptionIn, LONGEST_DESCRIPTION, Roster, type Sighting, sightingIn } from './roster.js';
import { hostSubject } from './subjects.js';

/** How long a second machine with the same name has to answer behind the first. */
const SECOND_MS = 50;
/** The most services of one name that are listened to. */
const MOST_NAMESAKES = 16;

/** The description is a text within a text. */
const LONGEST_INTRODUCTION = 4 * LONGEST_DESCRIPTION;
/** How long a host waits for an equal one to describe both. */
const SOON_MS = 100;
/** How many kinds of hosts are asked at a time for what they are. */
const DESCRIBED_AT_A_TIME = 32;
/** These errors are not of one host. */
const CONCERNS_ALL: ReadonlySet<FleetErrorCode> = new Set(['ERR_NATS_DISCONNECTED', 'ERR_NATS_PERMISSION']);

/** Who is in the fleet, and what each is. */
export class Directory {
  readonly prefix: string;
  readonly #link: Link;
  readonly #roster = new Roster();
  readonly #late = new LatePings();
  readonly #describing = new Map<string, Promise<unknown>>();

  constructor(link: Link, prefix: string) {
    this.#link = link;
    this.prefix = prefix;
  }

  /** Those that were seen within the last minutes, whether or not they are still there. */
  get remembered(): Sighting[] {
    return this.#roster.sightings;
  }

  /** Asks who is there, and passes each on as it answers. */
  discover(ms: number, signal: AbortSignal, found: (sighting: Sighting) => void): Promise<void> {
    return ping(this.#link, this.prefix, this.#roster, this.#late, { ms, signal, found });
  }

  /** Takes no late answers any more. */
  close(): void {
    this.#late.close();
  }

  /** The service of a host, by the host's own subject: rejects where none answers, or several machines do. */
  async find(host: string, ms: number, signal: AbortSignal): Promise<Sighting> {
    const found = await this.#introductions(host, ms, signal);
    const machines = new Set(found.map(({ machine }) => machine));
    const to = { host, subject: hostSubject(this.prefix, host) };
    if (machines.size > 1) throw fleetErrors.duplicate(to, machines.size);
    // What was there before under this name has ended, or has moved.
    this.#roster.succeed(host, found);
    return found[0] as Sighting;
  }

  /** What a host is, if it or an equal one has been asked. */
  descriptionOf(sighting: Sighting): HostDescription | undefined {
    return this.#roster.descriptionOf(sighting);
  }

  /** What a host is. It is asked where no equal one has been asked before. */
  async describe(sighting: Sighting, ms: number, signal: AbortSignal): Promise<HostDescription> {
    const { host, digest } = sighting;
    // Where an equal one is being asked, and does not answer soon, this one is: no host waits for another that is silent.
    await settledSoon(this.#describing.get(digest), signal);
    const known = this.#roster.descriptionOf(sighting);
    if (known !== undefined) return known;
    const asked = this.#introductions(host, ms, signal, (found) => found.digest === digest);
    this.#describing.set(digest, asked);
    try {
      await asked;
    } finally {
      if (this.#describing.get(digest) === asked) this.#describing.delete(digest);
    }
    const described = this.#roster.descriptionOf(sighting);
    if (described !== undefined) return described;
    const to = { host, subject: hostSubject(this.prefix, host) };
    throw fleetErrors.damaged(to, 'the description is not the one that the ping announced');
  }

  /** Learns what hosts are, as far as it comes in time. */
  async describeAll(sightings: readonly Sighting[], ms: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + ms;
    const byDigest = new Map<string, Sighting[]>();
    for (const sighting of sightings) {
      const equal = byDigest.get(sighting.digest);
      if (equal === undefined) byDigest.set(sighting.digest, [sighting]);
      else equal.push(sighting);
    }
    const equal = [...byDigest.values()];
    const describeNext = async () => {
      for (let some = equal.pop(); some !== undefined; some = equal.pop()) {
        for (const sighting of some) {
          const left = until - performance.now();
          if (left <= 0 || this.#roster.descriptionOf(sighting) !== undefined) break;
          await this.describe(sighting, left, signal).catch((error: unknown) => {
            signal.throwIfAborted();
            if (!(error instanceof FleetError) || CONCERNS_ALL.has(error.code)) throw error;
          });
        }
      }
    };
    await Promise.all(Array.from({ length: DESCRIBED_AT_A_TIME }, describeNext));
  }

  /**
   * The services that answer on a host's subject: up to the one that is looked for, or else the first and those that answer just
   * behind it.
   */
  async #introductions(
    host: string,
    ms: number,
    signal: AbortSignal,
    isLooked: (found: Sighting) => boolean = () => false,
  ): Promise<Sighting[]> {
    const to = { host, subject: hostSubject(this.prefix, host) };
    const exchange = this.#link.exchange(to, new Uint8Array(0), MOST_NAMESAKES);
    const found: Sighting[] = [];
    try {
      while (found.length < MOST_NAMESAKES) {
        const message = await exchange.next(found.length === 0 ? ms : SECOND_MS, signal);
        const sighting = this.#introduced(partIn(message, to));
        if (sighting?.host !== host) throw fleetErrors.damaged(to, 'it is no description of a host');
        found.push(sighting);
        if (isLooked(sighting)) break;
      }
      return found;
    } catch (error) {
      if (error instanceof FleetError && error.code === 'ERR_HOST_SILENT' && found.length > 0) return found;
      throw error;
    } finally {
      exchange.close();
    }
  }

  #introduced(data: Uint8Array): Sighting | undefined {
    if (data.length > LONGEST_INTRODUCTION) return undefined;
    try {
      const value = JSON.parse(Buffer.from(data).toString()) as { description?: unknown; digest?: unknown };
      const sighting = sightingIn(value);
      const { description } = value;
      if (sighting === undefined || typeof description !== 'string') return undefined;
      // The text must be the one that the number is of: so no host describes another.
      if (createHash('sha256').update(description).digest('hex').slice(0, 32) !== sighting.digest) return undefined;
      const described = descriptionIn(description);
      if (described === undefined) return undefined;
      this.#roster.describe(sighting.digest, described);
      this.#roster.add(sighting);
      return sighting;
    } catch {
      return undefined;
    }
  }
}

/** Waits until a promise is settled, though not for long. */
async function settledSoon(promise: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  if (promise === undefined) return;
  const settled = promise.catch(() => {});
  await Promise.race([settled, pause(SOON_MS, undefined, { signal, ref: false }).catch(() => {})]);
  signal.throwIfAborted();
}
