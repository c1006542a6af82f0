import { createRemoteClient, createResponder, decodeScan, encodeScan } from 'psutil-extra/remote';
import { aborted, nextTurn, PID, UNUSED_PID } from './calls.mjs';

const SCAN = encodeScan({ fields: ['name', 'memory'] });

/** A client of this machine by way of a responder, of another client for each. */
const REMOTES = new WeakMap();
function remoteOf(client) {
  let made = REMOTES.get(client);
  if (made === undefined) {
    const responder = createResponder(client, { redact: [/x/] });
    const { description } = responder;
    const request = (message, { signal }) => responder.handle(message, { signal, maxPart: 4096 });
    made = { responder, remote: createRemoteClient({ description, request }) };
    REMOTES.set(client, made);
  }
  return made;
}

export const REMOTE = {
  'Remote.umask': {
    works: ({ client }) => remoteOf(client).remote.umask(PID),
    fails: ({ client }) => remoteOf(client).remote.umask(UNUSED_PID),
  },
  'Remote.cmdline, which is refused': {
    works: ({ client }) => remoteOf(client).remote.snapshot(PID, { fields: ['cmdline', 'umask', 'exe'] }),
    fails: ({ client }) => remoteOf(client).remote.cmdline(PID),
  },
  'Remote.scan': {
    works: ({ client }) => remoteOf(client).remote.scan({ fields: ['name', 'rlimits'] }),
    fails: ({ client }) => remoteOf(client).remote.scan(nextTurn() % 2 ? aborted : { fields: ['environ'] }),
    slower: 20,
    atOnce: 8,
  },
  'Remote.handle, which is left in the middle': {
    works: async ({ client }) => {
      for await (const _ of remoteOf(client).responder.handle(SCAN, { maxPart: 4096 })) break;
    },
    slower: 20,
    atOnce: 8,
  },
  'Remote.decodeScan': {
    works: async ({ client }) => {
      const { responder } = remoteOf(client);
      const parts = [];
      for await (const part of responder.handle(SCAN)) parts.push(part);
      return decodeScan(parts, responder.description).toArray();
    },
    fails: async ({ client }) => decodeScan([SCAN], remoteOf(client).responder.description),
    slower: 20,
    atOnce: 8,
  },
};
