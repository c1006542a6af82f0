import { readFile } from 'node:fs/promises';
import { type Client, createClient } from 'psutil-extra';
import { BareThread, blockingRead } from './bare.js';
import type { Bench } from './bench.js';
import { interleave, microseconds, processorTime, ratio, repeatedly, spread, sum } from './measure.js';
import { oneshot, scan } from './ours.js';
import { onOneProcessor, whileAwake } from './processors.js';

/** What a call costs: alone, among many, and where the answer is at hand. */
export async function calls(bench: Bench): Promise<void> {
  await bench.herd.resize(bench.options.processes);
  await using client = createClient({ threads: 1, source: 'procfs' });
  await whileAwake(() => oneByOne(client, bench, ''));
  await onOneProcessor(() => oneByOne(client, bench, ', on one processor'));
  await busyTime(client, bench);
  await whileAwake(() => equalCalls(client, bench));
  await using two = createClient({ threads: 2, source: 'procfs' });
  await using byDefault = createClient({ threads: 1 });
  await atOnce(client, two, byDefault, bench);
}

async function oneByOne(client: Client, { options, book }: Bench, where: string): Promise<void> {
  await using bare = new BareThread();
  const { pid } = process;
  const rounds = await interleave(
    {
      bare: repeatedly(CALLS, () => bare.roundTrip()),
      blocking: repeatedly(CALLS, () => blockingRead(pid)),
      call: repeatedly(CALLS, () => client.umask(pid)),
      oneshot: repeatedly(CALLS, () => oneshot(client, pid)),
      snapshot: repeatedly(CALLS, () => client.snapshot(pid)),
      promises: repeatedly(CALLS / 5, () => readFile(`/proc/${pid}/status`, 'utf8')),
      cached: () => cachedRead(client, pid),
    },
    options.rounds * (options.quick ? 2 : 3),
    WARMING,
  );
  const least = sum(rounds.bare, rounds.blocking);
  book.lines.push(
    {
      what: `one awaited call / (bare \`postMessage\` round trip + blocking read of \`status\` by \`fs\`)${where}`,
      limit: 1.4,
      unit: 'ratio',
      measured: ratio(rounds.call, least),
    },
    {
      what: `oneshot of five fields / one awaited call${where}`,
      limit: 1.2,
      unit: 'ratio',
      measured: ratio(rounds.oneshot, rounds.call),
    },
    { what: `a cached read in a scope${where}`, limit: 0.3, unit: 'µs', measured: spread(rounds.cached) },
  );
  const unit = 'µs';
  book.absolutes.push(
    { what: `bare \`postMessage\` round trip${where}`, unit, measured: spread(rounds.bare) },
    { what: `blocking read of \`status\` by \`fs\`${where}`, unit, measured: spread(rounds.blocking) },
    { what: `\`fs.promises.readFile\` of \`status\`${where}`, unit, measured: spread(rounds.promises) },
    { what: `one awaited call (\`umask\`)${where}`, unit, measured: spread(rounds.call) },
    { what: `snapshot of five fields${where}`, unit, measured: spread(rounds.snapshot) },
    { what: `oneshot of five fields${where}`, unit, measured: spread(rounds.oneshot) },
  );
}

/**
 * The same call by the processor time that it uses. Two threads that wake each other up wait for processors that
 * have gone to sleep, on a virtual machine for longer than all the rest takes; that is no part of this.
 */
async function busyTime(client: Client, { options, book }: Bench): Promise<void> {
  await using bare = new BareThread();
  const { pid } = process;
  const rounds = await interleave(
    {
      bare: processorTime(CALLS * 2, () => bare.roundTrip()),
      blocking: processorTime(CALLS * 2, () => blockingRead(pid)),
      call: processorTime(CALLS * 2, () => client.umask(pid)),
    },
    options.rounds,
  );
  const unit = 'µs of processor time';
  book.absolutes.push(
    { what: 'bare `postMessage` round trip', unit, measured: spread(rounds.bare) },
    { what: 'blocking read of `status` by `fs`', unit, measured: spread(rounds.blocking) },
    { what: 'one awaited call', unit, measured: spread(rounds.call) },
    {
      what: 'one awaited call / (bare round trip + blocking read)',
      unit: 'of processor time',
      measured: ratio(rounds.call, sum(rounds.bare, rounds.blocking)),
    },
  );
}

function cachedRead(client: Client, pid: number): Promise<number> {
  return client.oneshot(pid, async (process) => {
    await process.umask();
    return repeatedly(CACHED, () => process.umask())();
  });
}

async function equalCalls(client: Client, { options, book }: Bench): Promise<void> {
  const { pid } = process;
  const { equal } = await interleave(
    {
      equal: () =>
        microseconds(async () => (await Promise.all(Array.from({ length: EQUAL }, () => client.umask(pid)))).length),
    },
    options.rounds * 2,
    WARMING,
  );
  book.lines.push({ what: '10,000 equal calls at once, each', limit: 0.4, unit: 'µs', measured: spread(equal) });
}

async function atOnce(client: Client, two: Client, byDefault: Client, { options, book }: Bench): Promise<void> {
  const pids = [...(await byDefault.pids())];
  const each = (from: Client) => async () => (await Promise.allSettled(pids.map((pid) => from.umask(pid)))).length;
  const rounds = await interleave(
    {
      distinct: () => microseconds(each(client)),
      byTwo: () => microseconds(each(two)),
      byDefault: () => microseconds(each(byDefault)),
      scan: () => microseconds(() => scan(client)),
      promises: () =>
        microseconds(
          async () => (await Promise.allSettled(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8')))).length,
        ),
      blocking: () => microseconds(async () => pids.filter(readable).length),
    },
    options.quick ? options.rounds : Math.ceil(options.rounds / 2),
    2,
  );
  book.lines.push(
    {
      what: '`umask` of each PID, all at once / the scan of all fields, a process',
      limit: 0.8,
      unit: 'ratio',
      measured: ratio(rounds.distinct, rounds.scan),
    },
    {
      what: `the same by the default source (${byDefault.supports('bpf') ? 'BPF' : 'procfs'}) / \`fs.promises.readFile\` of each \`status\``,
      limit: 0.07,
      unit: 'ratio',
      measured: ratio(rounds.byDefault, rounds.promises),
    },
  );
  const unit = 'µs a process';
  book.absolutes.push(
    { what: '`umask` of each PID, all at once', unit, measured: spread(rounds.distinct) },
    { what: 'the same, 2 threads', unit, measured: spread(rounds.byTwo) },
    { what: 'the same by the default source, 1 thread', unit, measured: spread(rounds.byDefault) },
    {
      what: 'the same by procfs, 1 thread / `fs.promises.readFile` with its 4 threads',
      unit: 'of the time',
      measured: ratio(rounds.distinct, rounds.promises),
    },
    {
      what: 'the same by procfs, 2 threads / `fs.promises.readFile` with its 4 threads',
      unit: 'of the time',
      measured: ratio(rounds.byTwo, rounds.promises),
    },
    { what: '`fs.promises.readFile` of each `status`, all at once', unit, measured: spread(rounds.promises) },
    { what: 'blocking `fs` of each `status`', unit, measured: spread(rounds.blocking) },
  );
}

function readable(pid: number): boolean {
  try {
    blockingRead(pid);
    return true;
  } catch {
    return false; // gone since it was listed
  }
}

/** V8 compiles a function that is called ten thousand times. */
const WARMING = 10;
const CALLS = 500;
const CACHED = 20_000;
const EQUAL = 10_000;
