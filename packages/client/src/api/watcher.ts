import type { WireError } from '@psutil-extra/worker';
import type { WatchContext } from '../watch/event-sources.js';
import type { KernelEvents } from '../watch/kernel-events.js';
import type { ListingEvents } from '../watch/listing-events.js';

/** What events and live tables use of a client, and share. */
export class Watcher implements WatchContext {
  readonly calls: WatchContext['calls'];
  readonly origin: WatchContext['origin'];
  readonly isOwnRoot: boolean;
  readonly options: WatchContext['options'];
  readonly kernelEvents: KernelEvents;
  readonly listings = new Set<ListingEvents>();
  readonly listProcesses: WatchContext['listProcesses'];
  readonly readProcesses: WatchContext['readProcesses'];

  constructor(client: Watched, kernelEvents: KernelEvents, { listProcesses, readProcesses }: Readers) {
    this.calls = client.calls;
    this.origin = client.origin;
    this.isOwnRoot = client.isOwnRoot;
    this.options = client.options;
    this.kernelEvents = kernelEvents;
    this.listProcesses = listProcesses;
    this.readProcesses = readProcesses;
    client.closedFirst.push(() => this.#close());
  }

  errorFromWire(error: WireError, pid: number, what: string): Error {
    return this.calls.errorFromWire(error, pid, what);
  }

  /** What waits for events gets its end at once. */
  #close(): Promise<void> {
    for (const listing of this.listings) listing.end();
    return this.kernelEvents.close();
  }
}

/** What is used of a client. */
interface Watched extends Pick<WatchContext, 'calls' | 'origin' | 'isOwnRoot' | 'options'> {
  readonly closedFirst: (() => void | Promise<void>)[];
}

type Readers = Pick<WatchContext, 'listProcesses' | 'readProcesses'>;
