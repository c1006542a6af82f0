import { createClient, type Field, type ProcessTable } from 'psutil-extra';
import type { Bench } from './bench.js';
import { interleave, microseconds, ratio, spread } from './measure.js';
import { SCANNED, scan } from './ours.js';

/** Scans beside the C floor, and over herds of different size. */
export async function scans(bench: Bench): Promise<void> {
  await besideTheFloor(bench);
  await overSizes(bench);
}

async function besideTheFloor({ herd, floor, options, book }: Bench): Promise<void> {
  await herd.resize(options.processes);
  await using one = createClient({ threads: 1, source: 'procfs' });
  await using two = createClient({ threads: 2, source: 'procfs' });
  await using bpf = createClient({ threads: 1, source: 'bpf' });
  const walks = bpf.supports('bpf');
  if (!walks) console.error('The source bpf is not measured: it is not available here (see docs/bpf.md).');
  const rounds = await interleave(
    {
      floor: () => floor.round(),
      one: () => microseconds(() => scan(one)),
      status: () => floor.round('status'),
      two: () => microseconds(() => scan(two)),
      shared: () => floor.round('status limits shared'),
      list: () => floor.round('list'),
      cheap: () => microseconds(async () => (await one.scan({ fields: ['pgid', 'sid'] })).length),
      bpf: () => (walks ? microseconds(() => scan(bpf)) : Promise.resolve(Number.NaN)),
    },
    options.rounds,
  );
  const rows = await rowsBesideScans(one, options.rounds);
  const five = await rowsOfFive(one, options.rounds);
  book.lines.push(
    {
      what: 'scan of all those fields, 1 thread / C floor',
      limit: 1.05,
      unit: 'ratio',
      measured: ratio(rounds.one, rounds.floor),
    },
    {
      what: 'the same with 2 threads / C floor (one thread)',
      limit: 0.55,
      unit: 'ratio',
      measured: ratio(rounds.two, rounds.floor),
    },
    ...(walks
      ? [
          {
            what: 'scan with source bpf / C floor',
            limit: 0.15,
            unit: 'ratio' as const,
            measured: ratio(rounds.bpf, rounds.floor),
          },
        ]
      : []),
    { what: 'reading every field of every row / scanning it', limit: 0.25, unit: 'ratio', measured: rows },
    {
      what: 'reading umask, groups, sigmasks, pgid and sid of every row, a row',
      limit: 1.5,
      unit: 'µs',
      measured: five,
    },
  );
  const unit = 'µs a process';
  book.absolutes.push(
    { what: 'C floor: list, `status`, 16 × prlimit64', unit, measured: spread(rounds.floor) },
    { what: 'the same, shared by 2 threads', unit, measured: spread(rounds.shared) },
    {
      what: 'the same shared by 2 threads / by one',
      unit: 'of the time: the most that 2 processors can gain',
      measured: ratio(rounds.shared, rounds.floor),
    },
    { what: 'C floor: list, `status`', unit, measured: spread(rounds.status) },
    { what: 'C floor: list', unit, measured: spread(rounds.list) },
    { what: 'scan of umask, groups, sigmasks, pgid, sid, rlimits, 1 thread', unit, measured: spread(rounds.one) },
    { what: 'the same, 2 threads', unit, measured: spread(rounds.two) },
    ...(walks ? [{ what: 'the same with source bpf, 1 thread', unit, measured: spread(rounds.bpf) }] : []),
    { what: 'scan of pgid, sid, 1 thread', unit, measured: spread(rounds.cheap) },
  );
}

/** Every round reads a table that has not been read before: what a first look makes is part of the cost. */
async function rowsBesideScans(client: Awaited<ReturnType<typeof createClient>>, rounds: number) {
  let table: ProcessTable<(typeof SCANNED)[number]>;
  const each = await interleave(
    {
      reading: async () => {
        table = await client.scan({ fields: SCANNED });
        return microseconds(async () => readAll(table, SCANNED));
      },
      scanning: () => microseconds(() => scan(client)),
    },
    rounds,
  );
  return ratio(each.reading, each.scanning);
}

/** Each round makes the rows of a table that has none yet. */
async function rowsOfFive(client: Awaited<ReturnType<typeof createClient>>, rounds: number) {
  const { reading } = await interleave(
    {
      reading: async () => {
        const table = await client.scan();
        return microseconds(async () => readAll(table, FIVE));
      },
    },
    rounds,
  );
  return spread(reading);
}

const FIVE = ['umask', 'groups', 'sigmasks', 'pgid', 'sid'] as const;

function readAll<F extends Field>(table: ProcessTable<F>, fields: readonly F[]): number {
  for (const row of table) {
    for (const field of fields) read(row[field]);
  }
  return table.length;
}

/** Keeps the optimizer from removing work whose result is not used. */
function read(value: unknown): void {
  seen = value;
}
export let seen: unknown;

/** The herd is made small and large by turns, so that changes of the machine's speed affect both. */
async function overSizes({ herd, options, book }: Bench): Promise<void> {
  const small = options.sizes[0] as number;
  const large = options.sizes.at(-1) as number;
  await using client = createClient({ threads: 1, source: 'procfs' });
  const costs: Record<number, number[]> = { [small]: [], [large]: [] };
  for (let turn = 0; turn < options.turns; turn++) {
    for (const size of [small, large]) {
      await herd.resize(size);
      const { cost } = await interleave(
        { cost: () => microseconds(() => scan(client)) },
        SCANS[size === large ? 1 : 0] as number,
      );
      costs[size]?.push(spread(cost).median);
    }
  }
  book.lines.push({
    what: `cost a process at ${large.toLocaleString('en')} / at ${small.toLocaleString('en')} processes`,
    limit: 1.15,
    unit: 'ratio',
    measured: ratio(costs[large] as number[], costs[small] as number[]),
  });
}

const SCANS = [15, 3];
