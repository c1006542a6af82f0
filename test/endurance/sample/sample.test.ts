import { readdirSync } from 'node:fs';
import { type Client, createClient, type SampleTable } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { Compiled } from '../../processes/compiled.js';
import { statOf } from '../../processes/proc.js';
import { Churn } from '../churn/churn.js';
import { Growth } from '../memory.js';
import { isLong, report, seconds } from '../scale.js';

const SECONDS = seconds(5, 1800);
const INTERVAL_MS = isLong ? 250 : 50;
/** Fewer than there are processes, so that which are held changes. */
const MAX_DESCRIPTORS = 64;
/** Descriptors of other work that come and go: of the listing of descriptors itself, of /proc, of a file that is read. */
const SPARE = 8;
/** PIDs that get one process after another, each of which lives for so many milliseconds. */
const PIDS = 40;
const LIFETIME_MS = 400;
const STANDING = 50;
/** What may remain after the best round: tables are of different sizes, and a round of the long run has more than a thousand samples. */
const MOST_BYTES = { values: 256 * 1024, resident: 2 * 1024 * 1024 };

describe.each(['procfs', 'bpf'] as const)('by %s', (source) => {
  const what = `a sampler is flat and mistakes no process for another one, for ${SECONDS} s beside others that begin and end`;
  test(what, { timeout: SECONDS * 1000 + 120_000 }, async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    await using client = createClient({ threads: 1, source });
    skip(source === 'bpf' && !client.supports('bpf'), 'BPF is not available here');
    using generations = new Compiled(new URL('generations.c', import.meta.url).href, [`${PIDS}`, `${LIFETIME_MS}`]);
    expect(await generations.line()).toBe('ready');
    using churn = await Churn.start(STANDING, 1);
    await client.scan({ fields: ['cpuTimes'] });
    const before = descriptors();
    const watched = await watch(client, churn);
    expect(watched.descriptors).toBeLessThanOrEqual(before + SPARE + (source === 'procfs' ? MAX_DESCRIPTORS : 0));
    // They are given back by the thread that has held them.
    await expect.poll(descriptors, { timeout: 5000 }).toBeLessThanOrEqual(before + SPARE);
    expect(watched.own).toBeGreaterThan(watched.samples);
    expect(watched.growth.values).toBeLessThanOrEqual(MOST_BYTES.values);
    expect(watched.growth.resident).toBeLessThanOrEqual(MOST_BYTES.resident);
    report(
      `${source}: ${watched.samples} samples, ${watched.started} processes began, ${watched.own} rows of PIDs that were given out again; in the best round of ${watched.round} samples ${watched.growth.values} bytes of values and ${watched.growth.resident} resident remained; resident after each round ${watched.resident.map(inMegabytes).join(', ')} MB; at most ${watched.descriptors - before} descriptors more`,
    );
  });
});

interface Watched {
  readonly samples: number;
  /** Samples of a round, and what has remained after the best one. */
  readonly round: number;
  readonly growth: Growth;
  /** Bytes of resident memory after each round and a collection. */
  readonly resident: readonly number[];
  /** The most there were. */
  readonly descriptors: number;
  readonly started: number;
  /** Rows of processes that their names distinguish. */
  readonly own: number;
}

