import { threadId } from 'node:worker_threads';
import type { Attached, WorkerApi } from './wire.js';

/** Exposes this thread's API on one end of a channel and returns the other. */
export function attach(api: WorkerApi): Attached {
  const { expose, nodeEndpoint } = comlink();
  const { port1, port2 } = new MessageChannel();
  expose(api, nodeEndpoint(port1));
  // The pool decides how long this thread lives, not the port.
  port1.unref();
  return { threadId, port: port2 };
}

/** Loaded at the first scope: a thread without one answers earlier. */
function comlink() {
  const { expose } = require('comlink') as typeof import('comlink');
  const nodeEndpoint = require('comlink/dist/umd/node-adapter.js') as NodeEndpoint;
  return { expose, nodeEndpoint };
}

type NodeEndpoint = typeof import('comlink/dist/umd/node-adapter.js')['default'];
