import type { WireError } from '@psutil-extra/worker';
import type { ScanContext } from '../scan/scan-context.js';

/** An error of a thread's reply on its way through a scan, to be sent on as it is. */
export class CarriedError extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super('an error of a reply');
    this.wire = wire;
  }
}

/** A client whose scans throw such errors. */
export function carrying(client: ScanContext): ScanContext {
  const { origin, pool, dispatcher, counters, strategy, isOwnRoot } = client;
  return { origin, pool, dispatcher, counters, strategy, isOwnRoot, errorFromWire: (error) => new CarriedError(error) };
}
