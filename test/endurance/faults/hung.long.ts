import { readdirSync } from 'node:fs';
import { createClient, type ProcessTable } from 'psutil-extra';
import { beforeEach, expect, test } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { HungProcesses } from '../../processes/hung.js';
import { readers } from '../../processes/readers.js';
import { until } from '../../processes/until.js';
import { Churn } from '../churn/churn.js';
import { report } from '../scale.js';

/**
 * Scans again and again for a minute beside processes whose memory map is locked. `ps` hangs on them for everyone: whatever
 * becomes of the test, they end with this program.
 */

const STALL = 2000;
const LATER = 500;
const MINUTE = 60_000;
const MOST_STUCK = 64;
const THREADS = 2;
const FIELDS = ['name', 'cmdline', 'cpuTimes'] as const;

type Table = ProcessTable<(typeof FIELDS)[number]>;

beforeEach(({ skip }) => skip(...lacking.fileSystemsInUserSpace));

test.for([
  [1, STALL + LATER],
  [50, STALL + LATER],
  // Each that no reader is left for is waited for, for 20 ms.
  [200, Number.POSITIVE_INFINITY],
] as const)(
  'with %i of 500 processes hung each scan of a minute has all that can be read',
  async ([count, longest]) => {
    using hung = await HungProcesses.start(count, 120);
    using herd = await Churn.start(500 - count, 0);
    await using client = createClient({ threads: THREADS, stallTimeout: STALL });
    const pids = [...hung.pids, ...herd.standing].toSorted((a, b) => a - b);
    await client.scan({ fields: FIELDS, pids: herd.standing });
    const tasks = tasksNow();
    const watch = new Watch();
    const took: number[] = [];
    try {
      for (const ends = performance.now() + MINUTE; performance.now() < ends; ) {
        const began = performance.now();
        const table = await client.scan({ fields: FIELDS, pids });
        took.push(performance.now() - began);
        expect(unlike(table, hung.pids, herd.standing)).toEqual([]);
      }
    } finally {
      watch.end();
    }
    const worst = Math.max(...took);
    report(
      `${count} of 500 hung: ${took.length} scans, the first took ${took[0]?.toFixed(0)} ms, the longest ${worst.toFixed(0)}, ` +
        `${watch.readers} readers and ${watch.tasks - tasks} more threads at most`,
    );
    expect(worst).toBeLessThan(longest);
    expect(watch.readers).toBeGreaterThan(0);
    expect(watch.readers).toBeLessThanOrEqual(MOST_STUCK + THREADS);
    expect(watch.tasks).toBeLessThanOrEqual(tasks + THREADS);
    await client.close();
    await hung.end();
    await until('no reader process is left', () => readers() === 0);
  },
);

/** PIDs whose rows are not as they shall be. */
function unlike(table: Table, hung: readonly number[], healthy: readonly number[]): number[] {
  const isWhole = (pid: number) => {
    const row = table.get(pid);
    return row?.name === `s${pid}` && (row.cmdline?.length ?? 0) > 0 && row.cpuTimes !== null;
  };
  const isTimedOut = (pid: number) => {
    const row = table.get(pid);
    return row?.name === 'hung' && row.cpuTimes !== null && table.error(pid, 'cmdline')?.code === 'ETIMEDOUT';
  };
  return [...healthy.filter((pid) => !isWhole(pid)), ...hung.filter((pid) => !isTimedOut(pid))];
}

function tasksNow(): number {
  return readdirSync('/proc/self/task').length;
}

/** The most readers and threads that were seen at once. */
class Watch {
  readers = 0;
  tasks = 0;
  readonly #timer = setInterval(() => {
    this.readers = Math.max(this.readers, readers());
    this.tasks = Math.max(this.tasks, tasksNow());
  }, 50);

  end(): void {
    clearInterval(this.#timer);
  }
}
