import type { WireError } from '@psutil-extra/worker';
import type { WatchContext } from '../watch/event-sources.js';
import type { KernelEvents } from '../watch/kernel-events.js';
import { listProcesses } from '../watch/list-processes.js';
import type { ListingEvents } from '../watch/listing-events.js';
import { readProcesses } from '../watch/live-reader.js';
import type { Runtime } from './runtime.js';

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

  constructor(runtime: Runtime) {
    this.calls = runtime.calls;
    this.origin = runtime.origin;
    this.isOwnRoot = runtime.isOwnRoot;
    this.options = runtime.options;
    this.kernelEvents = runtime.kernelEvents;
    this.listProcesses = () => listProcesses(runtime);
    this.readProcesses = (fields, pids) => readProcesses(runtime, fields, pids);
    runtime.closedFirst.push(() => this.#close());
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
