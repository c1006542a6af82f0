import { createClient, ProcessError } from 'psutil-extra';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { HungProcesses } from '../processes/hung.js';
import { answerOf } from '../processes/node.js';
import { readers } from '../processes/readers.js';
import { Herd } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

/** Processes whose memory map is locked: `cat /proc/PID/cmdline` of one never ends. */

const STALL = 1000;
/** How much later than that everything has to be there. */
const LATER = 500;
const MOST_STUCK = 64;
const THREADS = 2;

beforeEach(({ skip }) => skip(...lacking.fileSystemsInUserSpace));

afterEach(() => until('no reader process is left', () => readers() === 0));

test('a call rejects with ETIMEDOUT after stallTimeout and says what is locked', async () => {
  using hung = await HungProcesses.start(1);
  await using client = createClient({ threads: THREADS, stallTimeout: STALL });
  const [pid] = hung.pids as [number];
  await client.umask(pid);
  const { value, took } = await timed(client.cmdline(pid).catch((reason: unknown) => reason));
  expect(took).toBeGreaterThanOrEqual(STALL);
  expect(took).toBeLessThan(STALL + LATER);
  expect(value).toBeInstanceOf(ProcessError);
  expect(value).toMatchObject({ code: 'ETIMEDOUT', pid, syscall: 'read' });
  expect((value as Error).message).toMatch(/its memory map is locked/);
});

test('other fields of that process, and other processes, are answered meanwhile, also in the same turn', async () => {
  using hung = await HungProcesses.start(1);
  await using client = createClient({ threads: 1, stallTimeout: 5000 });
  const [pid] = hung.pids as [number];
  let isAnswered = false;
  const stuck = client.cmdline(pid).then(
    () => undefined,
    () => {
      isAnswered = true;
    },
  );
  const answers = await Promise.all([client.name(pid), client.umask(pid), client.cmdline(process.pid)]);
  const scope = await client.oneshot(pid, (proc) => Promise.all([proc.name(), proc.state()]));
  expect(isAnswered).toBe(false);
  expect(answers[0]).toBe('hung');
  expect(answers[2].length).toBeGreaterThan(0);
  expect(scope).toEqual(['hung', expect.any(String)]);
  await stuck;
});

test('a oneshot has the other fields at once, and the locked one ends with ETIMEDOUT', async () => {
  using hung = await HungProcesses.start(1);
  await using client = createClient({ threads: THREADS, stallTimeout: STALL });
  const [pid] = hung.pids as [number];
  const outcome = await client.oneshot(pid, async (proc) => {
    const stuck = proc.cmdline().catch(({ code }: ProcessError) => code);
    const { took } = await timed(proc.umask());
    return { took, code: await stuck, again: await proc.environ().catch(({ code }: ProcessError) => code) };
  });
  expect(outcome.took).toBeLessThan(LATER);
  expect(outcome).toMatchObject({ code: 'ETIMEDOUT', again: 'ETIMEDOUT' });
});

test.for([1, 50])('with %i of them a scan has all other rows in time, again and again', async (count) => {
  using hung = await HungProcesses.start(count);
  using herd = await Herd.of(100);
  await using client = createClient({ threads: THREADS, stallTimeout: STALL });
  const pids = [...hung.pids, ...herd.pids];
  await client.scan({ fields: ['name', 'cmdline'], pids: herd.pids });
  for (let i = 0; i < 3; i++) {
    const { value: table, took } = await timed(client.scan({ fields: ['name', 'cmdline'], pids }));
    expect(took).toBeLessThan(STALL + LATER);
    expect(new Set(table.pids)).toEqual(new Set(pids));
    expect(herd.pids.filter((pid) => table.get(pid)?.cmdline?.[0] !== 'sleep')).toEqual([]);
    for (const pid of hung.pids) expect(table.get(pid)).toEqual({ pid, name: 'hung', cmdline: null });
    expect(new Set(hung.pids.map((pid) => table.error(pid, 'cmdline')?.code))).toEqual(new Set(['ETIMEDOUT']));
    expect(readers()).toBeLessThanOrEqual(MOST_STUCK + THREADS);
  }
});

test('with more of them than readers may be stuck, healthy rows arrive and the rest is ETIMEDOUT', async () => {
  using hung = await HungProcesses.start(100);
  using herd = await Herd.of(100);
  await using client = createClient({ threads: THREADS, stallTimeout: STALL });
  const pids = [...hung.pids, ...herd.pids];
  let most = 0;
  const counting = setInterval(() => {
    most = Math.max(most, readers());
  }, 20);
  const table = await client.scan({ fields: ['name', 'cmdline'], pids });
  clearInterval(counting);
  expect(herd.pids.filter((pid) => table.get(pid)?.cmdline?.[0] !== 'sleep')).toEqual([]);
  expect(new Set(hung.pids.map((pid) => table.error(pid, 'cmdline')?.code))).toEqual(new Set(['ETIMEDOUT']));
  expect(most).toBeGreaterThan(MOST_STUCK / 2);
  expect(most).toBeLessThanOrEqual(MOST_STUCK + THREADS);
});

test.for([
  ['the program ends', ''],
  ['a worker that has a client ends', 'worker'],
  ['setuid returns, and the program ends', 'setuid'],
  ['close() resolves', 'close'],
] as const)('%s while a read is stuck', async ([, step]) => {
  using hung = await HungProcesses.start(1);
  const result = await answerOf<string>(PROGRAM, { args: [String(hung.pids[0]), step] });
  expect(result).toBe('stuck');
});

/** Prints once a read is stuck, and ends. */
const PROGRAM = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { setTimeout as pause } from 'node:timers/promises';
  import { Worker } from 'node:worker_threads';
  import { createClient } from 'psutil-extra';
  const [, pid, step] = process.argv;
  if (step === 'worker') {
    const source = \`import { createClient } from 'psutil-extra';
      createClient({ stallTimeout: 60000 }).cmdline(\${pid}).catch(() => {});\`;
    const worker = new Worker(source, { eval: true });
    await pause(2000);
    await worker.terminate();
  } else {
    // A program that is another user than before cannot end the reader, which ends by itself.
    const client = createClient(step === 'setuid' ? {} : { stallTimeout: 60000 });
    client.cmdline(Number(pid)).catch(() => {});
    await pause(1500);
    if (step === 'setuid') process.setuid(65534);
    if (step === 'close') await client.close();
  }
  process.stdout.write('"stuck"', () => process.exit());`;

async function timed<T>(work: Promise<T>): Promise<{ value: T; took: number }> {
  const began = performance.now();
  const value = await work;
  return { value, took: performance.now() - began };
}