/** Samples, and compares each table with the one before and with what the processes in it are. */
async function watch(client: Client, churn: Churn): Promise<Watched> {
  const round = isLong ? Math.ceil((SECONDS * 1000) / INTERVAL_MS / ROUNDS) : SHORT_ROUND;
  const growth = new Growth();
  const resident: number[] = [];
  let samples = 0;
  let started = 0;
  let own = 0;
  let most = 0;
  const until = performance.now() + SECONDS * 1000;
  const options = { fields: FIELDS, interval: INTERVAL_MS, maxDescriptors: MAX_DESCRIPTORS };
  let before: ReadonlyMap<number, number | null> | undefined;
  for await (const table of client.sample(options)) {
    const rows = [...table];
    const now = new Map(rows.map(({ pid, startTime }) => [pid, startTime]));
    if (before !== undefined) expectChange(table, before, now);
    before = now;
    own += expectOwn(table, rows);
    for (const pid of churn.standing) expect(now.has(pid), `${pid}, which stands, is there`).toBe(true);
    most = Math.max(most, descriptors());
    started += table.started.length;
    if (samples++ % round === 0) {
      if (samples > 1) resident.push((await growth.end()).resident);
      await growth.begin();
    }
    // A busy machine may take fewer in time. What leaks leaks in every round, others in most beside work that ends.
    const least = growth.isWithin(MOST_BYTES) ? LEAST_ROUNDS : MOST_ROUNDS;
    if (performance.now() > until && samples > round * least) break;
  }
  return { samples, round, growth, resident, descriptors: most, started, own };
}

/** `started` and `ended` are what the two tables differ in. */
function expectChange(
  table: Sampled,
  before: ReadonlyMap<number, number | null>,
  now: ReadonlyMap<number, number | null>,
): void {
  const differing = (these: typeof now, others: typeof now) =>
    [...these].filter(([pid, start]) => others.get(pid) !== start).map(([pid]) => pid);
  expect(inOrder(table.started)).toEqual(inOrder(differing(now, before)));
  expect(inOrder(table.ended)).toEqual(inOrder(differing(before, now)));
}

const inOrder = (pids: Iterable<number>) => [...pids].sort((a, b) => a - b);

/** Each process that has a name of its own is in the row with its PID and start. Returns how many there are. */
function expectOwn(table: Sampled, rows: readonly Row[]): number {
  const began = new Set(table.started);
  const [self, ticks] = [table.get(process.pid)?.startTime, Number(statOf(process.pid)?.[START])];
  if (typeof self !== 'number') throw new Error('this process is not in the sample');
  let own = 0;
  for (const { pid, name, startTime, cpuTimes, cpuPercent } of rows) {
    expectMarked(pid, name ?? '');
    // What a process has used that began since the last reading, and not what another one with its PID has.
    if (began.has(pid) && cpuTimes !== null && cpuPercent !== null) {
      const used = cpuTimes.user + cpuTimes.system;
      expect(cpuPercent > 0, `${name}, ${pid}, has used ${used} ms and has ${cpuPercent} %`).toBe(used > 0);
    }
    const [, ownPid, ownStart, kind] = /^(\w+)\.(\w+)\.([bi])$/.exec(name ?? '') ?? [];
    if (ownPid === undefined || ownStart === undefined) continue;
    own++;
    const start = ticks + Math.round(((startTime as number) - self) / MS_A_TICK);
    expect([pid, start], `the row of ${name}`).toEqual([Number.parseInt(ownPid, 36), Number.parseInt(ownStart, 36)]);
    if (kind === 'i') expect(((cpuPercent ?? 0) * table.elapsed) / 100, `what ${name} uses`).toBeLessThan(IDLE_MS);
  }
  return own;
}

/** The name of a process of the churn contains its PID. */
function expectMarked(pid: number, name: string): void {
  const [, marked] = /^[ps](\d+)$/.exec(name) ?? [];
  if (marked !== undefined) expect(Number(marked), `the name in the row of ${pid}`).toBe(pid);
}

function inMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Of this process, and of its threads: they share them. */
function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

const FIELDS = ['name', 'startTime', 'cpuTimes', 'cpuPercent'] as const;
type Sampled = SampleTable<(typeof FIELDS)[number]>;
type Row = ReturnType<Sampled['toArray']>[number];
const START = 19;
const MS_A_TICK = 10;
/** It works for a moment until it waits, and a tick is as long as the kernel counts. One that is busy uses 30. */
const IDLE_MS = 25;
const ROUNDS = 6;
const LEAST_ROUNDS = 2;
const MOST_ROUNDS = 30;
const SHORT_ROUND = 10;
