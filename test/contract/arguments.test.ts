import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { prlimit } from '../processes/proc.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** Calls as a program without types makes them. */
// biome-ignore lint/suspicious/noExplicitAny: what these tests are about is what types forbid
const untyped = client as any;

type Bad = [what: string, call: () => Promise<unknown>, type: typeof TypeError, code: string, parts: string[]];

const PID = process.pid;
const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const limit = { soft: 1, hard: 2 };

const BAD: Bad[] = [
  ['no process', () => untyped.umask(), TypeError, TYPE, ['"proc"', 'undefined']],
  ['a null process', () => untyped.groups(null), TypeError, TYPE, ['"proc"', 'null']],
  ['a PID as text', () => untyped.sigmasks('1'), TypeError, TYPE, ['"proc"', "'1'"]],
  ['a PID as bigint', () => untyped.pgid(1n), TypeError, TYPE, ['"proc"', '1n']],
  ['an object with a pid', () => untyped.sid({ pid: 1 }), TypeError, TYPE, ['"proc"', 'Object']],
  ['NaN for a PID', () => client.umask(Number.NaN), RangeError, RANGE, ['"proc"', 'NaN']],
  ['half a PID', () => client.snapshot(1.5), RangeError, RANGE, ['"proc"', '1.5']],
  ['an infinite PID', () => client.process(Number.POSITIVE_INFINITY), RangeError, RANGE, ['"proc"', 'Infinity']],
  ['a PID beyond 32 bits', () => client.rlimits(2 ** 32), RangeError, RANGE, ['"proc"', '4294967296']],
  ['oneshot of a text', () => untyped.oneshot('1'), TypeError, TYPE, ['"proc"', "'1'"]],
  ['oneshot with no function', () => untyped.oneshot(PID, 'work'), TypeError, TYPE, ["'work'"]],
  ['options that are a number', () => untyped.umask(PID, 5), TypeError, TYPE, ['"options"', '5']],
  ['null options', () => untyped.umask(PID, null), TypeError, TYPE, ['"options"', 'null']],
  ['a signal that is none', () => untyped.umask(PID, { signal: 9 }), TypeError, TYPE, ['"options.signal"', '9']],
  ['pids() with a bad signal', () => untyped.pids({ signal: {} }), TypeError, TYPE, ['"options.signal"', 'Object']],
  ['no resource', () => untyped.getrlimit(PID), TypeError, TYPE, ['"resource"', 'undefined']],
  ['an unknown resource', () => untyped.getrlimit(PID, 'NOFILE'), TypeError, VALUE, ['resource', "'NOFILE'"]],
  ['a number of no resource', () => client.getrlimit(PID, 16), RangeError, RANGE, ['"resource"', '16']],
  ['a negative resource', () => client.getrlimit(PID, -1), RangeError, RANGE, ['"resource"', '-1']],
  ['NaN for a resource', () => client.getrlimit(PID, Number.NaN), RangeError, RANGE, ['"resource"', 'NaN']],
  ['an unknown resource to set', () => untyped.rlimit(PID, 'X', limit), TypeError, VALUE, ['resource', "'X'"]],
  ['limits that are a number', () => untyped.rlimit(PID, 'RLIMIT_CORE', 1), TypeError, TYPE, ['"newLimits"', '1']],
  ['null limits', () => untyped.rlimit(PID, 'RLIMIT_CORE', null), TypeError, TYPE, ['"newLimits"', 'null']],
  ['no soft limit', () => untyped.rlimit(PID, 'RLIMIT_CORE', { hard: 1 }), TypeError, TYPE, ['"newLimits.soft"']],
  ['no hard limit', () => untyped.rlimit(PID, 'RLIMIT_CORE', { soft: 1 }), TypeError, TYPE, ['"newLimits.hard"']],
  ['NaN for a limit', () => set(Number.NaN, 1), RangeError, RANGE, ['"newLimits.soft"', 'NaN']],
  ['a negative limit', () => set(0, -1), RangeError, RANGE, ['"newLimits.hard"', '-1']],
  ['−Infinity for a limit', () => set(-Infinity, 1), RangeError, RANGE, ['"newLimits.soft"', '-Infinity']],
  ['half a limit', () => set(0.5, 1), RangeError, RANGE, ['"newLimits.soft"', '0.5']],
  ['an inexact number', () => set(0, 2 ** 53), RangeError, RANGE, ['"newLimits.hard"', '9007199254740992']],
  ['a negative bigint', () => set(-1n, 1n), RangeError, RANGE, ['"newLimits.soft"', '-1n']],
  [
    'a bigint beyond 64 bits',
    () => set(0n, 2n ** 64n),
    RangeError,
    RANGE,
    ['"newLimits.hard"', '18446744073709551616n'],
  ],
  ['soft above hard', () => set(3, 2), RangeError, RANGE, ['"newLimits.soft"', 'hard', '3']],
  [
    'a soft limit of none above a hard one',
    () => set(Infinity, 2),
    RangeError,
    RANGE,
    ['"newLimits.soft"', 'Infinity'],
  ],
  ['fields that are a text', () => untyped.snapshot(PID, { fields: 'umask' }), TypeError, TYPE, ['"options.fields"']],
  ['an unknown field', () => untyped.snapshot(PID, { fields: ['x'] }), TypeError, VALUE, ['options.fields[0]', "'x'"]],
  ['a field of prototypes', () => untyped.scan({ fields: ['toString'] }), TypeError, VALUE, ['fields[0]', 'toString']],
  [
    'an unknown field to scan',
    () => untyped.scan({ fields: ['sid', 7] }),
    TypeError,
    VALUE,
    ['options.fields[1]', '7'],
  ],
  ['PIDs that are a number', () => untyped.scan({ pids: 1 }), TypeError, TYPE, ['"options.pids"', '1']],
  ['a PID among PIDs', () => untyped.scan({ pids: [1, 'a'] }), TypeError, TYPE, ["'a'"]],
  ['a misspelt option', () => untyped.umask(PID, { singal: undefined }), TypeError, VALUE, ["'singal'", "'signal'?"]],
  ['an option of another call', () => untyped.umask(PID, { bigint: true }), TypeError, VALUE, ["'bigint'", "'signal'"]],
  ['an option of no call', () => untyped.pids({ timeout: 5 }), TypeError, VALUE, ["'timeout'", "'signal'"]],
  ['a misspelt option of a limit', () => untyped.getrlimit(PID, 0, { bigInt: true }), TypeError, VALUE, ["'bigint'?"]],
  ['a misspelt option to set', () => untyped.rlimit(PID, 0, limit, { sgnal: 1 }), TypeError, VALUE, ["'signal'?"]],
  ['a misspelt option of process', () => untyped.process(PID, { signals: 1 }), TypeError, VALUE, ["'signal'?"]],
  ['a misspelt option of oneshot', () => untyped.oneshot(PID, { singal: 1 }), TypeError, VALUE, ["'signal'?"]],
  ['one behind its function', () => untyped.oneshot(PID, () => 1, { singal: 1 }), TypeError, VALUE, ["'signal'?"]],
  ['options behind no function', () => untyped.oneshot(PID, undefined, {}), TypeError, TYPE, ['"work"', 'undefined']],
  ['a misspelt option of snapshot', () => untyped.snapshot(PID, { field: [] }), TypeError, VALUE, ["'fields'?"]],
  ['a misspelt option of scan', () => untyped.scan({ pid: [1] }), TypeError, VALUE, ["'pids'?"]],
  ['a misspelt option of scanBatches', () => batches({ batchsize: 1 }), TypeError, VALUE, ["'batchSize'?"]],
  ['scanBatches’ option to scan', () => untyped.scan({ batchSize: 1 }), TypeError, VALUE, ["'batchSize'"]],
  [
    'a signal for options',
    () => untyped.umask(PID, AbortSignal.timeout(9)),
    TypeError,
    TYPE,
    ['"options"', "'signal'"],
  ],
  ['fields for options', () => untyped.scan(['name']), TypeError, TYPE, ['"options"', "'fields'", 'Array']],
  [
    'fields for options of a snapshot',
    () => untyped.snapshot(PID, ['name']),
    TypeError,
    TYPE,
    ['"options"', "'fields'"],
  ],
  ['PIDs for options', () => untyped.pids(new Set([1])), TypeError, TYPE, ['"options"', 'Set']],
  ['a promise for options', () => untyped.pids(Promise.resolve({})), TypeError, TYPE, ['"options"', 'Promise']],
  ['a date for options', () => untyped.pids(new Date(0)), TypeError, TYPE, ['"options"', 'Date']],
  [
    'a bigint that is a text',
    () => untyped.rlimits(PID, { bigint: 'no' }),
    TypeError,
    TYPE,
    ['"options.bigint"', "'no'"],
  ],
  ['a misspelt field', () => untyped.snapshot(PID, { fields: ['sigmask'] }), TypeError, VALUE, ["'sigmasks'?"]],
  ['a resource without its prefix', () => untyped.getrlimit(PID, 'nofile'), TypeError, VALUE, ["'RLIMIT_NOFILE'?"]],
  ['scan options that are a text', () => untyped.scan('all'), TypeError, TYPE, ['"options"', "'all'"]],
  ['a batch of nothing', () => batches({ batchSize: 0 }), RangeError, RANGE, ['"options.batchSize"', '0']],
  ['a batch size as text', () => batches({ batchSize: '9' }), TypeError, TYPE, ['"options.batchSize"', "'9'"]],
  ['fields unknown to scanBatches', () => batches({ fields: ['x'] }), TypeError, VALUE, ['options.fields[0]', "'x'"]],
];

