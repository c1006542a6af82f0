import {
  AccessDeniedError,
  ClientClosedError,
  createClient,
  FIELDS,
  NoSuchProcessError,
  NotSupportedError,
  QueueFullError,
  WorkerError,
} from 'psutil-extra';
import { createRemoteClient, createResponder } from 'psutil-extra/remote';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { answering, EVERYTHING, Loopback, throughLoopback } from './loopback.js';

const local = createClient({ threads: 1 });
const { remote } = throughLoopback(local);
const { remote: allowed } = throughLoopback(local, { allow: EVERYTHING });
afterAll(() => Promise.all([remote.close(), allowed.close(), local.close()]));

let other: Spawned;
beforeAll(async () => {
  other = await sleeper();
});
afterAll(() => other[Symbol.dispose]());

describe('a responder that allows nothing', () => {
  test.each(['cmdline', 'environ'] as const)('refuses %s, and says what would allow it', async (field) => {
    for (const read of [
      () => remote[field](other.pid),
      () => remote.scan({ fields: ['name', field] }),
      () => remote.oneshot(other.pid, (scope): Promise<unknown> => scope[field]()),
    ]) {
      const error = await rejection(read());
      expect(error).toBeInstanceOf(AccessDeniedError);
      expect(error).toMatchObject({ code: 'EACCES', syscall: 'responder' });
      expect(error.message).toContain('web-1');
      expect(error.message).toContain(`createResponder(client, { allow: ['${field}'] })`);
    }
    expect(remote.supports(field)).toBe(false);
    expect(allowed.supports(field)).toBe(true);
  });

  test('answers the other calls of the turn, of the same process too', async () => {
    const [umask, cmdline, name, environ] = await Promise.allSettled([
      remote.umask(other.pid),
      remote.cmdline(other.pid),
      remote.name(other.pid),
      remote.environ(process.pid),
    ]);
    expect(umask).toEqual({ status: 'fulfilled', value: await local.umask(other.pid) });
    expect(name).toEqual({ status: 'fulfilled', value: 'sleep' });
    for (const refused of [cmdline, environ]) {
      expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(AccessDeniedError);
    }
  });

  test('says of a process that is gone that it is gone, where anything else of it is read', async () => {
    const [umask, cmdline] = await Promise.allSettled([remote.umask(UNUSED_PID), remote.cmdline(UNUSED_PID)]);
    for (const each of [umask, cmdline]) {
      expect((each as PromiseRejectedResult).reason).toBeInstanceOf(NoSuchProcessError);
    }
  });

  test('makes a refused field a snapshot’s fallback', async () => {
    expect(await remote.snapshot(other.pid, { fields: ['umask', 'cmdline', 'name'], fallback: 'secret' })).toEqual({
      pid: other.pid,
      umask: await local.umask(other.pid),
      cmdline: 'secret',
      name: 'sleep',
    });
  });

  test('finds no process by its command line, and says why', async () => {
    expect(await rejection(remote.find({ cmdline: /sleep/ }))).toBeInstanceOf(AccessDeniedError);
  });

  test('sends no command line with the sources of other fields', async () => {
    const fields = FIELDS.filter((field) => field !== 'cmdline' && field !== 'environ');
    const read = remote.oneshot(other.pid, (scope) => scope.snapshot({ fields }));
    expect((await read).name).toBe('sleep');
  });

  test.each([
    ['kill', () => remote.kill(other.pid, 'SIGTERM')],
    ['rlimit', () => remote.rlimit(other.pid, 'RLIMIT_CORE', { soft: 0, hard: 0 })],
    ['setNice', () => remote.setNice(other.pid, 5)],
    ['setIoPriority', () => remote.setIoPriority(other.pid, { class: 'idle' })],
    ['setAffinity', () => remote.setAffinity(other.pid, [0])],
    ['setScheduler', () => remote.setScheduler(other.pid, { policy: 'batch' })],
    ['setOomScoreAdj', () => remote.setOomScoreAdj(other.pid, 500)],
  ] as const)('refuses %s, and changes nothing', async (name, act) => {
    const before = await local.snapshot(other.pid, { fields: UNCHANGED });
    const error = await rejection(act());
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(error.message).toContain(`allow: ['${name}']`);
    expect(remote.supports(name)).toBe(false);
    expect(await local.snapshot(other.pid, { fields: UNCHANGED })).toEqual(before);
    expect(other.running).toBe(true);
  });
});

const UNCHANGED = ['rlimits', 'nice', 'ioPriority', 'affinity', 'scheduler', 'oomScoreAdj', 'state'] as const;

describe('a responder that allows an action', () => {
  test('performs it, and resolves with what it replaces', async () => {
    using changed = await sleeper();
    const { pid } = changed;
    expect(await allowed.setNice(pid, 7)).toBe(await local.nice(process.pid));
    expect(await local.nice(pid)).toBe(7);
    const before = await local.getrlimit(pid, 'RLIMIT_CORE');
    expect(await allowed.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: before.hard })).toEqual(before);
    expect(await allowed.setOomScoreAdj(pid, 300)).toBe(await local.oomScoreAdj(process.pid));
    expect(await allowed.setScheduler(pid, { policy: 'batch' })).toEqual({ policy: 'other', priority: 0 });
    expect(await allowed.kill(pid, 0)).toBe(true);
    const held = await allowed.process(pid);
    expect(await held.kill('SIGKILL')).toBe(true);
    await changed.end();
    expect(await rejection(held.kill('SIGKILL'))).toBeInstanceOf(NoSuchProcessError);
  });

  test('performs no other', async () => {
    const { remote: one } = throughLoopback(local, { allow: ['setNice'] });
    expect(await one.setNice(other.pid, 1)).toBeTypeOf('number');
    expect(await rejection(one.kill(other.pid, 0))).toBeInstanceOf(AccessDeniedError);
    await one.close();
  });

  test('does not change what another procRoot shows', async () => {
    const rootless = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
    const { remote: there } = throughLoopback(rootless, { allow: EVERYTHING });
    const error = await rejection(there.kill(other.pid, 0));
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(there.supports('kill')).toBe(false);
    expect(await there.name(other.pid)).toBe('sleep');
    await Promise.all([there.close(), rootless.close()]);
  });
});

