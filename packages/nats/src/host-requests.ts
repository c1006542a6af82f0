import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, type Patience } from './answer.js';
import type { Directory } from './directory.js';
import { FleetError } from './fleet-error.js';
import { addressee } from './host-scan.js';
import type { Link } from './link.js';
import type { Sighting } from './roster.js';

/** How long a busy host is left alone: at first, and at the most. */
const BUSY_MS = 50;
const MOST_BUSY_MS = 400;

/** What a client of one host asks it. A request that the host has not begun is sent again; one that it may have begun is not. */
export class HostRequests {
  readonly #link: Link;
  readonly #directory: Directory;
  readonly #patience: Patience;
  #sighting: Sighting;

  constructor(link: Link, directory: Directory, sighting: Sighting, patience: Patience) {
    this.#link = link;
    this.#directory = directory;
    this.#sighting = sighting;
    this.#patience = patience;
  }

  async *request(
    message: Uint8Array,
    { signal = NEVER }: { readonly signal: AbortSignal | undefined },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const since = performance.now();
    for (let isFound = true, wait = BUSY_MS; ; wait = Math.min(MOST_BUSY_MS, 2 * wait)) {
      const to = addressee(this.#directory, this.#sighting);
      try {
        yield* answerOf(this.#link, to, message, this.#patience, signal);
        return;
      } catch (error) {
        const { code } = Object(error) as { readonly code?: unknown };
        const isLate = performance.now() - since > this.#patience.silence;
        // Its own client asks it more at a time than it answers, as of a hundred processes to be ended.
        if (code === 'ERR_HOST_BUSY' && !isLate) await pause(wait * (1 + Math.random()), undefined, { signal });
        // It was not received: the service may have been started anew.
        else if (code === 'ERR_HOST_GONE' && isFound) {
          isFound = false;
          this.#sighting = await this.#again(signal);
        } else throw error;
      }
    }
  }

  /** The service of the same host, if it is as the one before. */
  async #again(signal: AbortSignal): Promise<Sighting> {
    const { host, machine, digest } = this.#sighting;
    const found = await this.#directory.find(host, this.#patience.silence, signal);
    if (found.machine === machine && found.digest === digest) return found;
    const to = addressee(this.#directory, found);
    throw new FleetError('ERR_HOST_GONE', `${host} was started anew since: call fleet.host() once more`, to);
  }
}

/** The signal of a caller that has none. */
export const NEVER: AbortSignal = new AbortController().signal;
setMaxListeners(0, NEVER);
