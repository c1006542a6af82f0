import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { type Call, FailingCalls, type Fault, type Outcome, type Question } from './faults.js';

let calls: FailingCalls;
let process: Spawned;
beforeAll(async () => {
  if (lacking.preload[0]) return;
  calls = new FailingCalls();
  process = await sleeper();
});
afterAll(() => {
  process?.[Symbol.dispose]();
  calls?.[Symbol.dispose]();
});

/** What a walk by BPF calls is tried in test/bpf, what events call in events.test.ts, and what acting calls in acting.test.ts. */
type FileCall = Exclude<
  Call,
  | 'bpf'
  | 'capget'
  | 'socket'
  | 'bind'
  | 'send'
  | 'recvfrom'
  | 'mmap'
  | 'epoll_create1'
  | 'epoll_ctl'
  | 'epoll_wait'
  | 'ioctl'
  | 'kill'
  | 'statx'
  | 'readlinkat'
>;

/** The errnos in each call's man page, and those that procfs itself answers with. */
const ERRNOS: { readonly [call in FileCall]: string } = {
  openat:
    'EACCES EBADF EBUSY EDQUOT EEXIST EFAULT EFBIG EINTR EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EOPNOTSUPP EOVERFLOW EPERM EROFS ETXTBSY EAGAIN EIO ESRCH ENOSYS',
  read: 'EAGAIN EBADF EFAULT EINTR EINVAL EIO EISDIR ENOMEM ESRCH',
  close: 'EBADF EINTR EIO ENOSPC EDQUOT',
  fstatfs: 'EACCES EBADF EFAULT EINTR EIO ENOMEM ENOSYS EOVERFLOW',
  faccessat: 'EACCES EBADF EFAULT EINVAL EIO ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EPERM EROFS ETXTBSY',
  getpgid: 'EPERM ESRCH',
  getsid: 'EPERM ESRCH',
  getdents64: 'EBADF EFAULT EINTR EINVAL ENOENT ENOTDIR EIO',
  prlimit64: 'EFAULT EINVAL EPERM ESRCH',
  tgkill: 'EAGAIN EINVAL EPERM ESRCH',
  pidfd_open: 'EINVAL EMFILE ENFILE ENODEV ENOENT ENOMEM ESRCH ENOSYS',
  pidfd_send_signal: 'EBADF EINVAL EPERM ESRCH',
};

type Expected = 'answered' | { name: string; code: string; syscall: string };

/** The error of each errno, unless a call has a more specific one. */
function meaning(error: string, syscall: string): Expected {
  // EINTR is no failure: it comes three times here.
  if (error === 'EINTR') return 'answered';
  if (error === 'ESRCH') return { name: 'NoSuchProcessError', code: 'ESRCH', syscall };
  if (error === 'EPERM' || error === 'EACCES') return { name: 'AccessDeniedError', code: error, syscall };
  if (error === 'EOPNOTSUPP' || error === 'ENOSYS') return { name: 'NotSupportedError', code: 'ENOTSUP', syscall };
  return { name: 'ProcessError', code: error, syscall };
}

const gone = (syscall: string): Expected => ({ name: 'NoSuchProcessError', code: 'ESRCH', syscall });

interface Row {
  readonly call: FileCall;
  readonly question: Question;
  readonly what: string;
  readonly fault?: Partial<Fault>;
  readonly expected: (error: string) => Expected;
}

