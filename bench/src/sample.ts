import { channel } from 'node:diagnostics_channel';
import { type CallEvent, type Client, createClient } from 'psutil-extra';
import type { Bench } from './bench.js';
import type { Outcome } from './book.js';
import { askSubject } from './child.js';
import { compile } from './compile.js';
import { Conversation } from './conversation.js';
import { Herd } from './herd.js';
import { interleave, quantile, ratio, spread } from './measure.js';
import { costOf } from './monitoring.js';
import { MONITORS } from './monitors.js';
import { MANY, optionsOf, type Sampled } from './sampled.js';
import type { UnderSampling } from './subject/sample.js';

/** Samples beside the C floor of one reading, what they do to the event loop, and what they cost a whole program. */
export async function sample(bench: Bench): Promise<void> {
  await bench.herd.resize(bench.options.processes);
  await using busy = new Herd('busy');
  await busy.resize(BUSY);
  await besideTheFloor(bench);
  await delays(bench);
  await onceASecond(bench);
}

async function besideTheFloor({ floor, options, book }: Bench): Promise<void> {
  const few = Math.round(options.processes * FEW);
  await using held = new Sampler({ source: 'procfs', maxDescriptors: MANY });
  await using some = new Sampler({ source: 'procfs', maxDescriptors: few });
  await using bpf = new Sampler({ source: 'bpf' });
  const walks = bpf.client.supports('bpf');
  if (!walks) console.error('The source bpf is not measured: it is not available here (see docs/bpf.md).');
  const rounds = await interleave(
    {
      floor: () => floor.round('stat'),
      held: () => held.reading(),
      pread: () => floor.round('held'),
      some: () => some.reading(),
      bpf: walks ? () => bpf.reading() : unavailable,
    },
    options.rounds,
    WARMING,
  );
  const times = await interleave(
    {
      floor: () => floor.round('stat'),
      held: () => held.processorTime(),
      bpf: walks ? () => bpf.processorTime() : unavailable,
    },
    options.rounds,
  );
  const what = 'sample of name, cpuTimes, memory in its steady state';
  const line = (text: string, limit: number, measured: readonly number[]) => ({
    what: text,
    limit,
    unit: 'ratio' as const,
    measured: ratio(measured, rounds.floor),
  });
  book.lines.push(
    line(
      `${what} with ${MANY.toLocaleString('en')} descriptors, 1 thread / C floor: list, open, read and close \`stat\``,
      0.65,
      rounds.held,
    ),
    line(`the same with ${few.toLocaleString('en')} descriptors`, 1, rounds.some),
    ...(walks ? [line('the same with source bpf', 0.1, rounds.bpf)] : []),
  );
  const unit = 'µs a process';
  const part = 'of the time';
  book.absolutes.push(
    {
      what: `C floor: list, \`stat\`, with ${BUSY} more processes that are busy`,
      unit,
      measured: spread(rounds.floor),
    },
    { what: 'C floor: list, `pread` of a `stat` that stays open', unit, measured: spread(rounds.pread) },
    { what: 'the same / the one that opens and closes', unit: part, measured: ratio(rounds.pread, rounds.floor) },
    { what: `${what}, ${MANY.toLocaleString('en')} descriptors`, unit, measured: spread(rounds.held) },
    {
      what: 'the same, processor time of the whole program / C floor',
      unit: part,
      measured: ratio(times.held, times.floor),
    },
    { what: `${what}, ${few.toLocaleString('en')} descriptors`, unit, measured: spread(rounds.some) },
  );
  if (!walks) return;
  book.absolutes.push(
    { what: `${what}, BPF`, unit, measured: spread(rounds.bpf) },
    {
      what: 'the same, processor time of the whole program / C floor',
      unit: part,
      measured: ratio(times.bpf, times.floor),
    },
  );
}

