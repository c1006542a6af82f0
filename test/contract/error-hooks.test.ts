import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';

const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program, or a package that it uses, may do to Error. */
const HOOKS: [what: string, hook: string][] = [
  ['prepareStackTrace returns call sites', 'Error.prepareStackTrace = (_, sites) => sites;'],
  ['prepareStackTrace returns nothing', 'Error.prepareStackTrace = () => undefined;'],
  ['prepareStackTrace returns null', 'Error.prepareStackTrace = () => null;'],
  ['prepareStackTrace returns a number', 'Error.prepareStackTrace = () => 7;'],
  ['prepareStackTrace returns what cannot be read', 'Error.prepareStackTrace = () => Symbol("stack");'],
  ['prepareStackTrace throws', 'Error.prepareStackTrace = () => { throw new RangeError("the hook"); };'],
  ['prepareStackTrace is no function', 'Error.prepareStackTrace = 5;'],
  ['Error.prototype is frozen', 'Object.freeze(Error.prototype);'],
  [
    'Error and all that is made of it is frozen',
    `for (const type of [Error, TypeError, RangeError]) { Object.freeze(type); Object.freeze(type.prototype); }`,
  ],
  ['there are no frames', 'Error.stackTraceLimit = 0;'],
  ['there are no frames for ever', 'Object.defineProperty(Error, "stackTraceLimit", { value: 0 });'],
  ['there is no stack', 'delete Error.stackTraceLimit;'],
  ['there is no captureStackTrace', 'delete Error.captureStackTrace;'],
  ['captureStackTrace throws', 'Error.captureStackTrace = () => { throw new RangeError("the hook"); };'],
];

/** The errors of a program: each by its class, code and message; and whether it can be printed. */
const PROGRAM = `
  const { inspect } = await import('node:util');
  const client = createClient({ threads: 1 });
  const closed = createClient({ threads: 1 });
  await closed.close();
  const full = createClient({ threads: 1, maxQueue: 1 });
  const calls = {
    gone: () => client.umask(2 ** 22 + 1),
    again: () => client.umask(2 ** 22 + 1),
    scoped: () => client.oneshot(2 ** 22 + 1, (scope) => scope.umask()),
    limit: () => client.getrlimit(2 ** 22 + 1, 'RLIMIT_CORE'),
    argument: () => client.umask('1'),
    range: () => client.umask(1.5),
    closed: () => closed.umask(1),
    full: () => Promise.all([full.umask(1), full.umask(1)]),
    died: () => {
      worker.terminate();
      return client.umask(1);
    },
  };
  let worker;
  process.once('worker', (started) => { worker = started; });
  const errors = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      await call();
      errors[name] = 'nothing';
    } catch (error) {
      const { constructor, name: title, code, message } = error;
      errors[name] = [constructor.name, title, code, message.replace(/ \\(.*/s, '')].join(' | ');
    }
  }
  await Promise.all([client.close(), full.close()]);
  process.stdout.write(JSON.stringify(errors));
`;

const ERRORS = {
  gone: 'NoSuchProcessError | NoSuchProcessError | ESRCH | ESRCH: no such process, open',
  again: 'NoSuchProcessError | NoSuchProcessError | ESRCH | ESRCH: no such process, open',
  scoped: 'NoSuchProcessError | NoSuchProcessError | ESRCH | ESRCH: no such process, open',
  limit: expect.stringMatching(/^NoSuchProcessError \| NoSuchProcessError \| ESRCH \| ESRCH: no such process, /),
  argument: expect.stringMatching(/^TypeError \| TypeError \| ERR_INVALID_ARG_TYPE \| The "proc" argument must be /),
  range: expect.stringMatching(/^RangeError \| RangeError \| ERR_OUT_OF_RANGE \| The value of "proc" is out of range/),
  closed: expect.stringMatching(/^ClientClosedError \| ClientClosedError \| ERR_CLIENT_CLOSED \| the client is closed/),
  full: expect.stringMatching(/^QueueFullError \| QueueFullError \| ERR_QUEUE_FULL \| 1 calls are waiting already/),
  died: 'WorkerError | WorkerError | ERR_WORKER_DIED | the thread that worked on this has ended',
};

describe.each(HOOKS)('where %s', (_, hook) => {
  test('class, code and message of every error arrive', async () => {
    const source = `import { createClient } from 'psutil-extra'; ${hook} ${PROGRAM}`;
    expect(await answerOf(source)).toEqual(ERRORS);
  });

  test('they also arrive if the threads have the same hook', async () => {
    const file = join(folder, 'hook.cjs');
    writeFileSync(file, hook);
    const source = `import { createClient } from 'psutil-extra'; ${PROGRAM}`;
    expect(await answerOf(source, { flags: ['--require', file] })).toEqual(ERRORS);
  });
});
