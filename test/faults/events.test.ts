import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOURCES } from '../events/sources.js';
import { lacking } from '../processes/abilities.js';
import { sleeper } from '../processes/sleeper.js';
import { type Call, FailingCalls, type Fault, type Outcome, type Question } from './faults.js';

const [bpf, netlink] = SOURCES.map(({ lacking: reason }) => reason) as [[boolean, string], [boolean, string]];

let calls: FailingCalls;
beforeAll(() => {
  if (!lacking.preload[0]) calls = new FailingCalls();
});
afterAll(() => calls?.[Symbol.dispose]());

async function outcomes(question: Question, call: Call, faults: readonly Partial<Fault>[]): Promise<Outcome[]> {
  using process = await sleeper();
  const all: Outcome[] = [];
  // A program of its own for each few: each takes two threads and two loads.
  for (let at = 0; at < faults.length; at += 3) {
    all.push(
      ...(await calls.ask(
        process.pid,
        faults.slice(at, at + 3).map((fault) => ({ question, call, ...fault })),
      )),
    );
  }
  return all;
}

const DENIED: ReadonlySet<string> = new Set(['EPERM', 'EACCES']);

/** Expects the class and code of each errno: what is not there is unsupported, whatever the errno. */
function expectErrors(found: readonly Outcome[], errors: readonly string[], unsupported: readonly string[]): void {
  expect(found.map(({ error, value }) => error?.code ?? value)).toEqual(
    errors.map((code) => (unsupported.includes(code) ? 'ENOTSUP' : code)),
  );
  for (const [index, { error, failed, after }] of found.entries()) {
    const code = errors[index] as string;
    const name = unsupported.includes(code) ? 'NotSupported' : DENIED.has(code) ? 'AccessDenied' : 'Process';
    expect([code, error?.name]).toEqual([code, `${name}Error`]);
    // And when the call is let through again, so are events.
    expect([code, failed > 0, after.again.value]).toEqual([code, true, 'event']);
  }
}

const NETLINK: readonly { call: Call; errors: readonly string[]; unsupported: readonly string[] }[] = [
  {
    call: 'socket',
    errors: ['EACCES', 'EPERM', 'EAFNOSUPPORT', 'EPROTONOSUPPORT', 'EINVAL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'],
    unsupported: ['EAFNOSUPPORT', 'EPROTONOSUPPORT'],
  },
  {
    call: 'bind',
    errors: ['EACCES', 'EPERM', 'EADDRINUSE', 'EBADF', 'EINVAL', 'ENOMEM', 'ENOENT'],
    unsupported: ['ENOENT'],
  },
  {
    call: 'send',
    errors: ['EACCES', 'EPERM', 'ECONNREFUSED', 'EAGAIN', 'EBADF', 'EINVAL', 'ENOBUFS', 'ENOMEM'],
    unsupported: ['ECONNREFUSED'],
  },
  {
    call: 'recvfrom',
    errors: ['EACCES', 'EBADF', 'ECONNREFUSED', 'EFAULT', 'EINVAL', 'ENOMEM', 'ENOTCONN'],
    unsupported: ['ECONNREFUSED'],
  },
];

test.for(NETLINK)(
  'netlink: an error of $call is the error of the first next()',
  { timeout: 120_000 },
  async (row, { skip }) => {
    skip(...netlink);
    skip(...lacking.preload);
    const found = await outcomes(
      'netlinkEvents',
      row.call,
      row.errors.map((error) => ({ error })),
    );
    expectErrors(found, row.errors, row.unsupported);
  },
);

test('netlink: a receive that a signal interrupts is made again, and one that overruns goes on', async ({ skip }) => {
  skip(...netlink);
  skip(...lacking.preload);
  const faults = ['EINTR', 'EAGAIN', 'ENOBUFS'].flatMap((error) =>
    [0, 2].map((skips) => ({ error, skip: skips, times: 1 })),
  );
  for (const { value, failed } of await outcomes('netlinkEvents', 'recvfrom', faults)) {
    expect([value, failed]).toEqual(['event', 1]);
  }
});

test('netlink: where the kernel confirms nothing it is said to be silent', async ({ skip }) => {
  skip(...netlink);
  skip(...lacking.preload);
  const [outcome] = await outcomes('netlinkEvents', 'recvfrom', [{ error: 'EAGAIN' }]);
  expect(outcome?.error).toMatchObject({ name: 'NotSupportedError', code: 'ENOTSUP' });
  expect(outcome?.error?.message).toMatch('silent outside the first PID and user namespace');
  expect(outcome?.after.again.value).toBe('event');
});

// Those that look whether it is let through, load, and attach.
const BPF_CALLS = [0, 2, 4, 8];

test.for(['EPERM', 'EINVAL', 'EMFILE', 'ENOSYS'])(
  'BPF: %s of any of its calls is the error of the first next()',
  async (error, { skip }) => {
    skip(...bpf);
    skip(...lacking.preload);
    const found = await outcomes(
      'bpfEvents',
      'bpf',
      BPF_CALLS.map((skips) => ({ error, skip: skips, times: 1 })),
    );
    for (const [index, { value, error: failure, failed, after }] of found.entries()) {
      // The first only asks whether the call is let through, and an argument that is none is what it waits for.
      if (index === 0 && error === 'EINVAL') expect(value).toBe('event');
      else
        expect([index, failure?.name]).toEqual([
          index,
          expect.stringMatching(/^(?:AccessDenied|NotSupported|Process)Error$/),
        ]);
      expect([index, failed, after.again.value]).toEqual([index, 1, 'event']);
    }
  },
);

test.for([0, 1, 2])('BPF: an error of its mmap %i is the error of the first next()', async (skips, { skip }) => {
  skip(...bpf);
  skip(...lacking.preload);
  const errors = ['EACCES', 'EAGAIN', 'ENFILE', 'ENOMEM'];
  const found = await outcomes(
    'bpfEvents',
    'mmap',
    errors.map((error) => ({ error, skip: skips, times: 1 })),
  );
  expectErrors(found, errors, []);
});
