import { createClient } from 'psutil-extra';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';

// Values that the kernel of this machine need not have for any process.
const PID = 4321;
let root: RecordedRoot;
beforeEach(() => {
  root = new RecordedRoot();
});
afterEach(() => root[Symbol.dispose]());

async function read<T>(
  files: Record<string, string>,
  field:
    | 'oomScoreAdj'
    | 'loginuid'
    | 'wchan'
    | 'terminal'
    | 'nice'
    | 'scheduler'
    | 'processor'
    | 'affinity'
    | 'cmdline'
    | 'cpuTimes',
): Promise<T> {
  root.add(PID, { ...recorded(PID), ...files });
  await using client = createClient({ threads: 1, procRoot: root.path });
  return (await client[field](PID)) as T;
}

/** The recorded stat, with other values at these positions of proc_pid_stat(5). */
function stat(values: Record<number, number>): { stat: string } {
  const [head, rest] = recorded(PID).stat.split(') ') as [string, string];
  const words = rest.trimEnd().split(' ');
  for (const [position, value] of Object.entries(values)) words[Number(position) - 3] = String(value);
  return { stat: `${head}) ${words.join(' ')}\n` };
}

test.for([
  ['oomScoreAdj', 'oom_score_adj', '-1\n', -1],
  ['oomScoreAdj', 'oom_score_adj', '-1000\n', -1000],
  ['loginuid', 'loginuid', '4294967295', null],
  ['loginuid', 'loginuid', '0', 0],
  ['wchan', 'wchan', '0', null],
  ['wchan', 'wchan', 'do_wait', 'do_wait'],
] as const)('%s of the file %s that holds %j is %j', async ([field, file, text, value]) => {
  expect(await read({ [file]: text }, field)).toBe(value);
});

/** A device number as the kernel writes it. */
const tty = (major: number, minor: number) => (major << 8) | (minor & 0xff) | ((minor >> 8) << 20);

describe('terminal', () => {
  test.for([
    [0, null],
    [tty(136, 3), '/dev/pts/3'],
    [tty(136, 300), '/dev/pts/300'],
    [tty(137, 44), '/dev/pts/300'],
    [tty(143, 255), '/dev/pts/2047'],
    [tty(4, 1), '/dev/tty1'],
    [tty(4, 63), '/dev/tty63'],
    [tty(4, 64), '/dev/ttyS0'],
    [tty(4, 66), '/dev/ttyS2'],
  ] as const)('of the device number %d is %s', async ([number, name]) => {
    expect(await read(stat({ 7: number }), 'terminal')).toBe(name);
  });
});

test.for([
  [0, 0, { policy: 'other', priority: 0 }],
  [1, 99, { policy: 'fifo', priority: 99 }],
  [2, 1, { policy: 'rr', priority: 1 }],
  [3, 0, { policy: 'batch', priority: 0 }],
  [5, 0, { policy: 'idle', priority: 0 }],
  [6, 0, { policy: 'deadline', priority: 0 }],
  [7, 0, { policy: 'ext', priority: 0 }],
] as const)('scheduler of policy %d and priority %d', async ([policy, priority, expected]) => {
  expect(await read(stat({ 40: priority, 41: policy }), 'scheduler')).toEqual(expected);
});

test('nice is negative where stat has it so, and processor is beyond the first', async () => {
  expect(await read(stat({ 19: -20, 39: 1023 }), 'nice')).toBe(-20);
  expect(await read(stat({ 19: -20, 39: 1023 }), 'processor')).toBe(1023);
});

test('affinity has processors of every word of the mask', async () => {
  const { status } = recorded(PID);
  const mask = 'Cpus_allowed:\t80000001,00000000,00000003\n';
  expect(await read({ status: status + mask }, 'affinity')).toEqual([0, 1, 64, 95]);
});

test('cpuTimes of years are exact', async () => {
  expect(await read(stat({ 14: 2 ** 40, 15: 1, 16: 2, 17: 3, 42: 4 }), 'cpuTimes')).toEqual({
    user: 2 ** 40 * 10,
    system: 10,
    childrenUser: 20,
    childrenSystem: 30,
    ioWait: 40,
  });
});

test('cmdline of two megabytes is read to its end', async () => {
  const last = 'x'.repeat(2 << 20);
  expect(await read({ cmdline: `a\0${last}\0` }, 'cmdline')).toEqual(['a', last]);
});

test('cmdline that does not end in a null byte is one text', async () => {
  expect(await read({ cmdline: 'postgres: writer process' }, 'cmdline')).toEqual(['postgres: writer process']);
});
