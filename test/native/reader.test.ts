import { loadAddon, Op, type ReadPids, run } from '@psutil-extra/native';
import {
  ActionKind,
  ANY_START,
  cellOf,
  FailureKind,
  FIELD_INDEX,
  FIELDS,
  FieldSet,
  Frame,
  MAX_MASK_WORDS,
  ReadFlag,
  rlimitAction,
  sourcesOf,
  threadAction,
} from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import { startTicks, statusLine } from '../processes/proc.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';

const reader = new (loadAddon().Reader)('/proc');
const bit = (...names: (keyof typeof FIELD_INDEX)[]) =>
  names.reduce((mask, name) => mask | (1 << FIELD_INDEX[name]), 0);

/** A frame of these fields. */
function frameOf(pids: number[], fields: number, more: Partial<ReadPids> = {}) {
  const answer = run(reader, { op: 'pids', pids: Int32Array.from(pids), fields, ...more });
  if (!(answer instanceof ArrayBuffer)) throw new Error(`expected a frame, got ${JSON.stringify(answer)}`);
  return new Frame(answer);
}

describe('a frame', () => {
  test('has a row for each PID in their order, also for those that no process has', () => {
    const frame = frameOf([process.pid, UNUSED_PID, 1], bit('ppid', 'umask'));
    expect([...frame.pids]).toEqual([process.pid, UNUSED_PID, 1]);
    expect(frame.rowFailure(1)).toMatchObject({ kind: FailureKind.gone, code: 'ESRCH' });
    expect(frame.rowFailure(0)).toBe(undefined);
  });

  test('leaves out processes that are gone if the flag is set', () => {
    expect([
      ...frameOf([UNUSED_PID, 1, UNUSED_PID + 1], bit('ppid', 'umask'), { flags: ReadFlag.dropGone }).pids,
    ]).toEqual([1]);
  });

  test('has the columns asked for and no others', () => {
    const frame = frameOf([1, process.pid], bit('umask'));
    expect(frame.fields.bits).toBe(bit('umask'));
    expect(() => frame.column(FIELD_INDEX.sid)).toThrow(/no column of sid/);
  });

  test('has all that the sources hold where that is asked', () => {
    const frame = frameOf([process.pid], bit('umask'), { flags: ReadFlag.wholeSources });
    const others = FieldSet.fromBits(bit('groups', 'sigmasks', 'pgid', 'sid'));
    expect(frame.fields.contains(others)).toBe(true);
  });

  test('counts how often each source was read', () => {
    const frame = frameOf([1, process.pid], bit('umask', 'startTime'));
    expect([...frame.reads]).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });

  test('reads for each process the fields of its set', () => {
    const frame = frameOf([1, process.pid, 1], bit('umask', 'startTime'), {
      sets: Float64Array.of(bit('startTime'), bit('umask')),
      setOf: Uint8Array.of(1, 0, 1),
    });
    expect([...frame.reads]).toEqual([
      [0, 2],
      [1, 1],
    ]);
  });

  test('has one entry for what processes share', async () => {
    using first = await sleeper();
    using second = await sleeper();
    const frame = frameOf([first.pid, second.pid], bit('groups', 'name'));
    const names = frame.column(FIELD_INDEX.name);
    expect(names.numbers[0]).toBe(names.numbers[1]);
    expect(names.distinct).toBe(1);
    expect(names.value(1)).toBe('sleep');
    expect(() => names.bytes(1)).toThrow(RangeError);
  });

  test('has start times in the kernel’s ticks', () => {
    expect(frameOf([process.pid], bit('startTime')).column(FIELD_INDEX.startTime).numbers[0]).toBe(
      startTicks(process.pid),
    );
  });

  test('of a PID with another start time has no such process', () => {
    const start = startTicks(process.pid);
    const frame = frameOf([process.pid, process.pid], bit('umask', 'pgid'), {
      starts: Float64Array.of(start, start + 1),
    });
    expect(frame.rowFailure(0)).toBe(undefined);
    expect(frame.rowFailure(1)).toMatchObject({ kind: FailureKind.gone });
  });

  test('of no PIDs has no rows', () => {
    expect(frameOf([], bit('umask')).rows).toBe(0);
  });

  test('that is truncated is rejected', () => {
    const { buffer } = frameOf([1, process.pid], bit('umask'));
    expect(() => new Frame(buffer.slice(0, buffer.byteLength - 8))).toThrow(RangeError);
    expect(() => new Frame(new ArrayBuffer(0))).toThrow(RangeError);
  });
});