const ROWS: readonly Row[] = [
  {
    call: 'openat',
    question: 'umask',
    what: 'of a process’s file',
    // The PID is there and the file is not, twice: it belonged to processes that ended.
    expected: (error) => (error === 'ENOENT' ? gone('open') : meaning(error, 'open')),
  },
  {
    call: 'openat',
    question: 'process',
    what: 'of a process’s directory',
    expected: (error) => (error === 'ENOENT' ? gone('open') : meaning(error, 'open')),
  },
  { call: 'openat', question: 'pids', what: 'of the list of processes', expected: (error) => meaning(error, 'open') },
  {
    call: 'openat',
    question: 'anew',
    what: 'of the root',
    fault: { times: 1 },
    expected: (error) => {
      if (error === 'EINTR') return 'answered';
      // There is no such root, which is not the same as no such process.
      return {
        name: error === 'EACCES' ? 'AccessDeniedError' : 'ProcessError',
        code: error === 'EOPNOTSUPP' ? 'ENOTSUP' : error,
        syscall: 'open',
      };
    },
  },
  {
    call: 'openat',
    question: 'anew',
    what: 'of what identifies the root',
    fault: { skip: 1, times: 1 },
    // A root without this process is another namespace's, and is read.
    expected: (error) => (error === 'ENOENT' ? 'answered' : meaning(error, 'open')),
  },
  { call: 'fstatfs', question: 'anew', what: 'of the root', expected: (error) => meaning(error, 'statfs') },
  { call: 'read', question: 'umask', what: 'of status', expected: (error) => meaning(error, 'read') },
  { call: 'read', question: 'startTime', what: 'of stat', expected: (error) => meaning(error, 'read') },
  { call: 'close', question: 'umask', what: 'of a file', expected: () => 'answered' },
  {
    call: 'faccessat',
    question: 'unused',
    what: 'of the directory of a process that is not there',
    // Any other error does not mean that there is no process.
    expected: (error) => (error === 'ENOENT' ? gone('open') : meaning(error, 'access')),
  },
  { call: 'getdents64', question: 'pids', what: 'of every PID', expected: (error) => meaning(error, 'getdents64') },
  { call: 'getdents64', question: 'scan', what: 'in a scan', expected: (error) => meaning(error, 'getdents64') },
  {
    call: 'getpgid',
    question: 'pgid',
    what: 'alone',
    // If it is denied, status has the same value.
    expected: (error) => (error === 'ESRCH' ? gone('getpgid') : 'answered'),
  },
  {
    call: 'getsid',
    question: 'sid',
    what: 'alone',
    expected: (error) => (error === 'ESRCH' ? gone('getsid') : 'answered'),
  },
  {
    call: 'prlimit64',
    question: 'rlimits',
    what: 'of every limit',
    // The file has the same value.
    expected: (error) => (error === 'ESRCH' ? gone('prlimit64') : 'answered'),
  },
  { call: 'prlimit64', question: 'set', what: 'of a new limit', expected: (error) => meaning(error, 'prlimit64') },
  {
    call: 'tgkill',
    question: 'pgid',
    what: 'that asks whether a PID is a process’s',
    // Only these mean that there is none.
    expected: (error) => (error === 'ESRCH' || error === 'EINVAL' ? gone('kill') : 'answered'),
  },
  {
    call: 'pidfd_open',
    question: 'rlimits',
    what: 'that holds a process while its limits are read',
    // Without it the file has the same value, and with no descriptor left only the system call works.
    expected: (error) => (['ESRCH', 'EINVAL', 'ENOENT'].includes(error) ? gone('pidfd_open') : 'answered'),
  },
  {
    call: 'pidfd_open',
    question: 'setOfProcess',
    what: 'of a Process',
    expected: (error) => {
      if (error === 'EINVAL' || error === 'ENOENT') return gone('pidfd_open');
      // On a kernel before 5.3 the start time is read once more.
      return error === 'ENOSYS' ? 'answered' : meaning(error, 'pidfd_open');
    },
  },
  {
    call: 'pidfd_send_signal',
    question: 'setOfProcess',
    what: 'that asks whether it is still there',
    expected: (error) => (error === 'ESRCH' ? gone('prlimit64') : 'answered'),
  },
];

// It shows that nothing waits forever; the machine may be busy.
const BOUND_MS = 10_000;

describe.each(ROWS)('a failing $call $what', ({ call, question, fault, expected }) => {
  test('is reported as what it means, affects no other call, and does not last', async ({ skip }) => {
    skip(...lacking.preload);
    const errors = ERRNOS[call].split(' ');
    const outcomes = await calls.ask(
      process.pid,
      errors.map((error) => ({ question, call, error, ...(error === 'EINTR' ? { times: 3 } : {}), ...fault })),
    );
    const outcomeByError = Object.fromEntries(outcomes.map((outcome, i) => [errors[i], summaryOf(outcome)]));
    expect(outcomeByError).toEqual(Object.fromEntries(errors.map((error) => [error, expected(error)])));
    for (const { failed, milliseconds, after, error } of outcomes) {
      expect(failed).toBeGreaterThan(0);
      expect(milliseconds).toBeLessThan(BOUND_MS);
      expect(after.own).toBe(OWN_UMASK);
      expect(after.again.error?.code).toBe(question === 'unused' ? 'ESRCH' : undefined);
      if (error !== undefined) expect([process.pid, UNUSED_PID, 0]).toContain(error.pid);
    }
  });
});

test.each([
  ['umask', 3],
  ['process', 2],
] as const)(
  'a process whose PID is given out while %s looks for it is gone, and does not hide',
  async (question, times) => {
    // First its file and its directory are missing; then its PID is another process's, whose directory exists.
    const [outcome] = await calls.ask(process.pid, [
      { question, call: ['openat', 'faccessat'], error: 'ENOENT', times },
    ]);
    expect(outcome).toMatchObject({ failed: times, error: gone('open') });
  },
);

test('a file that comes in pieces is read whole', async ({ skip }) => {
  skip(...lacking.preload);
  const faults = [7, 100, 1000].flatMap((size) =>
    (['umask', 'startTime', 'rlimits', 'pgid'] as const).map((question) => ({ question, call: 'read' as const, size })),
  );
  for (const { value, after } of await calls.ask(process.pid, faults)) expect(value).toEqual(after.again.value);
});

function summaryOf({ error }: Outcome): Expected {
  return error === undefined ? 'answered' : { name: error.name, code: error.code, syscall: error.syscall };
}

const OWN_UMASK = globalThis.process.umask();