function set(soft: number | bigint, hard: number | bigint): Promise<unknown> {
  return client.rlimit(PID, 'RLIMIT_CORE', { soft, hard });
}

function batches(options: unknown): Promise<unknown> {
  return untyped.scanBatches(options).next();
}

describe.each(BAD)('%s', (_, call, type, code, parts) => {
  test(`rejects with ${code}, and names the argument and the value`, async () => {
    const error = await rejection(call());
    expect(error).toBeInstanceOf(type);
    expect(error.code).toBe(code);
    for (const part of parts) expect(error.message).toContain(part);
  });
});

test('no method throws: each returns a promise', async () => {
  const calls: Promise<unknown>[] = [];
  expect(() => {
    for (const [, call] of BAD) calls.push(call());
  }).not.toThrow();
  const settled = await Promise.allSettled(calls);
  expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
});

test('a bad argument sends no message', async () => {
  const { messages } = client.stats();
  await Promise.allSettled(BAD.map(([, call]) => call()));
  expect(client.stats().messages).toBe(messages);
});

test('limits that were refused have not been set', async () => {
  using process = await sleeper(['prlimit', '--rss=5:10']);
  await rejection(client.rlimit(process.pid, 'RLIMIT_RSS', { soft: 3, hard: 2 }));
  await rejection(client.rlimit(process.pid, 'RLIMIT_RSS', { soft: 1, hard: Number.NaN }));
  expect(prlimit(process.pid, 'rss')).toEqual({ soft: 5, hard: 10 });
});

