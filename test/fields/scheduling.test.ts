import { readFileSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { ps } from '../processes/proc.js';
import { psutil } from '../processes/psutil.js';
import { Python } from '../processes/python.js';
import { chrt, ionice, niceOf, oomScoreAdjOf, taskset } from '../processes/scheduling.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test.for(['0', '7', '19', '-1', '-20'])('nice is what ps prints after renice to %s', async (value, { skip }) => {
  if (Number(value) <= 0) skip(...lacking.root);
  using asleep = await sleeper(['sh', '-c', `renice -n ${value} -p $$ >&2 && exec sleep 300`]);
  expect(ps(asleep.pid, 'nice')).toEqual([value]);
  expect(niceOf(asleep.pid)).toBe(value);
  expect(await client.nice(asleep.pid)).toBe(Number(value));
  // -1 is a value here: the column's bitmap distinguishes it from a missing one.
  const table = await client.scan({ pids: [asleep.pid], fields: ['nice'] });
  expect([...table.column('nice'), ...table.validity('nice')]).toEqual([Number(value), 1]);
});

describe('ioPriority', () => {
  test.for([
    ['-c 1 -n 3', { class: 'realtime', level: 3 }, 'realtime: prio 3'],
    ['-c 2 -n 7', { class: 'best-effort', level: 7 }, 'best-effort: prio 7'],
    ['-c 2 -n 0', { class: 'best-effort', level: 0 }, 'best-effort: prio 0'],
    ['-c 3', { class: 'idle', level: 0 }, 'idle'],
  ] as const)('is the one that ionice %s set', async ([args, expected, shown], { skip }) => {
    if (expected.class === 'realtime') skip(...lacking.root);
    using asleep = await sleeper(['ionice', ...args.split(' ')]);
    expect(ionice(asleep.pid)).toBe(shown);
    expect(await client.ioPriority(asleep.pid)).toEqual(expected);
  });

  test('is that of a process for which none was set, as ionice prints it', async () => {
    using asleep = await sleeper();
    const { class: name, level } = await client.ioPriority(asleep.pid);
    expect(ionice(asleep.pid)).toBe(`${name}: prio ${level}`);
  });
});

test('affinity is the list that taskset set, and else every processor that taskset prints', async () => {
  using asleep = await sleeper();
  expect(await client.affinity(asleep.pid)).toEqual(numbersOf(taskset(asleep.pid)));
  const last = numbersOf(taskset(process.pid)).at(-1) as number;
  using bound = await sleeper(['taskset', '-c', String(last)]);
  expect(taskset(bound.pid)).toBe(String(last));
  expect(await client.affinity(bound.pid)).toEqual([last]);
  expect(await client.processor(bound.pid)).toBe(last);
});

/** `'0,2-4'` */
function numbersOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

test.for([
  ['--other 0', { policy: 'other', priority: 0 }, 'SCHED_OTHER 0'],
  ['--batch 0', { policy: 'batch', priority: 0 }, 'SCHED_BATCH 0'],
  ['--idle 0', { policy: 'idle', priority: 0 }, 'SCHED_IDLE 0'],
  ['--rr 3', { policy: 'rr', priority: 3 }, 'SCHED_RR 3'],
  ['--fifo 99', { policy: 'fifo', priority: 99 }, 'SCHED_FIFO 99'],
  [
    '--deadline --sched-runtime 1000000 --sched-deadline 10000000 --sched-period 10000000 0',
    { policy: 'deadline', priority: 0 },
    'SCHED_DEADLINE 0',
  ],
] as const)('scheduler is the one that chrt %s set', async ([args, expected, shown], { skip }) => {
  if (/rr|fifo|deadline/.test(args)) skip(...lacking.root);
  using asleep = await sleeper(['chrt', ...args.split(' ')]);
  expect(chrt(asleep.pid)).toBe(shown);
  expect(await client.scheduler(asleep.pid)).toEqual(expected);
});

test('processor is the one that ps and psutil report', async ({ skip }) => {
  using asleep = await sleeper();
  expect(await client.processor(asleep.pid)).toBe(Number(ps(asleep.pid, 'psr')[0]));
  skip(...lacking.psutil);
  expect(await client.processor(asleep.pid)).toBe(psutil(asleep.pid, 'p.cpu_num()'));
});

test('nice, ioPriority and affinity are those of psutil', async ({ skip }) => {
  skip(...lacking.psutil);
  using asleep = await sleeper(['nice', '-n', '3', 'ionice', '-c', '2', '-n', '5']);
  const [nice, level, affinity] = psutil(asleep.pid, '[p.nice(), p.ionice().value, p.cpu_affinity()]') as [
    number,
    number,
    number[],
  ];
  expect(await client.snapshot(asleep.pid, { fields: ['nice', 'ioPriority', 'affinity'] })).toEqual({
    pid: asleep.pid,
    nice,
    ioPriority: { class: 'best-effort', level },
    affinity,
  });
});

test.for([0, 321, 1000, -1, -1000])('oomScoreAdj is %d where that was written', async (value, { skip }) => {
  if (value < 0) skip(...lacking.oomProtection);
  using python = await Python.start();
  await python.run(`open("/proc/self/oom_score_adj", "w").write("${value}")`);
  expect(oomScoreAdjOf(python.pid)).toBe(String(value));
  expect(await client.oomScoreAdj(python.pid)).toBe(value);
  const table = await client.scan({ pids: [python.pid], fields: ['oomScoreAdj'] });
  expect([...table.column('oomScoreAdj'), ...table.validity('oomScoreAdj')]).toEqual([value, 1]);
});

test('oomScore is that of the file, and rises with the adjustment', async () => {
  using python = await Python.start();
  const before = await client.oomScore(python.pid);
  // A share of the machine's memory: a few pages more or less are seldom a thousandth.
  expect(Math.abs(before - Number(readFileSync(`/proc/${python.pid}/oom_score`, 'utf8')))).toBeLessThanOrEqual(1);
  await python.run('open("/proc/self/oom_score_adj", "w").write("1000")');
  expect(await client.oomScore(python.pid)).toBeGreaterThan(before + 500);
});
