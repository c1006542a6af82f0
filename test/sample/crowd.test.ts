import { readdirSync } from 'node:fs';
import { createClient, type SampleTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { startTicks } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { recycled } from '../processes/recycled.js';

/** More than are listed at each reading, if none has begun. */
const CROWD = 1500;
const ROUNDS = 30;

const client = createClient({ threads: 1, source: 'procfs' });
let crowd: Compiled;
let samples: AsyncIterableIterator<SampleTable<'name' | 'cpuTimes'>>;

beforeAll(async () => {
  crowd = new Compiled(new URL('crowd.c', import.meta.url).href, [String(CROWD)]);
  await crowd.line();
  samples = client.sample({ fields: ['name', 'cpuTimes'], interval: 50 });
  await next();
});

afterAll(async () => {
  await samples.return?.();
  await client.close();
  crowd[Symbol.dispose]();
});

async function next(): Promise<SampleTable<'name' | 'cpuTimes'>> {
  const { value } = await samples.next();
  return value as SampleTable<'name' | 'cpuTimes'>;
}

describe('samples of many processes', () => {
  test('have each process that begins, in the first sample after that', async () => {
    const missed: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const pid = Number(await crowd.line('begin'));
      const table = await next();
      if (!table.pids.includes(pid) || !table.started.includes(pid)) missed.push(pid);
    }
    expect(missed).toEqual([]);
  });

  test('do not have a process that has ended', async () => {
    const kept: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const pid = Number(await crowd.line('begin'));
      await next();
      await crowd.line(`end ${pid}`);
      const table = await next();
      // Another one may have its number by now: tests beside this one set which number the kernel gives next.
      const isThere = table.pids.includes(pid) && !table.started.includes(pid);
      if (isThere || !table.ended.includes(pid)) kept.push(pid);
    }
    expect(kept).toEqual([]);
  });

  test('have a process that takes the number of another one', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    using python = await Python.start();
    for (let round = 0; round < 10; round++) {
      const pid = await recycled(python, next);
      const table = await next();
      expect([...table.started]).toContain(pid);
      expect([...table.ended]).toContain(pid);
    }
  });

  test('have every process that there is, in the order of the PIDs', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const before = startsOf();
      const table = await next();
      // A number may be another process's by then: tests beside this one have it given again.
      const stayed = [...startsOf()].filter(([pid, start]) => before.get(pid) === start);
      expect(stayed.filter(([pid]) => !table.pids.includes(pid))).toEqual([]);
      expect([...table.pids]).toEqual([...table.pids].sort((a, b) => a - b));
    }
  });
});

/** When each process began, by PID. */
function startsOf(): Map<number, number> {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return new Map(pids.map((pid) => [pid, startTicks(pid)]));
}