test('the argument errors of a Process’s methods are the same', async () => {
  const self = await client.process(PID);
  expect(await rejection(self.getrlimit('X' as 'RLIMIT_CPU'))).toMatchObject({ code: VALUE });
  expect(await rejection(self.umask(5 as never))).toMatchObject({ code: TYPE });
});

describe('an option that is known', () => {
  test('is absent where it is undefined', async () => {
    const absent = undefined;
    expect(await client.umask(PID, { signal: absent })).toBe(await client.umask(PID));
    expect(await client.getrlimit(PID, 'RLIMIT_CORE', { signal: absent, bigint: absent } as never)).toEqual(
      await client.getrlimit(PID, 'RLIMIT_CORE'),
    );
    expect(await client.snapshot(PID, { fields: absent, fallback: absent, signal: absent })).toEqual(
      await client.snapshot(PID),
    );
    expect((await client.scan({ fields: absent, pids: absent, signal: absent })).fields).toContain('umask');
    for await (const table of client.scanBatches({ fields: absent, pids: [PID], batchSize: absent })) {
      expect(table.length).toBe(1);
    }
  });

  const READS: [string, (options: object) => Promise<unknown>, object][] = [
    ['umask', (options) => client.umask(PID, options), {}],
    ['rlimits', (options) => client.rlimits(PID, options), { bigint: true }],
    ['getrlimit', (options) => client.getrlimit(PID, 'RLIMIT_CORE', options), { bigint: true }],
    ['rlimit', (options) => client.rlimit(PID, 'RLIMIT_CORE', { soft: 0, hard: 0 }, options), { bigint: true }],
    ['process', (options) => client.process(PID, options), {}],
    ['oneshot', (options) => client.oneshot(PID, options), {}],
    ['oneshot with a function', (options) => client.oneshot(PID, (scope) => scope.umask(), options), {}],
    ['pids', (options) => client.pids(options), {}],
    ['snapshot', (options) => client.snapshot(PID, options), { fields: ['umask'], fallback: 1 }],
    ['scan', (options) => client.scan(options), { fields: ['umask'], pids: [PID] }],
    [
      'scanBatches',
      async (options) => {
        for await (const table of client.scanBatches(options)) expect(table.length).toBe(1);
      },
      { fields: ['umask'], pids: [PID, process.ppid], batchSize: 1 },
    ],
  ];

  test.each(READS)('is read once by %s', async (_, call, values) => {
    const all = { signal: new AbortController().signal, ...values };
    const reads: string[] = [];
    const options = {};
    for (const [name, value] of Object.entries(all)) {
      const get = () => {
        reads.push(name);
        return value;
      };
      Object.defineProperty(options, name, { enumerable: true, get });
    }
    await call(options).catch(() => {});
    expect(reads.sort()).toEqual(Object.keys(all).sort());
  });
});

