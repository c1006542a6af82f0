import { parentPort, workerData } from 'node:worker_threads';
import { loadAddon } from '@psutil-extra/native';
import { EventThread } from './event-thread.js';
import { errorReply } from './reply.js';
import type { EventThreadData, FromEventThread, ToEventThread } from './wire.js';

/**
 * The thread of a client's events. It is none of the pool's: a scan in the same thread would hold events back until the kernel
 * has no more room for them. It lives from the first use of events to the last, and waits in its event loop.
 */
const port = parentPort as import('node:worker_threads').MessagePort;
const { sources, unread } = workerData as EventThreadData;
const send = (message: FromEventThread, transfer?: ArrayBuffer[]) => port.postMessage(message, transfer);

try {
  const addon = loadAddon();
  const thread = new EventThread(new addon.EventReader(), addon.capabilities.eventSources, unread, send);
  port.on('message', (message: ToEventThread) => {
    if ('catchUp' in message) thread.catchUp(message.catchUp);
    else thread.wantRenames(message.renames);
  });
  thread.open(sources);
} catch (error) {
  send({ kind: 'ended', error: errorReply(error).error });
}
