import {
  AccessDeniedError,
  ClientClosedError,
  createClient,
  NoSuchProcessError,
  NotSupportedError,
  ProcessError,
  QueueFullError,
  WorkerError,
  ZombieProcessError,
} from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { Python } from '../processes/python.js';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { Mortal, UNUSED_PID } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
/** A client that can neither walk by BPF nor make system calls by PID. */
const rootless = createClient({ threads: 1, procRoot: '/proc/self/root/proc', source: 'bpf' });
afterAll(() => Promise.all([client.close(), rootless.close()]));

const FIELDS = [
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
] as const;

let ended: Mortal;
beforeAll(async () => {
  ended = await Mortal.start();
  await ended.end();
});
afterAll(() => ended[Symbol.dispose]());

describe.each([
  ['PID 0', () => 0],
  ['a negative PID', () => -1],
  ['the negative PID of this process', () => -process.pid],
  ['a PID beyond those that the kernel gives out', () => UNUSED_PID],
  ['the largest number', () => 2 ** 31 - 1],
  ['the smallest number', () => -(2 ** 31)],
  ['a process that has ended', () => ended.pid],
])('%s', (_, pidOf) => {
  test.each(FIELDS)('%s is NoSuchProcessError', async (field) => {
    const pid = pidOf();
    const error = await rejection(client[field](pid));
    expect(error).toBeInstanceOf(NoSuchProcessError);
    expect(error).not.toBeInstanceOf(ZombieProcessError);
    expect(error).toMatchObject({ name: 'NoSuchProcessError', code: 'ESRCH', errno: -3, pid });
    expect(error.message).toContain(String(pid));
  });

  test('reading and setting a limit, a snapshot and a Process are too', async () => {
    const pid = pidOf();
    const set = client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 });
    for (const call of [set, client.getrlimit(pid, 'RLIMIT_CORE'), client.snapshot(pid), client.process(pid)]) {
      expect(await rejection(call)).toBeInstanceOf(NoSuchProcessError);
    }
  });
});

test.each<[string, (pid: number) => Promise<unknown>]>([
  ['a scan by BPF through another procRoot', () => rootless.scan()],
  ['a limit set through another procRoot', (pid) => rootless.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 })],
])('%s is ENOTSUP by name and by number', async (_, call) => {
  expect(await rejection(call(process.pid))).toMatchObject({ name: 'NotSupportedError', code: 'ENOTSUP', errno: -95 });
});

test('no number of an error is −0, which Object.is() distinguishes from 0', async () => {
  const calls = [
    () => client.umask(-0),
    () => client.snapshot(-0),
    () => client.process(-0),
    () => rootless.scan(),
    () => rootless.umask(-0),
  ];
  for (const call of calls) {
    const { pid, errno } = await rejection<ProcessError>(call());
    expect(pid).toBe(0);
    expect(errno).toBeLessThan(0);
  }
});

test('the id of a thread is no PID', async () => {
  using python = await Python.start();
  const thread = await python.run<number>('thread()');
  for (const field of FIELDS) expect(await rejection(client[field](thread)), field).toBeInstanceOf(NoSuchProcessError);
  const set = client.rlimit(thread, 'RLIMIT_NOFILE', { soft: 1, hard: 1 });
  expect(await rejection(set)).toBeInstanceOf(NoSuchProcessError);
  expect((await client.getrlimit(python.pid, 'RLIMIT_NOFILE')).hard).toBeGreaterThan(1);
});

test('a process that ends between two reads is NoSuchProcessError at the second', async () => {
  using spawned = await Mortal.start();
  expect(await client.umask(spawned.pid)).toBeGreaterThanOrEqual(0);
  await spawned.end();
  expect(await rejection(client.umask(spawned.pid))).toBeInstanceOf(NoSuchProcessError);
});

test('a file that may not be read is AccessDeniedError EACCES', async ({ skip }) => {
  skip(...lacking.otherUser);
  using root = new RecordedRoot();
  root.add(5);
  const error = await answerOf<object>(
    `import { AccessDeniedError, createClient } from 'psutil-extra';
     const error = await createClient({ procRoot: process.argv[1] }).umask(5).catch((error) => error);
     console.log(JSON.stringify({ ...error, name: error.name, denied: error instanceof AccessDeniedError }));`,
    {
      wrapper: ['sh', '-c', 'chmod 755 "$0" && chmod 000 "$0/5/status" && exec "$@"', root.path, ...AS_NOBODY],
      args: [root.path],
    },
  );
  expect(error).toMatchObject({
    name: AccessDeniedError.name,
    denied: true,
    code: 'EACCES',
    errno: -13,
    syscall: 'open',
    pid: 5,
  });
});

test('a file that the kernel does not have is NotSupportedError', async () => {
  using root = new RecordedRoot();
  root.add(5, { status: recorded(5).status });
  await using elsewhere = createClient({ threads: 1, procRoot: root.path });
  const error = await rejection(elsewhere.rlimits(5));
  expect(error).toBeInstanceOf(NotSupportedError);
  expect(error).toMatchObject({ name: 'NotSupportedError', code: 'ENOTSUP', pid: 5 });
});

test('any other error of the system is a ProcessError with the errno’s name', async () => {
  using root = new RecordedRoot();
  root.add(5, {});
  root.add(6, { status: '' });
  await using elsewhere = createClient({ threads: 1, procRoot: `${root.path}/6/status` });
  const error = await rejection(elsewhere.umask(5));
  expect(error).toBeInstanceOf(ProcessError);
  expect(error).not.toBeInstanceOf(NoSuchProcessError);
  expect(error).toMatchObject({ code: 'ENOTDIR', errno: -20, syscall: 'open' });
});

test('a procRoot that does not exist is no NoSuchProcessError', async () => {
  await using nowhere = createClient({ threads: 1, procRoot: '/nonexistent/proc' });
  const error = await rejection(nowhere.umask(1));
  expect(error).not.toBeInstanceOf(NoSuchProcessError);
  expect(error).toMatchObject({ name: 'ProcessError', code: 'ENOENT' });
});

test('every class of the system’s errors extends ProcessError, and that Error', () => {
  for (const type of [NoSuchProcessError, ZombieProcessError, AccessDeniedError, NotSupportedError]) {
    expect(type.prototype).toBeInstanceOf(ProcessError);
  }
  expect(ZombieProcessError.prototype).toBeInstanceOf(NoSuchProcessError);
  for (const type of [ProcessError, ClientClosedError, QueueFullError, WorkerError])
    expect(type.prototype).toBeInstanceOf(Error);
});

test('an error is shown with its class’s name and its code', async () => {
  const error = await rejection(client.umask(UNUSED_PID));
  expect(String(error)).toMatch(/^NoSuchProcessError: ESRCH: no such process/);
});
