import { createInbox, type Msg } from '@nats-io/nats-core';
import { inboxPrefixOf } from './connection.js';
import { type FleetError, fleetErrors } from './fleet-error.js';
import type { LatePings } from './late-pings.js';
import type { Link } from './link.js';
import { type Roster, type Sighting, sightingIn } from './roster.js';
import { pingSubject } from './subjects.js';

/** It is not known how many will answer, so this much silence ends it. */
const QUIET_MS = 300;
/** Where all that were known have answered, only new ones are still to come. */
const QUIET_MS_OF_KNOWN = 50;
/** So long a server has at least to say that it has sent all. */
const FLUSH_MS = 250;
/** The most messages that are taken as answers to one ping. */
const MOST_ANSWERS = 200_000;
/** An answer has about 300 bytes. */
const MOST_BYTES = 16_384;

/** How a ping is waited for. */
export interface PingSettings {
  /** It ends after so many milliseconds at the latest. */
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Called for each service that answers: of those who are late, also when the ping has ended. */
  readonly found: (sighting: Sighting) => void;
}

/**
 * Asks all services of NATS with this name for what they are. Ends when no more answers are to be expected; those that come late
 * are still taken, as long as `late` lets them.
 */
export async function ping(
  link: Link,
  prefix: string,
  roster: Roster,
  late: LatePings,
  settings: PingSettings,
): Promise<void> {
  const answers = new PingAnswers(roster, settings.found);
  const to = { host: undefined, subject: pingSubject(prefix) };
  link.check(to);
  const stop = subscribed(link, to.subject, answers);
  try {
    await answers.quiet(settings.ms, settings.signal, () => link.connection.flush());
    answers.failed = late.add(stop);
  } catch (error) {
    stop();
    throw error;
  }
}

/** Sends the ping. Returns what ends it. */
function subscribed(link: Link, subject: string, answers: PingAnswers): () => void {
  const { connection } = link;
  const inbox = createInbox(inboxPrefixOf(connection) ?? '');
  const unwatch = link.onRefusal({ host: undefined, subject }, (error) => answers.fail(error));
  const subscription = connection.subscribe(inbox, {
    max: MOST_ANSWERS,
    callback: (error, message) => {
      if (error === null) answers.take(message);
      else answers.fail(fleetErrors.permission({ host: undefined, subject: inbox }, error.message));
    },
  });
  connection.publish(subject, new Uint8Array(0), { reply: inbox });
  return () => {
    unwatch();
    subscription.unsubscribe();
  };
}

/** The answers to a ping, as they come. */
class PingAnswers {
  readonly #roster: Roster;
  readonly #found: (sighting: Sighting) => void;
  readonly #seen = new Set<string>();
  /** Those that were known before, and have not answered. */
  readonly #missing: Set<string>;
  readonly #quiet: number;
  #hasNoResponder = false;
  #error: FleetError | undefined;
  /** Called when it has failed after its end. */
  failed: (() => void) | undefined;
  #wake: (() => void) | undefined;

  constructor(roster: Roster, found: (sighting: Sighting) => void) {
    this.#roster = roster;
    this.#found = found;
    this.#missing = new Set(roster.sightings.map(({ instance }) => instance));
    this.#quiet = this.#missing.size > 0 ? QUIET_MS_OF_KNOWN : QUIET_MS;
  }

  take(message: Msg): void {
    // The server's own answer where no service listens.
    this.#hasNoResponder ||= message.data.length === 0 && message.headers?.code === 503;
    const sighting = sightingOf(message);
    if (sighting !== undefined && !this.#seen.has(sighting.instance)) {
      this.#seen.add(sighting.instance);
      this.#roster.add(sighting);
      this.#missing.delete(sighting.instance);
      this.#found(sighting);
    }
    if (this.#hasNoResponder) this.#wake?.();
  }

  fail(error: FleetError): void {
    this.#error ??= error;
    this.#wake?.();
    this.failed?.();
  }

  /** Resolves when no more are to be expected. `flush` resolves when all has been taken that the server has sent. */
  async quiet(ms: number, signal: AbortSignal, flush: () => Promise<void>): Promise<void> {
    const until = performance.now() + ms;
    for (let seen = -1; ; ) {
      signal.throwIfAborted();
      if (this.#error !== undefined) throw this.#error;
      const isQuiet = this.#seen.size === seen && seen > 0;
      if (isQuiet || this.#hasNoResponder || performance.now() >= until) return;
      seen = this.#seen.size;
      await this.#pause(Math.min(until - performance.now(), this.#missing.size > 0 ? QUIET_MS : this.#quiet), signal);
      // This program may have been too busy to take what has come. A server that stands still does not say what it has sent.
      await this.#pause(Math.max(FLUSH_MS, until - performance.now()), signal, flush());
    }
  }

  /** Waits for so long, or until what ends it before: something has happened, or `work` is done. */
  #pause(ms: number, signal: AbortSignal, work?: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        // Work that took longer ends no other pause.
        if (this.#wake === wake) this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, ms));
      signal.addEventListener('abort', wake);
      this.#wake = wake;
      work?.then(wake, wake);
      if (this.#error !== undefined || this.#hasNoResponder || signal.aborted) wake();
    });
  }
}

function sightingOf(message: Msg): Sighting | undefined {
  if (message.data.length === 0 || message.data.length > MOST_BYTES) return undefined;
  try {
    const { id, metadata } = message.json<{ id?: unknown; metadata?: object }>();
    return sightingIn({ ...metadata, instance: id });
  } catch {
    return undefined;
  }
}
