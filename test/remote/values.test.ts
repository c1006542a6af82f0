import { type Client, createClient, FIELDS, type Field, type ProcessError, type ProcessTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';
import { EVERYTHING, throughLoopback } from './loopback.js';

const local = createClient({ threads: 2 });
const { remote, loopback } = throughLoopback(local, { allow: EVERYTHING });
afterAll(() => Promise.all([remote.close(), local.close()]));

let steady: Spawned;
let odd: Spawned;
let python: Python;
let zombie: number;
beforeAll(async () => {
  steady = await sleeper(['setsid']);
  // Its own group list, umask, limits and environment.
  odd = await sleeper([
    'env',
    '-i',
    'NAME=w\u00f6rt\n',
    'EMPTY=',
    'prlimit',
    '--core=0',
    'sh',
    '-c',
    'umask 0137; exec sleep 300',
  ]);
  python = await Python.start();
  zombie = await python.run<number>('zombie()');
  await until('it is a zombie', () => stateOf(zombie) === 'Z');
});
afterAll(() => {
  for (const each of [steady, odd, python]) each[Symbol.dispose]();
});

/** A value, or the class and code of an error. What the rest of the machine changes is compared by its type. */
async function outcome(client: Client, field: Field, pid: number): Promise<unknown> {
  try {
    const value = await client[field](pid);
    return CHANGING.has(field) ? typeof value : value;
  } catch (error) {
    const { name, code, errno, syscall } = error as ProcessError;
    return { name, code, errno, syscall };
  }
}

const CHANGING: ReadonlySet<Field> = new Set(['memoryFootprint', 'memoryMaps', 'oomScore']);

describe.each<[string, () => number]>([
  ['one that sleeps', () => steady.pid],
  ['one with odd texts and limits', () => odd.pid],
  ['a zombie', () => zombie],
  ['a PID that no process has', () => UNUSED_PID],
  ['PID 0', () => 0],
  ['a PID below 0', () => -1],
])('of %s', (_, pidOf) => {
  test.each(FIELDS)('%s is the same from another machine', async (field) => {
    const pid = pidOf();
    expect(await outcome(remote, field, pid)).toEqual(await outcome(local, field, pid));
  });
});

test('a scan of every process has the same rows and columns of those that do not change', async () => {
  const fields = FIELDS.filter((field) => !CHANGING.has(field));
  const [here, there] = await Promise.all([local.scan({ fields }), remote.scan({ fields })]);
  for (const pid of [steady.pid, odd.pid, zombie]) {
    expect(there.get(pid)).toEqual(here.get(pid));
    for (const field of fields) expect(there.error(pid, field)?.code).toBe(here.error(pid, field)?.code);
  }
});

test('a scan says where its rows come from', async () => {
  const [here, there] = await Promise.all([local.scan({ fields: ['ppid'] }), remote.scan({ fields: ['ppid'] })]);
  expect(there.source).toBe(here.source);
});

/** One whose command line is not there at once comes last in a scan. */
function sorted<R extends { pid: number }>(rows: R[]): R[] {
  return rows.sort((a, b) => a.pid - b.pid);
}

test('a scan of named processes is of these, in batches too', async () => {
  const pids = [zombie, steady.pid, UNUSED_PID, odd.pid, steady.pid];
  const fields = ['name', 'rlimits', 'cmdline'] as const;
  const expected = sorted((await local.scan({ fields, pids })).toArray());
  expect(sorted((await remote.scan({ fields, pids })).toArray())).toEqual(expected);
  const tables: ProcessTable<'name' | 'rlimits' | 'cmdline'>[] = [];
  for await (const table of remote.scanBatches({ fields, pids, batchSize: 2 })) tables.push(table);
  expect(sorted(tables.flatMap((table) => table.toArray()))).toEqual(expected);
});

test('scanBatches() finds every process', async () => {
  const found = new Set<number>();
  for await (const table of remote.scanBatches({ fields: ['ppid'], batchSize: 16 })) {
    expect(table.length).toBeLessThanOrEqual(16);
    for (const pid of table.pids) found.add(pid);
  }
  for (const pid of [process.pid, steady.pid, odd.pid, zombie]) expect(found).toContain(pid);
});

test('a scan without fields lists every process', async () => {
  const { pids } = await remote.scan({ fields: [] });
  expect([...pids]).toEqual(expect.arrayContaining([process.pid, steady.pid, odd.pid]));
});

test('pids() lists them', async () => {
  expect([...(await remote.pids())]).toEqual(expect.arrayContaining([1, process.pid, steady.pid]));
});

test('a snapshot has the same values, in both encodings of text', async () => {
  expect(await remote.snapshot(odd.pid, { fields: ['environ', 'umask', 'cmdline'] })).toEqual(
    await local.snapshot(odd.pid, { fields: ['environ', 'umask', 'cmdline'] }),
  );
  expect(await remote.cmdline(odd.pid, { encoding: 'buffer' })).toEqual(
    await local.cmdline(odd.pid, { encoding: 'buffer' }),
  );
});

test('limits are the same as numbers and as bigints, by name and by number', async () => {
  for (const options of [{}, { bigint: true }] as const) {
    expect(await remote.rlimits(odd.pid, options)).toEqual(await local.rlimits(odd.pid, options));
    expect(await remote.getrlimit(odd.pid, 'RLIMIT_CORE', options)).toEqual(
      await local.getrlimit(odd.pid, 'RLIMIT_CORE', options),
    );
  }
  expect(await remote.getrlimit(odd.pid, 4)).toEqual({ soft: 0, hard: 0 });
});

test('the calls of one turn are one request', async () => {
  const before = loopback.requests;
  const calls = [remote.umask(steady.pid), remote.name(steady.pid), remote.ppid(odd.pid), remote.rlimits(odd.pid)];
  await Promise.all(calls);
  expect(loopback.requests).toBe(before + 1);
});

test('a process has the same identity and relatives', async () => {
  const [here, there] = await Promise.all([local.process(steady.pid), remote.process(steady.pid)]);
  expect(there.identity).toBe(here.identity);
  expect(there.startTime).toBe(here.startTime);
  expect((await there.parent())?.pid).toBe((await here.parent())?.pid);
  expect((await there.parents()).map(({ pid }) => pid)).toEqual((await here.parents()).map(({ pid }) => pid));
  const self = await remote.process(process.pid);
  expect((await self.children()).map(({ pid }) => pid)).toEqual(expect.arrayContaining([steady.pid, odd.pid]));
  expect(await there.isRunning()).toBe(true);
});

test('find() and tree() are by the processes there', async () => {
  expect((await remote.find({ name: 'sleep' })).map(({ pid }) => pid)).toEqual(
    expect.arrayContaining([steady.pid, odd.pid]),
  );
  const pids = (rows: readonly { pid: number; children: readonly never[] }[]): number[] =>
    rows.flatMap(({ pid, children }): number[] => [pid, ...pids(children)]);
  expect(pids((await remote.tree({ fields: ['name'] })) as never)).toContain(steady.pid);
});

test('a oneshot reads what it lacks', async () => {
  const values = await remote.oneshot(odd.pid, async (scope) => [
    await scope.name(),
    await scope.umask(),
    await scope.cmdline(),
    await scope.rlimits(),
  ]);
  expect(values).toEqual([
    await local.name(odd.pid),
    await local.umask(odd.pid),
    await local.cmdline(odd.pid),
    await local.rlimits(odd.pid),
  ]);
});

test('sample() compares two scans of the host, and top() too', async () => {
  for await (const table of remote.sample({ interval: 60, fields: ['name', 'cpuPercent', 'memory'] })) {
    expect(table.elapsed).toBeGreaterThan(50);
    expect(table.get(steady.pid)).toMatchObject({ name: 'sleep', cpuPercent: 0 });
    break;
  }
  expect(await remote.top({ interval: 60, count: 3 })).toHaveLength(3);
  expect(await (await remote.process(steady.pid)).cpuPercent({ interval: 60 })).toBe(0);
});
