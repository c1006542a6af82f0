import { loadAddon } from '@psutil-extra/native';
import {
  ANY_START,
  cellOf,
  FailureKind,
  FIELD_INDEX,
  FieldSet,
  Frame,
  ReadFlag,
  sourcesOf,
} from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import { startTicks, statusLine } from '../processes/proc.js';
import { NOBODY, sleeper } from '../processes/sleeper.js';

const reader = new (loadAddon().Reader)('/proc');
const bit = (...names: (keyof typeof FIELD_INDEX)[]) =>
  names.reduce((mask, name) => mask | (1 << FIELD_INDEX[name]), 0);

/** A frame of these fields. */
function frameOf(
  pids: number[],
  fields: number,
  flags = 0,
  starts: number[] | null = null,
  masks: number[] | null = null,
) {
  const answer = reader.read(
    Int32Array.from(pids),
    starts && Float64Array.from(starts),
    fields,
    masks && Float64Array.from(masks),
    flags,
  );
  if (!(answer instanceof ArrayBuffer)) throw new Error(`expected a frame, got ${JSON.stringify(answer)}`);
  return new Frame(answer);
}

describe('a frame', () => {
  test('has a row for each PID in their order, also for those that no process has', () => {
    const frame = frameOf([process.pid, NOBODY, 1], bit('ppid', 'umask'));
    expect([...frame.pids]).toEqual([process.pid, NOBODY, 1]);
    expect(frame.rowFailure(1)).toMatchObject({ kind: FailureKind.gone, code: 'ESRCH' });
    expect(frame.rowFailure(0)).toBe(undefined);
  });

  test('leaves out processes that are gone if the flag is set', () => {
    expect([...frameOf([NOBODY, 1, NOBODY + 1], bit('ppid', 'umask'), ReadFlag.dropGone).pids]).toEqual([1]);
  });

  test('has the columns asked for and no others', () => {
    const frame = frameOf([1, process.pid], bit('umask'));
    expect(frame.fields.bits).toBe(bit('umask'));
    expect(() => frame.column(FIELD_INDEX.sid)).toThrow(/no column of sid/);
  });

  test('has all that the sources hold where that is asked', () => {
    const frame = frameOf([process.pid], bit('umask'), ReadFlag.wholeSources);
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

  test('reads for each process the fields of its mask', () => {
    const frame = frameOf([1, process.pid], bit('umask', 'startTime'), 0, null, [bit('umask'), bit('startTime')]);
    expect([...frame.reads]).toEqual([
      [0, 1],
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
    const frame = frameOf([process.pid, process.pid], bit('umask', 'pgid'), 0, [start, start + 1]);
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
  const single = reader.read(Int32Array.of(process.pid), null, bit('umask'), null, 0) as number;
  expect(cellOf(single)).toBe(Number.parseInt(statusLine(process.pid, 'Umask') ?? '', 8));
  expect(sourcesOf(single)).toBe(1);
});

test('list goes through all PIDs from cursor to cursor', () => {
  const pids: number[] = [];
  for (let cursor = 0; cursor >= 0; ) {
    const listed = reader.list(cursor, 16);
    if (!('pids' in listed)) throw new Error(listed.code);
    pids.push(...listed.pids);
    cursor = listed.cursor;
  }
  expect(pids).toContain(process.pid);
  expect(new Set(pids).size).toBe(pids.length);
});

/** Bad arguments of a call, each with one fault. */
describe('an argument that is wrong is a TypeError which names it:', () => {
  const { Reader } = loadAddon();
  const pids = Int32Array.of(process.pid);
  const shared = new SharedArrayBuffer(8);
  const detached = Int32Array.of(process.pid);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  type Method = (...all: unknown[]) => unknown;
  const { read, list, setRlimit } = reader as unknown as Record<'read' | 'list' | 'setRlimit', Method>;

  test.each<[string, string, Method, unknown[]]>([
    ['procRoot', 'none', (path) => new Reader(path as string), []],
    ['procRoot', 'an empty path', (path) => new Reader(path as string), ['']],
    ['procRoot', 'a path with a null byte', (path) => new Reader(path as string), ['/proc\0/1']],
    ['pids', 'none', read, []],
    ['pids', 'an array', read, [[1], null, 1, null, 0]],
    ['pids', 'a detached array', read, [detached, null, 1, null, 0]],
    ['pids', 'shared memory', read, [new Int32Array(shared), null, 1, null, 0]],
    ['starts', 'too short', read, [pids, new Float64Array(0), 1, null, 0]],
    ['starts', 'too long', read, [pids, new Float64Array(2), 1, null, 0]],
    ['starts', 'without PIDs', read, [null, new Float64Array(0), 1, null, 0, null, 1, 0, 1]],
    ['fields', 'a bit that is no field', read, [pids, null, 2 ** 31, null, 0]],
    ['fields', 'not a number', read, [pids, null, Number.NaN, null, 0]],
    ['masks', 'bits that are no fields', read, [pids, null, 1, Uint32Array.of(0xffffffff), 0]],
    ['masks', 'a field that is not among the fields', read, [pids, null, 1, Uint32Array.of(2), 0]],
    ['masks', 'another type', read, [pids, null, 1, Int32Array.of(1), 0]],
    ['masks', 'too short', read, [Int32Array.of(1, 1), null, 1, Uint32Array.of(1), 0]],
    ['masks', 'shared memory', read, [pids, null, 1, new Uint32Array(shared, 4), 0]],
    ['flags', 'a bit that is no flag', read, [pids, null, 1, null, 8]],
    ['flags', 'wholeSources of every process', read, [null, null, 1, null, 3, null, 1, 0, 1]],
    ['hurry', 'without an element', read, [pids, null, 1, null, 0, new Int32Array(0)]],
    ['walk', 'a text', read, [null, null, 1, null, 2, null, '1', 0, 1]],
    ['walk', 'beside PIDs', read, [pids, null, 1, null, 2, null, 1, 0, 1]],
    ['from', 'a text', read, [null, null, 1, null, 2, null, 1, 'x', 1]],
    ['from', 'below zero', read, [null, null, 1, null, 2, null, 1, -1, 1]],
    ['most', 'a text', read, [null, null, 1, null, 2, null, 1, 0, 'x']],
    ['most', 'none', read, [null, null, 1, null, 2, null, 1, 0]],
    ['most', 'zero', read, [null, null, 1, null, 2, null, 1, 0, 0]],
    ['cursor', 'below zero', list, [-1, 1]],
    ['most', 'not a number', list, [0, Number.NaN]],
    ['hurry', 'a number', list, [0, 1, 5]],
    ['pid', 'of more than 32 bits', setRlimit, [2 ** 32 + NOBODY, ANY_START, 4, 0n, 0n]],
    ['start', 'null', setRlimit, [NOBODY, null, 4, 0n, 0n]],
    ['resource', 'half a one', setRlimit, [NOBODY, ANY_START, 4.5, 0n, 0n]],
    ['soft', 'below zero', setRlimit, [NOBODY, ANY_START, 4, -1n, 0n]],
    ['hard', 'of more than 64 bits', setRlimit, [NOBODY, ANY_START, 4, 0n, 2n ** 64n]],
  ])('%s, %s', (argument, _, call, args) => {
    expect(() => call.apply(reader, args)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/),
        message: expect.stringMatching(new RegExp(`^The "${argument}" argument m`)),
      }),
    );
  });
});

test('a set on a missing process returns a failure and does not throw', () => {
  expect(reader.setRlimit(NOBODY, ANY_START, 4, 0n, 0n)).toMatchObject({ kind: FailureKind.gone });
});
