import { threadId } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import type { Attached, WorkerApi } from './wire.js';

/** Exposes this thread's API on one end of a channel and returns the other. */
export function attach(api: WorkerApi): Attached {
  const { port1, port2 } = new MessageChannel();
  expose(api, nodeEndpoint(port1));
  // The pool decides how long this thread lives, not the port.
  port1.unref();
  return { threadId, port: port2 };
}