/** One sampler of a client of one thread. */
class Sampler implements AsyncDisposable {
  readonly client: Client;
  readonly #samples;
  #began = 0;
  readonly #listener = (event: unknown) => {
    const { method, elapsed } = event as CallEvent;
    if (method === 'sample') this.#began = performance.now() - elapsed;
  };

  constructor(sampled: Sampled) {
    this.client = createClient({ threads: 1, source: sampled.source });
    // What is read is what it is made of: the percentage is not made of it unless it is looked at.
    const options = { ...optionsOf(sampled, SHORTEST_MS), fields: ['name', 'cpuTimes', 'memory'] as const };
    this.#samples = this.client.sample(options);
  }

  /** Microseconds a process of the next sample, from when its reading begins until the loop has its table. */
  async reading(): Promise<number> {
    const calls = channel('psutil-extra:call');
    calls.subscribe(this.#listener);
    try {
      const { value: table } = await this.#samples.next();
      return ((performance.now() - this.#began) * 1000) / (table?.length ?? 0);
    } finally {
      calls.unsubscribe(this.#listener);
    }
  }

  /** Microseconds a process that all threads of this program are busy until there is a sample. */
  async processorTime(): Promise<number> {
    const before = process.cpuUsage();
    const { value: table } = await this.#samples.next();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (table?.length ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

async function delays({ options, book }: Bench): Promise<void> {
  for (const [name, sampled] of [
    ['by files', { source: 'procfs', maxDescriptors: MANY }],
    ['by BPF', { source: 'bpf' }],
  ] as const) {
    const byProbe: number[] = [];
    const byTimer: number[] = [];
    for (let turn = 0; turn < options.turns; turn++) {
      const outcome = await askSubject<UnderSampling>('sampling', [JSON.stringify(sampled), options.seconds * 2]);
      if (!outcome.ok) {
        console.error(`event loop delay while sampling ${name}: ${outcome.why}`);
        break;
      }
      const { idle, sampling } = outcome.value;
      byProbe.push(sampling.p99 - idle.p99);
      byTimer.push(sampling.timerP99 - idle.timerP99);
    }
    if (byProbe.length === 0) continue;
    book.lines.push(
      {
        what: `event loop delay p99 while sampling ${name} every 250 ms, above idle (1 thread), of events from another thread`,
        limit: 0.5,
        unit: 'ms',
        measured: spread(byProbe),
      },
      { what: 'the same by `monitorEventLoopDelay` (resolution 1)', limit: 0.5, unit: 'ms', measured: spread(byTimer) },
    );
  }
}

async function onceASecond({ options, book }: Bench): Promise<void> {
  await using cputime = new Conversation(compile('cputime'));
  const outcomes = new Map(MONITORS.map(({ name }) => [name, [] as Outcome<number>[]]));
  for (let turn = 0; turn < options.turns; turn++) {
    for (const monitor of MONITORS) {
      const all = outcomes.get(monitor.name) as Outcome<number>[];
      // What is missing, or dies, is not tried again.
      if (all.some(({ ok }) => !ok)) continue;
      all.push(await costOf(monitor, cputime, options.quick ? QUICK_SAMPLES : SAMPLES));
    }
  }
  const timesOf = (name: string) => (outcomes.get(name) ?? []).flatMap((each) => (each.ok ? [each.value] : []));
  const others = MONITORS.filter((monitor) => !monitor.name.startsWith('psutil-extra')).map(({ name }) =>
    timesOf(name),
  );
  const best = Array.from({ length: options.turns }, (_, turn) =>
    Math.min(...others.flatMap((times) => (times.length === options.turns ? [times[turn] as number] : []))),
  );
  for (const { name, reports, install, limit } of MONITORS) {
    const failed = outcomes.get(name)?.find(({ ok }) => !ok);
    const time = timesOf(name);
    const measured = ratio(time, best);
    book.samplers.push({
      sampler: name,
      reports,
      install,
      outcome: failed?.ok === false ? failed : { ok: true, value: { time: spread(time), ratio: measured } },
    });
    if (failed?.ok === false) console.error(`${name} is left out: ${failed.why}`);
    else if (limit !== undefined && Number.isFinite(quantile(best, 0.5))) {
      const what = `processor time of a program that samples once a second, ${name} / the best of the others`;
      book.lines.push({ what, limit, unit: 'ratio', measured });
    }
  }
}

const unavailable = async () => Number.NaN;

const BUSY = 200;
/** Descriptors for each process of the herd: 1,024 for 10,000. */
const FEW = 0.1024;
/** The shortest interval there is: a reading takes longer, so that the next one is due when it is asked for. */
const SHORTEST_MS = 50;
/** It takes some readings until descriptors are open and the busiest are known. */
const WARMING = 5;
const SAMPLES = 10;
const QUICK_SAMPLES = 2;
