import { readdirSync } from 'node:fs';
import { createClient, type Field, NotSupportedError } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { startTicks, stateOf, ticksSinceBoot } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { Herd, Mortal, sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 2 });
afterAll(() => client.close());

const ALL: readonly Field[] = [
  'name',
  'ppid',
  'state',
  'uids',
  'gids',
  'groups',
  'umask',
  'sigmasks',
  'pgid',
  'sid',
  'threads',
  'startTime',
  'rlimits',
];

test('a scan has every PID that /proc lists and that stays', async () => {
  using herd = await Herd.of(30);
  const began = Math.floor(ticksSinceBoot());
  const before = new Set(listed());
  const seen = new Set((await client.scan()).pids);
  // A PID may be another process's by now, and new processes may have ended again.
  const stays = (pid: number) => startTicks(pid) < began;
  for (const pid of [...before].filter(stays)) expect(seen, `PID ${pid}`).toContain(pid);
  for (const pid of [...seen].filter(stays)) expect(before, `PID ${pid}`).toContain(pid);
  for (const pid of herd.pids) expect(seen).toContain(pid);
});

test('a scan takes the five fields of psutil-extra where none are named', async () => {
  const table = await client.scan({ pids: [process.pid] });
  expect([...table.fields].sort()).toEqual(['groups', 'pgid', 'sid', 'sigmasks', 'umask']);
});

test('rows equal single reads, field by field', async () => {
  using herd = await Herd.of(20);
  for (const member of herd.members) member.child.kill('SIGSTOP');
  for (const pid of herd.pids) await until('it is stopped', () => stateOf(pid) === 'T');
  const table = await client.scan({ fields: ALL });
  for (const pid of herd.pids) {
    const row = table.get(pid);
    for (const field of ALL) expect(row?.[field], field).toEqual(await client[field](pid));
  }
});

test('a scan of given PIDs has those, each once and in their order', async () => {
  using herd = await Herd.of(5);
  const pids = herd.pids.toReversed();
  const table = await client.scan({ fields: ['pgid'], pids: [...pids, ...pids] });
  expect([...table.pids]).toEqual(pids);
});

test('PIDs may be any iterable of numbers and Processes', async () => {
  using herd = await Herd.of(3);
  const [first, ...rest] = herd.pids as [number, ...number[]];
  const held = await client.process(first);
  const table = await client.scan({ fields: ['sid'], pids: new Set([held, ...rest]) });
  expect([...table.pids]).toEqual(herd.pids);
  expect((await client.scan({ pids: Int32Array.from(herd.pids) })).length).toBe(3);
});

test('PIDs that no process has are left out, and are no error', async () => {
  using spawned = await sleeper();
  using ended = await Mortal.start();
  await ended.end();
  const table = await client.scan({ pids: [0, -1, UNUSED_PID, ended.pid, spawned.pid] });
  expect([...table.pids]).toEqual([spawned.pid]);
});

test('a scan of no PIDs is an empty table', async () => {
  const table = await client.scan({ pids: [] });
  expect([table.length, [...table], [...table.pids]]).toEqual([0, [], []]);
});

test('processes that vanish while a scan runs are left out', async () => {
  using herd = await Herd.of(100);
  const scans = Promise.all(Array.from({ length: 5 }, () => client.scan({ fields: ALL })));
  await Promise.all(herd.members.slice(0, 50).map((member) => member.end()));
  for (const table of await scans) {
    for (const pid of herd.pids.slice(50)) expect(table.get(pid)?.ppid).toBe(process.pid);
  }
  const left = await client.scan({ fields: ['ppid'] });
  // The PIDs of those that ended may be others' by now.
  const isOurs = (pid: number) => left.get(pid)?.ppid === process.pid;
  expect(herd.pids.filter(isOurs)).toEqual(herd.pids.slice(50));
});

test('the rows of every field of every process can be looked at', async () => {
  const table = await client.scan({ fields: ALL });
  for (const row of table) {
    expect(row.pid).toBeGreaterThan(0);
    for (const field of ALL)
      if (row[field] === null) expect(table.error(row.pid, field), `${row.pid} ${field}`).toBeDefined();
  }
});

test('ids of threads are not in a scan', async () => {
  using python = await Python.start();
  const thread = await python.run<number>('thread()');
  const [all, named] = await Promise.all([client.scan(), client.scan({ pids: [thread, python.pid] })]);
  expect([...all.pids]).not.toContain(thread);
  expect([...named.pids]).toEqual([python.pid]);
});

test('pids() is an Int32Array of every PID', async () => {
  using spawned = await sleeper();
  const pids = await client.pids();
  expect(pids).toBeInstanceOf(Int32Array);
  expect(pids).toContain(spawned.pid);
  expect(new Set(pids).size).toBe(pids.length);
});

test('a scan says how it was read', async () => {
  expect((await client.scan({ pids: [1] })).source).toBe('procfs');
});

test('a client of an unavailable source rejects its scans, and nothing else', async () => {
  await using bpf = createClient({ threads: 1, source: 'bpf', procRoot: '/proc/self/root/proc' });
  expect(bpf.supports('bpf')).toBe(false);
  expect(await rejection(bpf.scan())).toBeInstanceOf(NotSupportedError);
  expect(await bpf.umask(process.pid)).toBe(process.umask());
});

/** The numbers in /proc. */
function listed(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

const WAYS = [
  { source: 'auto', threads: 2 },
  { source: 'procfs', threads: 1 },
  { source: 'procfs', threads: 2 },
] as const;

test.each(WAYS)(
  'a scan that makes way for calls all the time misses no process and has none twice: $source, threads $threads',
  async (options) => {
    await using busy = createClient(options);
    using herd = await Herd.of(600);
    const scans = new AbortController();
    const asking = (async () => {
      let calls = 0;
      for (; !scans.signal.aborted; calls++) await busy.pgid(process.pid);
      return calls;
    })();
    const tables = [];
    for (let i = 0; i < 5; i++) tables.push(await busy.scan({ fields: ['umask', 'pgid'] }));
    const given = await busy.scan({ fields: ['umask'], pids: herd.pids });
    scans.abort();
    expect(await asking).toBeGreaterThan(0);
    for (const table of [...tables, given]) {
      const seen = new Set(table.pids);
      expect(seen.size).toBe(table.length);
      for (const pid of herd.pids) expect(seen).toContain(pid);
    }
  },
  // It starts six hundred processes, one by one.
  120_000,
);

test('a single thread lists and reads every process in one request', async () => {
  await using alone = createClient({ threads: 1, source: 'procfs' });
  const { messages } = alone.stats();
  expect((await alone.scan()).get(process.pid)?.umask).toBe(process.umask());
  expect(alone.stats().messages - messages).toBe(1);
});
