import { availableParallelism } from 'node:os';
import { type Client, createClient } from 'psutil-extra';
import { beforeAll, describe, expect, test } from 'vitest';
import { Compiled } from '../processes/compiled.js';

const SECONDS = 5;
/** Percent of one processor. */
const TOLERANCE = 2;

/** When others want the processors, what it used until a reading is known later than the reading. Then it is measured again. */
const TRIES = 3;

/** Percent of one processor, and how it is used. */
const SHARES = [
  [10, 'sleeps nine tenths of the time', []],
  [50, 'sleeps half of the time', []],
  [100, 'never sleeps', []],
  [100, 'has threads that end after 20 ms', ['20']],
  // As much as there is where that is less than two and a half processors.
  [Math.min(250, 100 * availableParallelism()), 'has three threads', []],
] as const;

for (const [share, what, args] of SHARES) {
  describe(`cpuPercent, over ${SECONDS} s, of a process that ${what} and uses ${share} %`, () => {
    let measured: Measured;
    beforeAll(async () => {
      for (let tries = 0; tries < TRIES; tries++) {
        measured = await measure([String(share), ...args]);
        const { used, byFiles, byBpf = used } = measured;
        if (Math.max(Math.abs(byFiles - used), Math.abs(byBpf - used)) <= TOLERANCE) break;
      }
    });

    test('is what it has used, within 2 points, by files', () => {
      expect(Math.abs(measured.byFiles - measured.used)).toBeLessThanOrEqual(TOLERANCE);
    });

    test('is what it has used, within 2 points, by BPF', ({ skip }) => {
      const { byBpf } = measured;
      if (byBpf === undefined) return skip('BPF is not available here');
      expect(Math.abs(byBpf - measured.used)).toBeLessThanOrEqual(TOLERANCE);
    });
  });
}

interface Measured {
  /** Percent, by its own clocks: less than it was asked for if others wanted the processors. */
  readonly used: number;
  readonly byFiles: number;
  readonly byBpf: number | undefined;
}

/** Both sources sample the same seconds. */
async function measure(args: readonly string[]): Promise<Measured> {
  using burner = new Compiled(new URL('burner.c', import.meta.url).href, args);
  await using files = createClient({ threads: 1, source: 'procfs' });
  await using bpf = createClient({ threads: 1, source: 'bpf' });
  const clients = bpf.supports('bpf') ? [files, bpf] : [files];
  // Their threads run, and what they need is compiled, before anything is measured.
  for (const client of clients) await client.scan({ fields: ['cpuTimes'] });
  const clocks = async () => (await burner.line('')).split(' ').map(Number) as [number, number];
  const sampling = Promise.all(clients.map((client) => percentOf(client, burner.pid)));
  const [usedBefore, before] = await clocks();
  const [byFiles, byBpf] = await sampling;
  const [usedAfter, after] = await clocks();
  return { used: (100 * (usedAfter - usedBefore)) / (after - before), byFiles: byFiles as number, byBpf };
}

async function percentOf(client: Client, pid: number): Promise<number> {
  const samples = client.sample({ fields: ['cpuPercent'], interval: SECONDS * 1000 });
  const { value: table } = await samples.next();
  await samples.return();
  const percent = table?.get(pid)?.cpuPercent;
  if (typeof percent !== 'number') throw new Error(`there is no percentage of ${pid}`);
  return percent;
}
