import { createInbox, type Msg } from '@nats-io/nats-core';
import { inboxPrefixOf } from './connection.js';
import { type FleetError, fleetErrors } from './fleet-error.js';
import type { Link } from './link.js';
import { type Roster, type Sighting, sightingIn } from './roster.js';
import { pingSubject } from './subjects.js';

/** It is not known how many will answer, so this much silence ends it. */
const QUIET_MS = 300;
/** Where all that were known have answered, only new ones are still to come. */
const QUIET_MS_OF_KNOWN = 50;
/** So long late answers are still taken. */
const LATE_MS = 60_000;
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

/** Asks all services of NATS with this name for what they are. Ends when no more answers are to be expected. */
export async function ping(link: Link, prefix: string, roster: Roster, settings: PingSettings): Promise<void> {
  const answers = new PingAnswers(roster, settings.found);
  const to = { host: undefined, subject: pingSubject(prefix) };
  link.check(to);
  const stop = subscribed(link, to.subject, answers);
  const late = setTimeout(stop, LATE_MS).unref();
  try {
    await answers.quiet(settings.ms, settings.signal, () => link.connection.flush());
  } catch (error) {
    clearTimeout(late);
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
  #isNobody = false;
  #error: FleetError | undefined;
  #wake: (() => void) | undefined;

  constructor(roster: Roster, found: (sighting: Sighting) => void) {
    this.#roster = roster;
    this.#found = found;
    this.#missing = new Set(roster.sightings.map(({ instance }) => instance));
    this.#quiet = this.#missing.size > 0 ? QUIET_MS_OF_KNOWN : QUIET_MS;
  }

  take(message: Msg): void {
    // The server's own answer where no service listens.
    this.#isNobody ||= message.data.length === 0 && message.headers?.code === 503;
    const sighting = sightingOf(message);
    if (sighting !== undefined && !this.#seen.has(sighting.instance)) {
      this.#seen.add(sighting.instance);
      this.#roster.add(sighting);
      this.#missing.delete(sighting.instance);
      this.#found(sighting);
    }
    if (this.#isNobody) this.#wake?.();
  }

  fail(error: FleetError): void {
    this.#error ??= error;
    this.#wake?.();
  }

  /** Resolves when no more are to be expected. `flush` resolves when all has been taken that the server has sent. */
  async quiet(ms: number, signal: AbortSignal, flush: () => Promise<void>): Promise<void> {
    const until = Date.now() + ms;
    for (let seen = -1; ; ) {
      signal.throwIfAborted();
      if (this.#error !== undefined) throw this.#error;
      const isQuiet = this.#seen.size === seen && seen > 0;
      if (isQuiet || this.#isNobody || Date.now() >= until) return;
      seen = this.#seen.size;
      await this.#pause(Math.min(until - Date.now(), this.#missing.size > 0 ? QUIET_MS : this.#quiet), signal);
      // This program may have been too busy to take what has come.
      await flush().catch(() => {});
    }
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, ms));
      signal.addEventListener('abort', wake);
      this.#wake = wake;
      if (this.#error !== undefined || this.#isNobody) wake();
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