test('one number of one process is answered with it and the sources that were read', () => {
  const single = run(reader, { op: 'pids', pids: Int32Array.of(process.pid), fields: bit('umask') }) as number;
  expect(cellOf(single)).toBe(Number.parseInt(statusLine(process.pid, 'Umask') ?? '', 8));
  expect(sourcesOf(single)).toBe(1);
});

test('list goes through all PIDs from cursor to cursor', () => {
  const pids: number[] = [];
  for (let cursor = 0; cursor >= 0; ) {
    const listed = run(reader, { op: 'list', cursor, max: 16 });
    if (!('pids' in listed)) throw new Error(listed.code);
    pids.push(...listed.pids);
    cursor = listed.cursor;
  }
  expect(pids).toContain(process.pid);
  expect(new Set(pids).size).toBe(pids.length);
});

/** The operations, with their last arguments as they are. */
const read = (...args: unknown[]) => reader.run(Op.pids, 1, 0, null, ...args);
const table = (...args: unknown[]) => reader.run(Op.table, ...args);
const cursor = (...args: unknown[]) => reader.run(Op.cursor, 1, ReadFlag.listed, null, ...args);
const list = (...args: unknown[]) => reader.run(Op.list, ...args);
const descendants = (...args: unknown[]) => reader.run(Op.descendants, ...args);
const act = (...args: unknown[]) => reader.run(Op.act, ActionKind.rlimit, ...args);
const affinity = (mask: BigUint64Array) => reader.run(Op.act, ActionKind.affinity, UNUSED_PID, ANY_START, mask);

/** Bad arguments of an operation, each with one fault. */
describe('an argument that is wrong is a TypeError which names it:', () => {
  const { Reader } = loadAddon();
  const pids = Int32Array.of(process.pid);
  const shared = new SharedArrayBuffer(8);
  const detached = Int32Array.of(process.pid);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const [sets, limit] = [Float64Array.of(1), new BigUint64Array(3)];

  test.each<[string, string, (...args: unknown[]) => unknown, unknown[]]>([
    ['procRoot', 'none', (path) => new Reader(path as string), []],
    ['procRoot', 'an empty path', (path) => new Reader(path as string), ['']],
    ['procRoot', 'a path with a null byte', (path) => new Reader(path as string), ['/proc\0/1']],
    ['op', 'none', () => reader.run(undefined as never), []],
    ['op', 'a number that is no operation', () => reader.run(7), []],
    ['op', 'a name', () => reader.run('pids' as never), []],
    ['fields', 'a bit that is no field', () => reader.run(Op.pids, 2 ** FIELDS.length, 0, null, pids), []],
    ['fields', 'not a number', () => reader.run(Op.pids, Number.NaN, 0, null, pids), []],
    ['flags', 'a bit that is no flag', () => reader.run(Op.pids, 1, 16, null, pids), []],
    ['urgentPending', 'without an element', () => reader.run(Op.pids, 1, 0, new Int32Array(0), pids), []],
    ['pids', 'none', read, []],
    ['pids', 'an array', read, [[1]]],
    ['pids', 'a detached array', read, [detached]],
    ['pids', 'shared memory', read, [new Int32Array(shared)]],
    ['starts', 'too short', read, [pids, new Float64Array(0)]],
    ['starts', 'too long', read, [pids, new Float64Array(2)]],
    ['sets', 'another type', read, [pids, null, Uint32Array.of(1), Uint8Array.of(0)]],
    ['sets', 'bits that are no fields', read, [pids, null, Float64Array.of(2 ** 53), Uint8Array.of(0)]],
    ['sets', 'a field that is not among the fields', read, [pids, null, Float64Array.of(2), Uint8Array.of(0)]],
    ['sets', 'none, with positions', read, [pids, null, null, Uint8Array.of(0)]],
    ['sets', 'shared memory', read, [pids, null, new Float64Array(shared), Uint8Array.of(0)]],
    ['setOf', 'none', read, [pids, null, sets, null]],
    ['setOf', 'another type', read, [pids, null, sets, Int32Array.of(0)]],
    ['setOf', 'too short', read, [Int32Array.of(1, 1), null, sets, Uint8Array.of(0)]],
    ['setOf', 'behind the last set', read, [pids, null, sets, Uint8Array.of(1)]],
    ['setOf', 'shared memory', read, [pids, null, sets, new Uint8Array(shared, 0, 1)]],
    ['fields', 'fields that no one call returns', table, [1, 0, null]],
    ['flags', 'wholeSources of every process', table, [1, ReadFlag.wholeSources, null]],
    ['number', 'a text', cursor, ['1', 0, 1]],
    ['from', 'a text', cursor, [1, 'x', 1]],
    ['from', 'below zero', cursor, [1, -1, 1]],
    ['max', 'a text', cursor, [1, 0, 'x']],
    ['max', 'none', cursor, [1, 0]],
    ['max', 'zero', cursor, [1, 0, 0]],
    ['sampler', 'below zero', cursor, [1, 0, 1, -1, 5]],
    ['sampler', 'a text', cursor, [1, 0, 1, 'x', 5]],
    ['maxHeld', 'below minus one', cursor, [1, 0, 1, 1, -2]],
    ['maxHeld', 'a text', cursor, [1, 0, 1, 1, 'x']],
    ['sampler', 'none', () => reader.run(Op.endSampler), []],
    ['sampler', 'zero', () => reader.run(Op.endSampler, 0), []],
    ['cursor', 'below zero', list, [-1, 1]],
    ['max', 'not a number', list, [0, Number.NaN]],
    ['urgentPending', 'a number', list, [0, 1, 5]],
    ['pids', 'none', descendants, [null, 1]],
    ['pids', 'shared memory', descendants, [new Int32Array(shared), 1]],
    ['max', 'none', descendants, [pids]],
    ['max', 'zero', descendants, [pids, 0]],
    ['kind', 'none', () => reader.run(Op.act), []],
    ['kind', 'a number that is no action', () => reader.run(Op.act, 7, UNUSED_PID, ANY_START, limit), []],
    ['pid', 'of more than 32 bits', act, [2 ** 32 + UNUSED_PID, ANY_START, limit]],
    ['start', 'null', act, [UNUSED_PID, null, limit]],
    ['arguments', 'another type', act, [UNUSED_PID, ANY_START, new BigInt64Array(3)]],
    ['arguments', 'too few', act, [UNUSED_PID, ANY_START, new BigUint64Array(2)]],
    ['arguments', 'too many', act, [UNUSED_PID, ANY_START, new BigUint64Array(4)]],
    ['arguments', 'no mask', () => affinity(new BigUint64Array(1)), []],
    ['arguments', 'too long a mask', () => affinity(new BigUint64Array(2 + MAX_MASK_WORDS)), []],
    ['arguments', 'shared memory', act, [UNUSED_PID, ANY_START, new BigUint64Array(new SharedArrayBuffer(24))]],
  ])('%s, %s', (argument, _, call, args) => {
    expect(() => call(...args)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/),
        message: expect.stringMatching(new RegExp(`^The "${argument}" argument m`)),
      }),
    );
  });
});

