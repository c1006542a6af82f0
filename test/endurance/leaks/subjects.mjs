import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { inspect } from 'node:util';
import { createClient, FIELDS } from 'psutil-extra';

const PID = process.pid;
const UNUSED_PID = 2 ** 22 + 1;
const LIMITS = { soft: 0, hard: 0 };
const UNKNOWN = 'RLIMIT_NOTHING';
const aborted = { signal: AbortSignal.abort() };

/** Every field as a method of one kind of object. */
function fields(kind, works, fails) {
  return Object.fromEntries(
    FIELDS.filter((field) => kind !== 'Process' || field !== 'startTime').map((field) => [
      `${kind}.${field}`,
      { works: (world) => works(world, field), fails: (world) => fails(world, field) },
    ]),
  );
}

/** Fields that are also Buffers, by turns. */
const BYTES = ['name', 'cmdline', 'exe', 'cwd', 'environ'];
const AS_BYTES = { encoding: 'buffer' };
/** Another process, of which they are read by a reader process. */
const PARENT = process.ppid;
const BLOCKING = ['cmdline', 'environ', 'memoryMaps', 'memoryFootprint'];

function nextOfBytes() {
  return BYTES[++turn % BYTES.length];
}

function bytes(kind, works, fails) {
  return {
    [`${kind} with texts as Buffers`]: {
      works: (world) => works(world, nextOfBytes()),
      fails: (world) => fails(world, nextOfBytes()),
    },
  };
}

/** What each setter sets, which is no change that any later call would notice. */
const SET = {
  setNice: getPriority(),
  setIoPriority: { class: 'best-effort', level: 4 },
  setAffinity: Array.from({ length: 64 }, (_, cpu) => cpu),
  setScheduler: { policy: 'other' },
  setOomScoreAdj: Number(readFileSync('/proc/self/oom_score_adj', 'utf8')),
};

/** Every setter as a method of one kind of object, of the main thread and of all by turns. */
function setters(kind, works, fails) {
  return Object.fromEntries(
    Object.entries(SET).map(([method, value]) => {
      const options = () => (method === 'setOomScoreAdj' ? {} : { allThreads: ++turn % 2 === 0 });
      const subject = {
        works: (world) => works(world, method, value, options()),
        fails: (world) => fails(world, method, value, options()),
      };
      return [`${kind}.${method}`, subject];
    }),
  );
}

async function each(batches, most = Number.POSITIVE_INFINITY) {
  let taken = 0;
  for await (const batch of batches) if (batch.length > 0 && ++taken >= most) break;
}

