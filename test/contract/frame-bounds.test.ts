import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from 'psutil-extra';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';

/** Processes of so many groups that a dozen of them fill a frame, and all of them the answer to a request. */
const COUNT = 120;
const GROUPS = 20_000;
const groupsOf = (index: number) => Array.from({ length: GROUPS }, (_, group) => 10_000 + group + index);

/** Starts the processes, prints their PIDs, and ends them when its input ends. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const children = Array.from({ length: ${COUNT} }, (_, index) => {
    process.setgroups((${groupsOf.toString()})(index));
    return spawn('sleep', ['300'], { stdio: 'ignore' });
  });
  process.stdin.on('end', () => children.forEach((child) => child.kill('SIGKILL'))).resume();
  console.log(JSON.stringify(children.map(({ pid }) => pid)));`.replaceAll('GROUPS', String(GROUPS));

let parent: ChildProcess | undefined;
let pids: number[] = [];
beforeAll(async () => {
  if (lacking.root[0]) return;
  parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [output] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  pids = JSON.parse(String(output)) as number[];
});
beforeEach(({ skip }) => skip(...lacking.root));
afterAll(() => parent?.stdin?.end());

test('long values that are read by calls of one turn come in as many messages as it takes', async () => {
  await using client = createClient({ threads: 1 });
  const answers = await Promise.all(pids.slice(0, 20).map((pid) => client.groups(pid)));
  for (const [index, groups] of answers.entries()) expect(groups).toEqual(groupsOf(index));
  expect(client.stats().messages).toBe(2);
});

test('long values are all in the table of a scan of named processes, in their order, by as many messages as it takes', async () => {
  await using client = createClient({ threads: 1 });
  const table = await client.scan({ fields: ['groups'], pids });
  expect([...table.pids]).toEqual(pids);
  for (const [index, pid] of pids.entries()) expect(table.get(pid)?.groups).toEqual(groupsOf(index));
  expect(client.stats().messages).toBe(2);
});

test.each(['auto', 'procfs'] as const)('long values are all in a scan of every process, source %s', async (source) => {
  await using client = createClient({ threads: 1, source });
  const table = await client.scan({ fields: ['groups'] });
  for (const [index, pid] of pids.entries()) expect(table.get(pid)?.groups).toEqual(groupsOf(index));
  expect(client.stats().messages).toBeGreaterThan(1);
});
