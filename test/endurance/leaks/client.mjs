import { createClient, FIELDS } from 'psutil-extra';
import {
  AS_BYTES,
  aborted,
  BLOCKING,
  bytes,
  clientOf,
  each,
  fields,
  LIMITS,
  nextTurn,
  ofChild,
  PARENT,
  PID,
  setters,
  UNKNOWN,
  UNUSED_PID,
} from './calls.mjs';

export const CLIENT = {
  ...fields(
    'Client',
    ({ client }, field) => client[field](PID),
    ({ client }, field) => client[field](UNUSED_PID),
  ),
  ...bytes(
    'Client',
    ({ client }, field) => client[field](PID, AS_BYTES),
    ({ client }, field) => client[field](UNUSED_PID, AS_BYTES),
  ),
  'Client with fields of another process that may block': {
    works: ({ client }) => client[BLOCKING[nextTurn() % BLOCKING.length]](PARENT),
    fails: ({ client }) => client[BLOCKING[nextTurn() % BLOCKING.length]](UNUSED_PID),
    slower: 5,
  },
  'Client.scan of fields that may block': {
    works: ({ client }) =>
      client.scan({ pids: [PARENT, UNUSED_PID, PARENT, PID], fields: ['name', 'cmdline', 'environ'] }),
    fails: ({ client }) => client.scan({ pids: [PARENT, 'x'], fields: ['cmdline'] }),
    slower: 5,
  },
  'Client.getrlimit': {
    works: ({ client }) => client.getrlimit(PID, 'RLIMIT_CORE', { bigint: nextTurn() % 2 === 0 }),
    fails: ({ client }) =>
      nextTurn() % 2 ? client.getrlimit(UNUSED_PID, 'RLIMIT_CORE') : client.getrlimit(PID, UNKNOWN),
  },
  'Client.rlimit': {
    works: ({ client }) => client.rlimit(PID, 'RLIMIT_CORE', LIMITS),
    fails: ({ client }) => client.rlimit(UNUSED_PID, 'RLIMIT_CORE', LIMITS),
  },
  ...setters(
    'Client',
    ({ client }, method, value, options) => client[method](PID, value, options),
    ({ client }, method, value, options) => client[method](UNUSED_PID, value, options),
  ),
  'Client.snapshot': {
    works: ({ client }) => client.snapshot(PID, { fields: FIELDS }),
    fails: ({ client }) => (nextTurn() % 2 ? client.snapshot(UNUSED_PID) : client.snapshot(PID, { fields: ['x'] })),
  },
  'Client.process': {
    works: ({ client }) => client.process(PID),
    fails: ({ client }) => client.process(UNUSED_PID),
  },
  'Client.oneshot': {
    works: ({ client }) =>
      client.oneshot(PID, async (scope) => {
        await scope.umask();
        // Of another source: asked of the scope's own thread.
        await client.rlimits(PID);
        void scope.startTime();
      }),
    fails: ({ client }) =>
      nextTurn() % 2 ? client.oneshot(UNUSED_PID, (scope) => scope.umask()) : client.oneshot('x'),
  },
  'Client.oneshot without a function': {
    works: async ({ client }) => {
      const scope = await client.oneshot(PID);
      await scope.umask();
      await scope.rlimits();
      await scope.close();
    },
    // Left open, which costs a scope until it is collected, and nothing after.
    fails: async ({ client }) => (await client.oneshot(UNUSED_PID)).umask(),
  },
  'Client.pids': { works: ({ client }) => client.pids(), fails: ({ client }) => client.pids(aborted), slower: 10 },
  'Client.scan': {
    works: ({ client }) => client.scan({ fields: FIELDS }),
    fails: ({ client }) => client.scan({ fields: ['x'] }),
    slower: 50,
  },
  'Client.scan of PIDs': {
    works: ({ client, held }) => client.scan({ pids: [PID, held, UNUSED_PID], fields: FIELDS }),
    fails: ({ client }) => client.scan({ pids: [PID, 'x'] }),
    slower: 5,
  },
  'Client.scanBatches': {
    works: ({ client }) => each(client.scanBatches({ batchSize: 20 }), nextTurn() % 2 ? 1 : undefined),
    fails: ({ client }) => client.scanBatches({ batchSize: -1 }).next(),
    slower: 50,
  },
  'Client.events': {
    works: ({ client }) => client.events({ poll: 10_000 }).return(),
    fails: ({ client }) => client.events(nextTurn() % 2 ? aborted : { poll: 1 }).next(),
    slower: 500,
    atOnce: 4,
  },
  'Client.live': {
    works: async ({ client }) => {
      const live = await client.live({ poll: 10_000 });
      await live.close();
    },
    fails: ({ client }) => client.live({ fields: ['x'] }),
    slower: 500,
    atOnce: 4,
  },
  'Client.kill': { works: ({ client }) => client.kill(PID, 0), fails: ({ client }) => client.kill(UNUSED_PID, 0) },
  'Client.killTree': {
    works: ({ client }) => ofChild(({ pid }) => client.killTree(pid)),
    fails: ({ client }) => client.killTree(UNUSED_PID),
    slower: 500,
    atOnce: 4,
  },
  'Client.waitForExit': {
    works: ({ client, dead }) => client.waitForExit(dead),
    fails: ({ client }) => (nextTurn() % 2 ? client.waitForExit(UNUSED_PID) : client.waitForExit(PID, aborted)),
  },
  'Client.waitForExit of a process that ends': {
    works: ({ client }) =>
      ofChild((child) => {
        const waiting = client.waitForExit(child.pid);
        child.kill('SIGKILL');
        return waiting;
      }),
    slower: 500,
    atOnce: 4,
  },
  'Client.find': {
    works: ({ client }) => client.find({ name: 'no process has this name' }),
    fails: ({ client }) => client.find({ x: 1 }),
    slower: 50,
  },
  'Client.sample': {
    works: ({ client }) => client.sample({ interval: 10_000 }).return(),
    fails: ({ client }) => client.sample(nextTurn() % 2 ? aborted : { interval: 1 }).next(),
  },
  'Client.top': {
    works: ({ client }) => client.top({ interval: 50 }),
    fails: ({ client }) => client.top({ by: 'x' }),
    slower: 500,
  },
  'Client.tree': {
    works: ({ client }) => client.tree(),
    fails: ({ client }) => client.tree({ fields: ['x'] }),
    slower: 50,
  },
  'Client.supports': { works: ({ client }) => client.supports('umask'), fails: ({ client }) => client.supports(5) },
  'Client.stats': { works: ({ client }) => client.stats() },
  'Client.close': { works: () => clientOf((client) => client.umask(PID)), slower: 500, atOnce: 4 },
  'Client[Symbol.asyncDispose]': {
    works: async () => {
      const client = createClient({ threads: 1 });
      // With a call under way, and a scope left open.
      await (await client.oneshot(PID)).rlimits();
      const call = client.scan();
      await Promise.all([client[Symbol.asyncDispose](), call]);
    },
    slower: 500,
    atOnce: 4,
  },
  'Client with a signal that outlives its calls': {
    works: ({ client, signal }) => client.umask(PID, { signal }),
    fails: ({ client, signal }) => client.snapshot(UNUSED_PID, { signal }),
  },
  'Client with calls that are aborted': {
    works: ({ client }) => client.umask(PID, { signal: new AbortController().signal }),
    fails: ({ client }) => {
      const controller = new AbortController();
      const call = client.groups(PID, { signal: controller.signal });
      controller.abort();
      return call;
    },
  },
};
