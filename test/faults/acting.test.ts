import { constants } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Denying } from '../processes/denying.js';
import { sleeper } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { type Call, FailingCalls, type Outcome, type Question } from './faults.js';

let calls: FailingCalls;
let denying: Denying;
let process: Spawned;
beforeAll(async () => {
  if (lacking.preload[0]) return;
  calls = new FailingCalls();
  denying = new Denying();
  process = await sleeper();
});
afterAll(() => {
  process?.[Symbol.dispose]();
  denying?.[Symbol.dispose]();
  calls?.[Symbol.dispose]();
});

/** The errnos in each call's man page, and those by which a kernel or a filter says that it has no such call. */
const ERRNOS = {
  pidfd_open: 'EINVAL EMFILE ENFILE ENODEV ENOENT ENOMEM ESRCH ENOSYS EPERM',
  pidfd_send_signal: 'EBADF EINVAL ESRCH ENOSYS EPERM',
  kill: 'EINVAL EPERM ESRCH',
  statx: 'EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR ENOSYS EPERM',
  epoll_create1: 'EINVAL EMFILE ENFILE ENOMEM ENOSYS',
  epoll_ctl: 'EBADF EEXIST EINVAL ELOOP ENOENT ENOMEM ENOSPC EPERM',
  epoll_wait: 'EBADF EFAULT EINTR EINVAL',
  ioctl: 'EBADF EFAULT EINVAL ENOTTY ESRCH EPERM',
  readlinkat: 'EACCES EBADF EINVAL EIO ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR ESRCH',
  prlimit64: 'EFAULT EINVAL EPERM ESRCH ENOSYS',
} as const satisfies { readonly [call in Call]?: string };

type Expected = unknown;

/** The class, code and call of an error; a value is itself. */
function meaning(error: string, syscall: string): Expected {
  if (error === 'ESRCH') return `NoSuchProcessError ESRCH ${syscall}`;
  if (error === 'EPERM' || error === 'EACCES') return `AccessDeniedError ${error} ${syscall}`;
  if (error === 'ENOSYS') return `NotSupportedError ENOTSUP ${syscall}`;
  return `ProcessError ${error} ${syscall}`;
}

const GONE: ReadonlySet<string> = new Set(['ESRCH', 'EINVAL', 'ENOENT']);

/** pidfd_open() of a process that has just ended is EINVAL or ENOENT where its number is a thread's. */
const opening = (error: string): Expected =>
  GONE.has(error) ? meaning('ESRCH', 'pidfd_open') : meaning(error, 'pidfd_open');

interface Row {
  readonly call: keyof typeof ERRNOS;
  /** It fails too. */
  readonly beside?: Call;
  readonly question: Question;
  readonly times?: number;
  /** There are no pidfds. */
  readonly isOld?: boolean;
  readonly expected: (error: string) => Expected;
}

const LACKING: ReadonlySet<string> = new Set(['ENOSYS', 'EPERM']);

const ROWS: readonly Row[] = [
  // Without pidfds the number is signalled.
  ...(['kill', 'killOfProcess'] as const).flatMap((question): Row[] => [
    { call: 'pidfd_open', question, expected: (error) => (LACKING.has(error) ? true : opening(error)) },
    {
      call: 'pidfd_send_signal',
      question,
      expected: (error) => (LACKING.has(error) ? true : meaning(error, 'pidfd_send_signal')),
    },
    { call: 'kill', question, isOld: true, expected: (error) => meaning(error, 'kill') },
  ]),
  // It is the process that may not be signalled, and not the call that is denied.
  {
    call: 'pidfd_send_signal',
    question: 'kill',
    times: 1,
    expected: (error) => (error === 'ENOSYS' ? true : meaning(error, 'pidfd_send_signal')),
  },
  { call: 'statx', question: 'killOfProcess', expected: (error) => meaning(error, 'statx') },
  { call: 'pidfd_open', question: 'wait', expected: opening },
  { call: 'epoll_create1', question: 'waitAnew', expected: (error) => meaning(error, 'epoll_create1') },
  { call: 'epoll_ctl', question: 'wait', expected: (error) => meaning(error, 'epoll_ctl') },
  {
    call: 'epoll_wait',
    question: 'wait',
    times: 3,
    expected: (error) => (error === 'EINTR' ? 7 : meaning(error, 'epoll_wait')),
  },
  // It is asked where its zombie does not show the code.
  { call: 'ioctl', beside: 'readlinkat', question: 'wait', expected: () => null },
  // Whether the code is a real 0 is not known, nor is any other: unless it is the error by which it is known.
  { call: 'readlinkat', question: 'wait', expected: (error) => (error === 'ENOENT' ? 7 : null) },
  { call: 'prlimit64', question: 'wait', expected: () => 7 },
  { call: 'pidfd_open', question: 'killTree', times: 1, expected: opening },
  // A process that may not be signalled is reported as denied, unless it ends after its child has; of one that is gone the child has
  // escaped.
  {
    call: 'pidfd_send_signal',
    question: 'killTree',
    times: 1,
    expected: (error) => (error === 'ESRCH' ? 1 : LACKING.has(error) ? 0 : meaning(error, 'pidfd_send_signal')),
  },
];

// It shows that nothing waits forever; the machine may be busy.
const BOUND_MS = 10_000;

describe.each(ROWS)('a failing $call in $question', ({ call, beside, question, times, isOld, expected }) => {
  test('is reported as what it means or does without it, and does not last', async ({ skip }) => {
    skip(...lacking.preload);
    const errors: string[] = ERRNOS[call].split(' ');
    const outcomes = await calls.ask(
      process.pid,
      errors.map((error) => ({
        question,
        call: beside === undefined ? call : [call, beside],
        error,
        ...(times === undefined ? {} : { times }),
      })),
      isOld === true ? denying.wrapper('pidfd_open', constants.errno.ENOSYS) : [],
    );
    const found = Object.fromEntries(outcomes.map((outcome, i) => [errors[i], summaryOf(outcome)]));
    expect(found).toEqual(Object.fromEntries(errors.map((error) => [error, expected(error)])));
    for (const { failed, milliseconds, after, error } of outcomes) {
      expect(failed).toBeGreaterThan(0);
      expect(milliseconds).toBeLessThan(BOUND_MS);
      expect(after.own).toBe(globalThis.process.umask());
      expect(after.again).toEqual({ value: WELL[question] });
      if (error !== undefined) expect(error.message).toContain(String(error.pid));
    }
  });
});

function summaryOf({ value, error }: Outcome): Expected {
  return error === undefined ? value : `${error.name} ${error.code} ${error.syscall}`;
}

const WELL: { readonly [question in Question]?: unknown } = {
  kill: true,
  killOfProcess: true,
  wait: 7,
  waitAnew: 7,
  killTree: 0,
};
