import { type Client, createClient, NoSuchProcessError, type ProcessTable } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { report, scaled } from '../scale.js';
import { Churn } from './churn.js';

const SECONDS = scaled(1.5, 60);
const STANDING = 100;
const FIELDS = ['name', 'umask', 'rlimits', 'state', 'sid', 'startTime'] as const;
type Row = { readonly pid: number } & Partial<Record<(typeof FIELDS)[number], unknown>>;

/** The PID in the name that a process of the forker has given itself. */
function named(row: Row): number | undefined {
  const [, pid] = /^[ps](\d+)$/.exec(String(row.name)) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** Throws if a row of a process that has named itself describes another one. Returns whether it has named itself. */
function expectOwn(row: Row, source: string): boolean {
  const pid = named(row);
  if (pid === undefined) return false;
  expect(pid, `${source}: the name in the row of ${row.pid}`).toBe(row.pid);
  // A zombie no longer has one.
  if (typeof row.umask === 'number') expect(row.umask, `${source}: umask of ${pid}`).toBe(pid & 0o777);
  return true;
}

function expectAllStanding(table: ProcessTable<(typeof FIELDS)[number]>, churn: Churn, source: string): void {
  for (const pid of churn.standing) {
    const row = table.get(pid);
    expect(row, `${source}: the row of ${pid}, which stands`).toBeDefined();
    expect(row?.name).toBe(`s${pid}`);
    expect(row?.umask).toBe(pid & 0o777);
    expect(row?.rlimits?.RLIMIT_RSS?.soft).toBe(pid);
  }
}

/** Single calls about a process that may be gone at any moment: an answer of its own, or that it is gone. */
async function call(client: Client, pid: number): Promise<number> {
  try {
    const held = await client.process(pid);
    const snapshot = await held.snapshot({ fields: FIELDS, fallback: undefined });
    expect(snapshot.startTime ?? held.startTime).toBe(held.startTime);
    expectOwn(snapshot, 'a Process');
    await client.oneshot(held, async (scope) => {
      const name = await scope.name();
      const umask = await client.umask(pid).catch(() => null);
      expectOwn({ pid, name, umask }, 'a scope');
    });
    return 1;
  } catch (error) {
    if (error instanceof NoSuchProcessError) return 0;
    throw error;
  }
}

async function endure(source: 'procfs' | 'bpf', churn: Churn): Promise<void> {
  await using client = createClient({ threads: 2, source });
  const until = performance.now() + SECONDS * 1000;
  let scans = 0;
  let rows = 0;
  let own = 0;
  let answered = 0;
  // A busy machine may start none in time.
  while (performance.now() < until || own <= scans * STANDING) {
    const table = await client.scan({ fields: FIELDS });
    expectAllStanding(table, churn, source);
    const seen = [...table];
    expect(new Set(table.pids).size, 'each PID is there once').toBe(table.length);
    for (const row of seen) if (expectOwn(row, source)) own++;
    const passing = seen.filter(({ name }) => name?.startsWith('p')).slice(-50);
    for (const one of await Promise.all(passing.map(({ pid }) => call(client, pid)))) answered += one;
    for await (const batch of client.scanBatches({ fields: FIELDS, batchSize: 64 })) {
      for (const row of batch) expectOwn(row, `${source} in batches`);
    }
    scans++;
    rows += table.length;
  }
  const processes = await churn.end();
  report(
    `${source}: ${SECONDS} s, ${processes} processes came and went, ${scans} scans, ${rows} rows, ${own} of them marked, ${answered} processes asked one by one`,
  );
  expect(processes).toBeGreaterThan(scans);
}

describe.each(['procfs', 'bpf'] as const)(
  'while thousands of processes a second come and go, a scan by %s',
  (source) => {
    const refused = (client: Client): [boolean, string] => [
      source === 'bpf' && !client.supports('bpf'),
      'BPF is not permitted here',
    ];

    test('gives every row to the PID that it names, and has every process that stays', async ({ skip }) => {
      skip(...refused(createClient()));
      using churn = await Churn.start(STANDING, 2);
      await endure(source, churn);
    });

    test('does so while the same few hundred PIDs are given out again and again', async ({ skip }) => {
      skip(...refused(createClient()));
      skip(...lacking.choiceOfPid);
      using churn = await Churn.start(STANDING, 2, 300);
      await endure(source, churn);
    });
  },
);

/** Above any PID, to distinguish a limit that was set from one that a process gave itself. */
const SET = 2 ** 40;

test('a limit that is set through a Process reaches no other that has its PID later', async ({ skip }) => {
  skip(...lacking.choiceOfPid);
  using churn = await Churn.start(STANDING, 2, 300);
  await using client = createClient({ threads: 2 });
  const until = performance.now() + SECONDS * 1000;
  let done = 0;
  let late = 0;
  let seen = 0;
  // Between the last look and the setting a PID may go to another; the setter gets an error, and its mark may be seen.
  const strays = new Set<number>();
  while (performance.now() < until || done === 0 || late === 0) {
    const table = await client.scan({ fields: ['name', 'startTime', 'rlimits'] });
    for (const { pid, name, startTime, rlimits } of table) {
      // Only processes that have set a limit since they were forked: others may have their parent's.
      if (name !== `p${pid}`) continue;
      const soft = rlimits?.RLIMIT_RSS?.soft ?? 0;
      if (soft < SET || soft === Number.POSITIVE_INFINITY) continue;
      seen++;
      if (!strays.has(soft)) expect(soft, `the limit of ${pid}`).toBe(mark(startTime ?? Number.NaN));
    }
    for (const pid of churn.standing) expect(table.get(pid)?.rlimits?.RLIMIT_RSS?.soft).toBe(pid);
    const passing = [...table].filter(({ name }) => name?.startsWith('p')).slice(-100);
    const sets = passing.map(async ({ pid }) => {
      const held = await client.process(pid);
      // The limit of an unrelated process that has the PID by now is not set.
      if ((await held.name()) !== `p${pid}`) return undefined;
      const soft = mark(held.startTime);
      return held.rlimit('RLIMIT_RSS', { soft, hard: Number.POSITIVE_INFINITY }).catch((error: NoSuchProcessError) => {
        if (error.syscall === 'prlimit64') strays.add(soft);
        throw error;
      });
    });
    for (const result of await Promise.allSettled(sets)) {
      if (result.status === 'fulfilled') done += result.value === undefined ? 0 : 1;
      else expect(result.reason).toBeInstanceOf(NoSuchProcessError);
      if (result.status === 'rejected') late++;
    }
  }
  const processes = await churn.end();
  report(
    `sets: ${done} done, ${late} too late, ${seen} seen again, while ${processes} processes came and went on 600 PIDs`,
  );
});

/** A limit that holds when its process began. */
function mark(startTime: number): number {
  return SET + Math.round(startTime);
}
