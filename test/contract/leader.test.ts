import { createClient, type Field, NoSuchProcessError, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Compiled } from '../processes/compiled.js';
import { prlimit, stateOf, statusLine } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
let leaderless: Compiled;
beforeAll(async () => {
  leaderless = new Compiled('leaderless.c');
  expect(await leaderless.line()).toBe('ready');
  await until('its main thread has ended', () => stateOf(leaderless.pid) === 'Z');
});
afterAll(async () => {
  leaderless[Symbol.dispose]();
  await client.close();
});

const FIELDS = ['umask', 'state', 'sigmasks', 'groups', 'uids', 'gids', 'threads', 'name', 'rlimits'] as const;

function expectLiving(row: Partial<Record<Field, unknown>>): void {
  expect(row).toMatchObject({ umask: 0o031, state: 'sleeping', name: 'leaderless', threads: 2 });
  expect([...((row.sigmasks as { blocked?: Iterable<number> }).blocked ?? [])]).toEqual([12]);
  expect(row.uids).toEqual({ real: process.getuid?.(), effective: process.geteuid?.(), saved: process.geteuid?.() });
  expect(row.groups).toEqual((statusLine(process.pid, 'Groups') ?? '').split(' ').filter(Boolean).map(Number));
}

test('each field of a process whose main thread has ended is read from a living thread', async () => {
  const row: Partial<Record<Field, unknown>> = {};
  for (const field of FIELDS) row[field] = await client[field](leaderless.pid);
  expectLiving(row);
});

test('so it is in a snapshot, in a scope, and of a Process, which is running', async () => {
  expectLiving(await client.snapshot(leaderless.pid, { fields: FIELDS }));
  const held = await client.process(leaderless.pid);
  expectLiving(await held.snapshot({ fields: FIELDS }));
  expect(await held.isRunning()).toBe(true);
  await client.oneshot(leaderless.pid, async (scope) => {
    expect(await scope.umask()).toBe(0o031);
    expectLiving(await scope.snapshot({ fields: FIELDS }));
  });
});

test.each(['procfs', 'bpf'] as const)('so it is in a scan of every process by %s', async (source) => {
  await using scanning = createClient({ threads: 1, source: scannable(source) });
  expectLiving((await scanning.scan({ fields: FIELDS })).get(leaderless.pid) ?? {});
  expect((await scanning.scan({ fields: ['state'] })).get(leaderless.pid)?.state).toBe('sleeping');
  expectLiving((await scanning.scan({ fields: FIELDS, pids: [leaderless.pid] })).get(leaderless.pid) ?? {});
});

test('so it is in another procRoot', async () => {
  await using other = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
  expectLiving(await other.snapshot(leaderless.pid, { fields: FIELDS }));
  expectLiving(await (await other.process(leaderless.pid)).snapshot({ fields: FIELDS }));
});

test('its limits are read and set', async () => {
  const held = await client.process(leaderless.pid);
  for (const proc of [leaderless.pid, held]) {
    const before = await client.getrlimit(proc, 'RLIMIT_CORE');
    expect(before).toEqual(prlimit(leaderless.pid, 'core'));
    const soft = before.soft === 0 ? 4096 : 0;
    expect(await client.rlimit(proc, 'RLIMIT_CORE', { soft, hard: before.hard })).toEqual(before);
    expect(prlimit(leaderless.pid, 'core')).toEqual({ soft, hard: before.hard });
  }
});

test('files of such a process are read alike, and without a living thread it has ended', async () => {
  using root = new RecordedRoot();
  const ended = recorded(77)
    .status.replace('S (sleeping)', 'Z (zombie)')
    .replace(/^Umask:.*\n/m, '');
  const living = recorded(77).status.replace(/^Pid:.*/m, 'Pid:\t79');
  root.add(77, {
    ...recorded(77),
    status: ended,
    'task/77/status': ended,
    'task/78/status': ended,
    'task/79/status': living,
  });
  root.add(88, { ...recorded(88), status: ended.replaceAll('77', '88') });
  await using odd = createClient({ threads: 1, procRoot: root.path });
  expect(await odd.snapshot(77, { fields: ['umask', 'state', 'threads'] })).toEqual({
    pid: 77,
    umask: 0o027,
    state: 'sleeping',
    threads: 3,
  });
  expect(await rejection(odd.umask(88))).toBeInstanceOf(ZombieProcessError);
});

test('a process without a thread left is a zombie', async () => {
  using python = await Python.start();
  const pid = await python.run<number>('zombie()');
  await until('it has ended', () => stateOf(pid) === 'Z');
  expect(await rejection(client.umask(pid))).toBeInstanceOf(ZombieProcessError);
  expect(await client.state(pid)).toBe('zombie');
  await python.run(`os.waitpid(${pid}, 0)`);
  expect(await rejection(client.umask(pid))).toBeInstanceOf(NoSuchProcessError);
});

function scannable(source: 'procfs' | 'bpf'): 'procfs' | 'bpf' | 'auto' {
  const probe = createClient({ source });
  return source === 'bpf' && !probe.supports('bpf') ? 'auto' : source;
}