describe('what takes more than requests', () => {
  test.each([
    ['waitForExit', () => allowed.waitForExit(other.pid)],
    ['killTree', () => allowed.killTree(other.pid)],
    ['events', () => allowed.events().next()],
    ['live', () => allowed.live()],
  ] as const)('%s is not supported, and says so', async (name, call) => {
    const error = await rejection(call());
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error).toMatchObject({ code: 'ENOTSUP' });
    expect(error.message).toContain('web-1');
    expect(error.message).not.toContain('procRoot');
    expect(allowed.supports(name)).toBe(false);
  });

  test('events() compares listings where it may', async () => {
    const events = remote.events({ poll: 20 });
    const next = events.next();
    using _ = await sleeper();
    expect((await next).value?.kind).toBeTypeOf('string');
    await events.return();
  });
});

describe('errors of another machine', () => {
  test('are of the same classes and name it', async () => {
    const error = await rejection(remote.umask(UNUSED_PID));
    expect(error).toBeInstanceOf(NoSuchProcessError);
    expect(error.message).toBe(`ESRCH: no such process, open (umask of PID ${UNUSED_PID} in /proc on web-1)`);
    expect(error.stack).toContain('refusals.test.ts');
    const table = await remote.scan({ fields: ['exe'] });
    const pid = table.pids.find((each) => table.get(each)?.exe === null);
    if (pid !== undefined) expect(table.error(pid, 'exe')?.message).toContain('web-1');
  });

  test('of the transport become those of the calls that wait', async () => {
    const cause = Object.assign(new Error('no responders'), { code: '503' });
    const broken = answering(createResponder(local).description, () => {
      throw cause;
    });
    const errors = await Promise.all([rejection(broken.umask(1)), rejection(broken.name(1))]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(WorkerError);
      expect(error).toMatchObject({ message: 'web-1: no responders', code: '503', cause });
    }
    expect(errors[0]).not.toBe(errors[1]);
    await broken.close();
  });

  test('are those of any client where a call was wrong, closed or one too many', async () => {
    const { description } = createResponder(local);
    const hanging = createRemoteClient(
      { description, request: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }) },
      { maxQueue: 1 },
    );
    const first = rejection(hanging.umask(1));
    expect(await rejection(hanging.umask(2))).toBeInstanceOf(QueueFullError);
    expect(await rejection(hanging.umask('1' as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(() => hanging.supports(1 as never)).toThrow(TypeError);
    await hanging.close();
    expect(await first).toBeInstanceOf(ClientClosedError);
    expect(await rejection(hanging.umask(1))).toBeInstanceOf(ClientClosedError);
  });

  test('say that the host’s own client is closed', async () => {
    const closed = createClient({ threads: 1 });
    const { remote: there } = throughLoopback(closed);
    await closed.close();
    expect(await rejection(there.umask(1))).toMatchObject({
      code: 'ERR_CLIENT_CLOSED',
      message: "web-1: the host's own client is closed",
    });
    await there.close();
  });
});

test('an aborted call ends at once, and its scan on the host too', async () => {
  const controller = new AbortController();
  let asked: (signal: AbortSignal | undefined) => void;
  const request = new Promise<AbortSignal | undefined>((resolve) => {
    asked = resolve;
  });
  const loopback = new Loopback(local);
  const slow = createRemoteClient({
    description: loopback.description,
    async *request(_, { signal }) {
      asked(signal);
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      yield new Uint8Array();
    },
  });
  const scan = rejection(slow.scan({ signal: controller.signal }));
  const sent = await request;
  controller.abort(new Error('enough'));
  expect((await scan).message).toBe('enough');
  expect(sent?.aborted).toBe(true);
  await slow.close();
});

describe('options', () => {
  test.each([
    ['a misspelt name', { allow: ['cmdlin'] }, /cmdline/],
    ['a misspelt option', { alow: [] }, /alow/],
    ['a pattern that is a text', { redact: ['secret'] }, /redact\[0\]/],
    ['one text', { allow: 'kill' }, /allow/],
  ])('%s is an error that names it', (_, options, message) => {
    expect(() => createResponder(local, options as never)).toThrow(TypeError);
    expect(() => createResponder(local, options as never)).toThrow(message);
  });

  test('of a client and of a request are checked', () => {
    const responder = createResponder(local);
    const { description } = responder;
    expect(() => createResponder({} as never)).toThrow(/client/);
    expect(() => createRemoteClient(undefined as never)).toThrow(/connection/);
    expect(() => createRemoteClient({ description, request: async function* () {} }, { nam: '' } as never)).toThrow(
      /nam/,
    );
    expect(() => createRemoteClient({ description, request: async function* () {} }, { name: 'a\nb' })).toThrow(/name/);
    expect(() => responder.handle(new Uint8Array(), { maxPart: 1 })).toThrow(RangeError);
  });
});
