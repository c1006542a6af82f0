import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';
import { SETTERS, setValue } from './setters.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';
const VALUE = 'ERR_INVALID_ARG_VALUE';

/** What each method refuses, with which code, and which argument it names. */
const BAD: Record<string, [value: unknown, code: string, named: string][]> = {
  setNice: [
    [undefined, TYPE, '"nice"'],
    ['5', TYPE, '"nice"'],
    [5n, TYPE, '"nice"'],
    [-21, RANGE, '"nice"'],
    [20, RANGE, '"nice"'],
    [0.5, RANGE, '"nice"'],
    [Number.NaN, RANGE, '"nice"'],
  ],
  setIoPriority: [
    [undefined, TYPE, '"ioPriority"'],
    [null, TYPE, '"ioPriority"'],
    ['idle', TYPE, '"ioPriority"'],
    [{}, TYPE, '"ioPriority.class"'],
    [{ class: 2, level: 0 }, TYPE, '"ioPriority.class"'],
    [{ class: 'best_effort', level: 0 }, VALUE, "'best-effort'?"],
    [{ class: 'toString', level: 0 }, VALUE, 'ioPriority.class'],
    [{ class: 'best-effort' }, TYPE, '"ioPriority.level"'],
    [{ class: 'best-effort', level: '1' }, TYPE, '"ioPriority.level"'],
    [{ class: 'best-effort', level: -1 }, RANGE, '"ioPriority.level"'],
    [{ class: 'realtime', level: 8 }, RANGE, '"ioPriority.level"'],
    [{ class: 'idle', level: 1 }, RANGE, '"ioPriority.level"'],
    [{ class: 'none', level: 8 }, RANGE, '"ioPriority.level"'],
    [{ class: 'none', level: null }, TYPE, '"ioPriority.level"'],
  ],
  setAffinity: [
    [undefined, TYPE, '"cpus"'],
    [0, TYPE, '"cpus"'],
    ['0', TYPE, '"cpus"'],
    [[], RANGE, '"cpus"'],
    [new Set(), RANGE, '"cpus"'],
    [[0, '1'], TYPE, '"cpus[1]"'],
    [[-1], RANGE, '"cpus[0]"'],
    [[0, 0.5], RANGE, '"cpus[1]"'],
    [[2 ** 14], RANGE, '"cpus[0]"'],
  ],
  setScheduler: [
    [undefined, TYPE, '"scheduler"'],
    ['rr', TYPE, '"scheduler"'],
    [{ policy: 2, priority: 1 }, TYPE, '"scheduler.policy"'],
    [{ policy: 'fiffo', priority: 1 }, VALUE, "'fifo'?"],
    [{ policy: 'SCHED_RR', priority: 1 }, VALUE, 'scheduler.policy'],
    [{ policy: 'rr' }, TYPE, '"scheduler.priority"'],
    [{ policy: 'rr', priority: 0 }, RANGE, '"scheduler.priority"'],
    [{ policy: 'fifo', priority: 100 }, RANGE, '"scheduler.priority"'],
    [{ policy: 'other', priority: 1 }, RANGE, '"scheduler.priority"'],
    [{ policy: 'batch', priority: '0' }, TYPE, '"scheduler.priority"'],
  ],
  setOomScoreAdj: [
    [undefined, TYPE, '"oomScoreAdj"'],
    [true, TYPE, '"oomScoreAdj"'],
    [-1001, RANGE, '"oomScoreAdj"'],
    [1001, RANGE, '"oomScoreAdj"'],
    [1.5, RANGE, '"oomScoreAdj"'],
  ],
};

test.each(SETTERS)('$method names the argument that is wrong, and sets nothing', async (setter) => {
  using process = await sleeper();
  const before = setter.shown(process.pid);
  const { messages } = client.stats();
  for (const [value, code, named] of BAD[setter.method] ?? []) {
    const error = await rejection(setValue(client, setter, process.pid, value));
    expect(error, error.message).toMatchObject({ code, message: expect.stringContaining(named) });
  }
  expect(client.stats().messages).toBe(messages);
  expect(setter.shown(process.pid)).toBe(before);
});

test.each(SETTERS)('$method checks the process and the options', async (setter) => {
  const { values } = setter;
  expect(await rejection(setValue(client, setter, '1', values[0]))).toMatchObject({ code: TYPE });
  for (const options of [5, null, { signal: 9 }, []]) {
    expect(await rejection(setValue(client, setter, process.pid, values[0], options as object))).toMatchObject({
      code: TYPE,
    });
  }
  const misspelt = await rejection(setValue(client, setter, process.pid, values[0], { allThread: true }));
  expect(misspelt).toMatchObject({ code: VALUE, message: expect.stringContaining("'allThread'") });
});

test('allThreads is true, false or absent', async () => {
  const call = client.setNice(process.pid, 0, { allThreads: 1 as never });
  expect(await rejection(call)).toMatchObject({ code: TYPE, message: expect.stringContaining('"options.allThreads"') });
});

test('allThreads is unknown where a value is no thread’s', async () => {
  const options = { allThreads: true };
  expect(await rejection(client.setOomScoreAdj(process.pid, 0, options as object))).toMatchObject({ code: VALUE });
});

test('a member is read once, and what a getter throws is what the call rejects with', async () => {
  using process = await sleeper();
  let reads = 0;
  const counted = {
    class: 'best-effort' as const,
    get level() {
      return reads++;
    },
  };
  await client.setIoPriority(process.pid, counted);
  expect(reads).toBe(1);
  const thrown = new Error('no');
  const throwing = {
    policy: 'batch' as const,
    get priority(): number {
      throw thrown;
    },
  };
  expect(await rejection(client.setScheduler(process.pid, throwing))).toBe(thrown);
});