test('what a Process and a scope are asked with is checked too', async () => {
  await using scope = await client.oneshot(PID);
  for (const bound of [await client.process(PID), scope] as unknown as (typeof untyped)[]) {
    for (const call of ['umask', 'rlimits', 'snapshot']) {
      expect(await rejection(bound[call]({ singal: 1 }))).toMatchObject({ code: VALUE });
      expect(await rejection(bound[call](new AbortController().signal))).toMatchObject({ code: TYPE });
    }
    expect(await rejection(bound.getrlimit('RLIMIT_CORE', { big: 1 }))).toMatchObject({ code: VALUE });
    expect(await rejection(bound.rlimit('RLIMIT_CORE', limit, { big: 1 }))).toMatchObject({ code: VALUE });
  }
  const self = (await client.process(PID)) as unknown as typeof untyped;
  expect(await rejection(self.isRunning({ singal: 1 }))).toMatchObject({ code: VALUE });
});

test('a PID is accepted among fields, and is there once', async () => {
  const snapshot = await client.snapshot(PID, { fields: ['pid', 'umask', 'pid'] });
  expect(snapshot).toEqual({ pid: PID, umask: process.umask() });
  expect(Object.keys(await client.snapshot(PID, { fields: ['pid'] }))).toEqual(['pid']);
  const table = await client.scan({ fields: ['umask', 'pid'], pids: [PID] });
  expect(table.fields).toEqual(['umask']);
  expect(table.get(PID)).toMatchObject({ pid: PID, umask: process.umask() });
  expect((await client.scan({ fields: ['pid'] })).get(PID)?.pid).toBe(PID);
});
