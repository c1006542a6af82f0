import { readFileSync } from 'node:fs';
import { type Client, createClient, type SampleTable } from 'psutil-extra';
import { beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';

const INTERVALS = 5;
/** How much of all may differ. */
const PART = 0.03;
/** Other programs may start and end processes meanwhile. So it is measured again if it does not agree. */
const TRIES = 3;
/** If processes that ended used more of all than this, it need not agree to less than that: a reading is of no one moment. */
const MOST_ENDED = 0.1;
/** If so many began a second, it need not agree at all: what each uses at its very end is charged to none. */
const MOST_FORKS = 200;

describe(`user and system of all processes, over ${INTERVALS} s`, () => {
  let byFiles: Total;
  let byBpf: Total | undefined;
  beforeAll(async () => {
    using burner = new Compiled(new URL('burner.c', import.meta.url).href, ['100']);
    await using files = createClient({ threads: 1, source: 'procfs' });
    await using bpf = createClient({ threads: 1, source: 'bpf' });
    const clients = bpf.supports('bpf') ? [files, bpf] : [files];
    await burner.line('');
    for (let tries = 0; tries < TRIES; tries++) {
      const totals = await Promise.all(clients.map(totalOf));
      [byFiles, byBpf] = totals as [Total, Total?];
      if (totals.every(agrees)) break;
    }
  });

  test('are together what /proc/stat has counted, within 3 %, by files', ({ skip }) => {
    skip(...lacking.kernelThread);
    skip(...churned(byFiles));
    expectAgreement(byFiles);
  });

  test('are together what /proc/stat has counted, within 3 %, by BPF', ({ skip }) => {
    skip(...lacking.kernelThread);
    if (byBpf === undefined) return skip('BPF is not available here');
    skip(...churned(byBpf));
    expectAgreement(byBpf);
  });
});

/** Percent of one processor, over the same time. */
interface Total {
  /** By `cpuPercent` of all processes, and of those that have ended. */
  readonly used: number;
  /** The part of it that is of those that have ended. */
  readonly ended: number;
  /** By the kernel, of processes. */
  readonly counted: number;
  /** By the kernel, what it charges to no process, or to the one that it interrupts. */
  readonly interrupts: number;
  /** How many processes and threads began a second. */
  readonly forks: number;
}

async function totalOf(client: Client): Promise<Total> {
  let before: Sampled | undefined;
  let began = countedNow();
  let elapsed = 0;
  let used = 0;
  let ended = 0;
  let intervals = 0;
  for await (const table of client.sample({ fields: FIELDS, interval: 1000 })) {
    if (before === undefined) began = countedNow();
    else {
      elapsed += table.elapsed;
      for (const percent of table.column('cpuPercent')) {
        if (!Number.isNaN(percent)) used += percent * table.elapsed;
      }
      ended += 100 * ofEnded(before, table);
      if (++intervals === INTERVALS) break;
    }
    before = table;
  }
  const end = countedNow();
  const rate = (times: (now: Counted) => number) => (100 * (times(end) - times(began))) / (end.time - began.time);
  return {
    used: (used + ended) / elapsed,
    ended: ended / elapsed,
    counted: rate(({ processes }) => processes),
    interrupts: rate(({ interrupts }) => interrupts),
    forks: rate(({ forks }) => forks) * 10,
  };
}

/**
 * Milliseconds that processes have used which have ended between two samples: all that they have used is in the children's time of
 * the process that has waited for them then.
 */
function ofEnded(before: Sampled, after: Sampled): number {
  let time = 0;
  const gone = new Map(Array.from(before, (row) => [identity(row), row.cpuTimes ?? NONE]));
  for (const row of after) {
    const { childrenUser, childrenSystem } = row.cpuTimes ?? NONE;
    const old = gone.get(identity(row)) ?? NONE;
    time += childrenUser + childrenSystem - old.childrenUser - old.childrenSystem;
    gone.delete(identity(row));
  }
  for (const old of gone.values()) time -= old.user + old.system + old.childrenUser + old.childrenSystem;
  return time;
}

function agrees({ used, counted, interrupts }: Total): boolean {
  return used >= counted * (1 - PART) && used <= (counted + interrupts) * (1 + PART);
}

function churned(total: Total): [boolean, string] {
  const { used, ended, counted, forks } = total;
  const isChurned = ended > MOST_ENDED * counted && Math.abs(used - counted) < ended;
  const part = Math.round((100 * ended) / counted);
  return [
    !agrees(total) && (isChurned || forks > MOST_FORKS),
    `${Math.round(forks)} processes began a second, and those that ended used ${part} % of all, in ${TRIES} tries`,
  ];
}

function expectAgreement({ used, counted, interrupts }: Total): void {
  expect(used).toBeGreaterThanOrEqual(counted * (1 - PART));
  expect(used).toBeLessThanOrEqual((counted + interrupts) * (1 + PART));
}

/** The first line of /proc/stat, in milliseconds, and when it was read. */
function countedNow(): Counted {
  const text = readFileSync('/proc/stat', 'latin1');
  const [line = ''] = text.split('\n', 1);
  const ticks = line.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks;
  return {
    time: performance.now(),
    processes: (user + nice + system) * 10,
    interrupts: (irq + softirq + steal) * 10,
    forks: Number(/^processes (\d+)$/m.exec(text)?.[1]),
  };
}

interface Counted {
  readonly time: number;
  readonly processes: number;
  readonly interrupts: number;
  readonly forks: number;
}

const identity = ({ pid, startTime }: { pid: number; startTime: number | null }) => `${pid} ${startTime}`;

const FIELDS = ['cpuTimes', 'startTime', 'cpuPercent'] as const;
type Sampled = SampleTable<(typeof FIELDS)[number]>;
type Times = { user: number; system: number; childrenUser: number; childrenSystem: number };
const NONE: Times = { user: 0, system: 0, childrenUser: 0, childrenSystem: 0 };