test('an action on a missing process returns a failure and does not throw', () => {
  const onThis = { op: 'act', pid: UNUSED_PID, start: ANY_START } as const;
  expect(run(reader, { ...onThis, action: rlimitAction(4, 0n, 0n) })).toMatchObject({ kind: FailureKind.gone });
});

test('an action returns the values that it replaces', () => {
  const onThis = { op: 'act', pid: process.pid, start: ANY_START } as const;
  const [soft, hard] = run(reader, { ...onThis, action: rlimitAction(CORE, 0n, 0n) }) as BigUint64Array;
  expect(run(reader, { ...onThis, action: rlimitAction(CORE, 0n, 0n) })).toEqual(BigUint64Array.of(0n, 0n));
  expect([typeof soft, typeof hard]).toEqual(['bigint', 'bigint']);
});

test.each([-1n, 2n ** 32n + 4n])('a resource of the number %s is no resource of the system', (resource) => {
  const action = { kind: ActionKind.rlimit, arguments: BigUint64Array.of(BigInt.asUintN(64, resource), 0n, 0n) };
  expect(run(reader, { op: 'act', pid: process.pid, start: ANY_START, action })).toMatchObject({ code: 'EINVAL' });
});

test.each([
  ['class', threadAction('ioPriority', false, [4n, 0n])],
  ['policy', threadAction('scheduler', false, [7n, 0n])],
])('a %s that the type of its field lacks is EINVAL', (_, action) => {
  expect(run(reader, { op: 'act', pid: process.pid, start: ANY_START, action })).toMatchObject({ code: 'EINVAL' });
});

test('a mask of processors may have as many words as the system has at most', () => {
  const onThis = { op: 'act', pid: process.pid, start: ANY_START } as const;
  const everything = threadAction('affinity', true, Array(MAX_MASK_WORDS).fill(2n ** 64n - 1n));
  const own = run(reader, { ...onThis, action: everything }) as BigUint64Array;
  expect(run(reader, { ...onThis, action: threadAction('affinity', true, [...own]) })).toEqual(own);
});

const CORE = 4;