/** A child of this program, which has been waited for when this resolves. */
async function ofChild(use) {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await use(child);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function clientOf(use) {
  const client = createClient({ threads: 1 });
  await use(client);
  await client.close();
}

/** Separate turns of the event loop, so that each call is as a program makes it. */
let turn = 0;

export const SUBJECTS = {
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
    works: ({ client }) => client[BLOCKING[++turn % BLOCKING.length]](PARENT),
    fails: ({ client }) => client[BLOCKING[++turn % BLOCKING.length]](UNUSED_PID),
    slower: 5,
  },
  'Client.scan of fields that may block': {
    works: ({ client }) =>
      client.scan({ pids: [PARENT, UNUSED_PID, PARENT, PID], fields: ['name', 'cmdline', 'environ'] }),
    fails: ({ client }) => client.scan({ pids: [PARENT, 'x'], fields: ['cmdline'] }),
    slower: 5,
  },
  'Client.getrlimit': {
    works: ({ client }) => client.getrlimit(PID, 'RLIMIT_CORE', { bigint: ++turn % 2 === 0 }),
    fails: ({ client }) => (++turn % 2 ? client.getrlimit(UNUSED_PID, 'RLIMIT_CORE') : client.getrlimit(PID, UNKNOWN)),
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
    fails: ({ client }) => (++turn % 2 ? client.snapshot(UNUSED_PID) : client.snapshot(PID, { fields: ['x'] })),
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
    fails: ({ client }) => (++turn % 2 ? client.oneshot(UNUSED_PID, (scope) => scope.umask()) : client.oneshot('x')),
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
    works: ({ client }) => each(client.scanBatches({ batchSize: 20 }), ++turn % 2 ? 1 : undefined),
    fails: ({ client }) => client.scanBatches({ batchSize: -1 }).next(),
    slower: 50,
  },
  'Client.events': {
    works: ({ client }) => client.events({ poll: 10_000 }).return(),
    fails: ({ client }) => client.events(++turn % 2 ? aborted : { poll: 1 }).next(),
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
    fails: ({ client }) => (++turn % 2 ? client.waitForExit(UNUSED_PID) : client.waitForExit(PID, aborted)),
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

  ...fields(
    'Process',
    ({ held }, field) => held[field](),
    ({ dead }, field) => dead[field](),
  ),
  ...bytes(
    'Process',
    ({ held }, field) => held[field](AS_BYTES),
    ({ dead }, field) => dead[field](AS_BYTES),
  ),
  'Process.getrlimit': {
    works: ({ held }) => held.getrlimit('RLIMIT_CORE'),
    fails: ({ dead }) => dead.getrlimit('RLIMIT_CORE'),
  },
  'Process.rlimit': {
    works: ({ held }) => held.rlimit('RLIMIT_CORE', LIMITS),
    fails: ({ dead }) => dead.rlimit('RLIMIT_CORE', LIMITS),
  },
  ...setters(
    'Process',
    ({ held }, method, value, options) => held[method](value, options),
    ({ dead }, method, value, options) => dead[method](value, options),
  ),
  'Process.snapshot': { works: ({ held }) => held.snapshot(), fails: ({ dead }) => dead.snapshot() },
  'Process.isRunning': {
    works: ({ held, dead }) => (++turn % 2 ? held : dead).isRunning(),
    fails: ({ held }) => held.isRunning(5),
  },
  'Process.kill': { works: ({ held }) => held.kill(0), fails: ({ dead }) => dead.kill(0) },
  'Process.killTree': {
    works: ({ client }) => ofChild(async ({ pid }) => (await client.process(pid)).killTree()),
    fails: ({ dead }) => dead.killTree(),
    slower: 500,
    atOnce: 4,
  },
  'Process.waitForExit': {
    works: ({ dead }) => dead.waitForExit(),
    fails: ({ held }) => held.waitForExit(aborted),
  },
  'Process.parent': { works: ({ held }) => held.parent(), fails: ({ dead }) => dead.parent(), slower: 10 },
  'Process.parents': { works: ({ held }) => held.parents(), fails: ({ dead }) => dead.parents(), slower: 50 },
  'Process.children': {
    works: ({ held }) => held.children({ recursive: ++turn % 2 === 0 }),
    fails: ({ dead }) => dead.children(),
    slower: 50,
  },
  'Process.toJSON': { works: ({ held }) => JSON.stringify(held) },
  'Process[inspect]': { works: ({ held }) => inspect(held) },

  ...fields(
    'Oneshot',
    ({ scope }, field) => scope[field](),
    ({ unusedScope }, field) => unusedScope[field](),
  ),
  ...bytes(
    'Oneshot',
    ({ scope }, field) => scope[field](AS_BYTES),
    ({ unusedScope }, field) => unusedScope[field](AS_BYTES),
  ),
  'Oneshot.getrlimit': {
    works: ({ scope }) => scope.getrlimit('RLIMIT_CORE'),
    fails: ({ unusedScope }) => unusedScope.getrlimit('RLIMIT_CORE'),
  },
  'Oneshot.rlimit': {
    works: ({ scope }) => scope.rlimit('RLIMIT_CORE', LIMITS),
    fails: ({ unusedScope }) => unusedScope.rlimit('RLIMIT_CORE', LIMITS),
  },
  ...setters(
    'Oneshot',
    ({ scope }, method, value, options) => scope[method](value, options),
    ({ unusedScope }, method, value, options) => unusedScope[method](value, options),
  ),
  'Oneshot.kill': { works: ({ scope }) => scope.kill(0), fails: ({ unusedScope }) => unusedScope.kill(0) },
  'Oneshot.snapshot': { works: ({ scope }) => scope.snapshot(), fails: ({ unusedScope }) => unusedScope.snapshot() },
  'Oneshot.close': {
    works: async ({ client }) => {
      const scope = await client.oneshot(PID);
      const read = scope.umask();
      // Closed while its thread reads for it.
      await read;
      const second = scope.rlimits();
      await scope.close();
      await second;
    },
  },
  'Oneshot[Symbol.asyncDispose]': {
    works: async ({ client }) => {
      const scope = await client.oneshot(PID);
      await scope.groups();
      await scope[Symbol.asyncDispose]();
    },
  },
  'Oneshot[inspect]': { works: ({ scope }) => inspect(scope) },

  'ProcessTable.column': {
    works: ({ table }) => table.column(table.fields[++turn % table.fields.length]),
    fails: ({ table }) => table.column('x'),
  },
  'ProcessTable.get': { works: ({ table }) => table.get(PID).rlimits, fails: ({ table }) => table.get('x') },
  'ProcessTable.at': { works: ({ table }) => table.at(++turn % 3)?.sigmasks, fails: ({ table }) => table.at('x') },
  'ProcessTable.error': {
    works: ({ table }) => table.error(UNUSED_PID, 'umask'),
    fails: ({ table }) => table.error(PID, 'x'),
  },
  'ProcessTable.toJSON': { works: ({ table }) => JSON.stringify(table), slower: 5 },
  'ProcessTable[Symbol.iterator]': { works: ({ table }) => [...table] },
  'ProcessTable.toArray': { works: ({ table }) => table.toArray() },
  'ProcessTable.map': { works: ({ table }) => table.map(({ pid }) => pid), fails: ({ table }) => table.map('x') },
  'ProcessTable.filter': { works: ({ table }) => table.filter(({ pid }) => pid === PID) },
  'ProcessTable.find': { works: ({ table }) => table.find(({ pid }) => pid === PID) },
  'ProcessTable.some': { works: ({ table }) => table.some(({ umask }) => umask === 0) },
  'ProcessTable.slice': { works: ({ table }) => table.slice(++turn % 3) },
  'ProcessTable.validity': {
    works: ({ table }) => table.validity(table.fields[++turn % table.fields.length]),
    fails: ({ table }) => table.validity('x'),
  },
  'ProcessTable[inspect]': { works: ({ table }) => inspect(table) },
  'ProcessTable in every order of its fields': {
    works: async ({ client }) => {
      const order = [...FIELDS].sort((a, b) => hashed(a, turn) - hashed(b, turn));
      turn++;
      (await client.scan({ pids: [PID], fields: order })).toArray();
    },
    slower: 10,
  },
};

/** A hash of a text, another one each turn. */
function hashed(text, number) {
  let hash = number;
  for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}

export async function openWorld() {
  const client = createClient({ threads: 1 });
  const child = spawn('sleep', ['300']);
  await once(child, 'spawn');
  const dead = await client.process(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return {
    client,
    held: await client.process(PID),
    dead,
    scope: await client.oneshot(PID),
    unusedScope: await client.oneshot(UNUSED_PID),
    table: await client.scan({ pids: [PID, UNUSED_PID, 1], fields: FIELDS }),
    signal: new AbortController().signal,
  };
}
