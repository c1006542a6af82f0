import type { WireError } from '@psutil-extra/worker';
import type { Counters } from '../observe/stats.js';
import type { Origin } from '../support/capabilities.js';
import type { Backend } from '../threads/backend.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import type { ScanStrategy } from './scan-strategy.js';

/** What a scan uses of its client. */
export interface ScanContext {
  readonly origin: Origin;
  readonly pool: Backend;
  readonly dispatcher: Dispatcher;
  readonly counters: Counters;
  readonly strategy: ScanStrategy;
  /** Whether system calls by PID mean the processes of the client's proc root. */
  readonly isOwnRoot: boolean;
  /** The error of a reply. */
  errorFromWire(error: WireError, pid: number, what: string): Error;
}
