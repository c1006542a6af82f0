import { FailureKind } from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import {
  AccessDeniedError,
  // @ts-expect-error: not declared, since what it takes is of another package
  errorFromWire,
  NoSuchProcessError,
  NotSupportedError,
  ProcessError,
  WorkerError,
  ZombieProcessError,
} from '../../packages/client/dist/support/errors.js';
import { errorReply, reply } from '../../packages/worker/dist/reply.js';

/** Across threads and back. */
function sent(answer: ReturnType<typeof reply> | ReturnType<typeof errorReply>): Error {
  const received = structuredClone(answer);
  if (received.ok) throw new Error('expected an error');
  return errorFromWire(received.error, 42, 'umask', { root: '/proc' });
}

const FAILURES = [
  [FailureKind.gone, 'ESRCH', 3, NoSuchProcessError],
  [FailureKind.zombie, 'ESRCH', 3, ZombieProcessError],
  [FailureKind.denied, 'EPERM', 1, AccessDeniedError],
  [FailureKind.denied, 'EACCES', 13, AccessDeniedError],
  [FailureKind.system, 'EMFILE', 24, ProcessError],
  [FailureKind.system, 'EIO', 5, ProcessError],
] as const;

describe.each(FAILURES)('a failure of kind %i with %s', (kind, code, errno, type) => {
  test(`becomes a ${type.name} with code, errno, syscall and pid`, () => {
    const error = sent(reply({ kind, errno, code, syscall: 'open' }));
    expect(error.constructor).toBe(type);
    expect(error).toMatchObject({ name: type.name, code, errno: -errno, syscall: 'open', pid: 42 });
    expect(error.message).toContain('42');
  });
});

test('what is not supported has the code ENOTSUP, whatever the system said', () => {
  const error = sent(reply({ kind: FailureKind.unsupported, errno: 2, code: 'ENOENT', syscall: 'open' }));
  expect(error).toBeInstanceOf(NotSupportedError);
  expect(error).toMatchObject({ code: 'ENOTSUP', errno: -95, pid: 42 });
});

test('an error that was thrown in the thread becomes a WorkerError, with the error as its cause', () => {
  const thrown = Object.assign(new TypeError('mine'), { code: 'ERR_MINE' });
  const error = sent(errorReply(thrown));
  expect(error).toBeInstanceOf(WorkerError);
  expect(error).toMatchObject({ code: 'ERR_MINE', message: 'mine' });
  expect(error.cause).toMatchObject({ name: 'TypeError', message: 'mine', stack: thrown.stack });
});

test.each([
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [{ odd: true }, '[object Object]'],
])('%j that was thrown becomes a WorkerError', (thrown, message) => {
  expect(sent(errorReply(thrown))).toMatchObject({ name: 'WorkerError', code: 'ERR_WORKER', message });
});

test('a value is itself', () => {
  expect(reply({ pids: [1] })).toEqual({ ok: true, value: { pids: [1] } });
});

test.each([
  ['call sites', (_: Error, sites: NodeJS.CallSite[]) => sites],
  ['nothing', () => undefined],
])('an error in a thread crosses where Error.prepareStackTrace returns %s', (_, hook) => {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = hook;
  try {
    const error = sent(errorReply(Object.assign(new Error('broken'), { code: 'ERR_BROKEN' })));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error).toMatchObject({ code: 'ERR_BROKEN', message: 'broken' });
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
  }
});
