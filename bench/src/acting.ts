import { createClient } from 'psutil-extra';
import { ACTORS, type Deed } from './actors.js';
import type { Bench } from './bench.js';
import { askSubject } from './child.js';
import { quantile, ratio, type Spread, spread } from './measure.js';
import { whileAwake } from './processors.js';
import type { Acted } from './subject/act.js';
import type { Reported } from './subject/events.js';
import type { Latencies, Waits } from './subject/wait.js';

/** Trees of processes, listed and killed; waits; events and the table that they keep current. */
export async function acting(bench: Bench): Promise<void> {
  const { herd, options } = bench;
  await herd.resize(options.processes);
  for (const deed of ['list', 'find', 'kill'] as const) await trees(deed, bench);
  await events(bench);
  await live(bench);
  await waiting(bench);
}

async function trees(deed: Deed, { options, book }: Bench): Promise<void> {
  const actors = ACTORS[deed];
  const outcomes = actors.map(() => [] as Awaited<ReturnType<typeof askSubject<Acted>>>[]);
  for (let turn = 0; turn < options.turns; turn++) {
    for (const [at, { name }] of actors.entries()) {
      outcomes[at]?.push(await askSubject<Acted>('act', [deed, name, options.rounds, options.seconds]));
    }
  }
  const found = outcomes.map((each) => each.flatMap((outcome) => (outcome.ok ? [outcome.value] : [])));
  const times = found.map((each) => each.map((acted) => quantile(acted.times, 0.5)));
  for (const [at, { name, does }] of actors.entries()) {
    const failed = outcomes[at]?.find(({ ok }) => !ok);
    const time = times[at] as number[];
    book.acts.push({
      deed,
      library: name,
      does,
      outcome:
        failed?.ok === false
          ? failed
          : {
              ok: true,
              value: {
                time: spread(time),
                ratio: ratio(time, times[0] as number[]),
                p99: spread((found[at] as Acted[]).map(({ p99 }) => p99)),
              },
            },
    });
  }
}

async function events({ options, book }: Bench): Promise<void> {
  for (const [source, name] of [
    ['bpf', 'BPF'],
    ['procfs', 'netlink'],
  ] as const) {
    const found: Reported[] = [];
    for (let turn = 0; turn < options.turns; turn++) {
      const outcome = await askSubject<Reported>('events', [source, options.quick ? 1000 : BIRTHS]);
      if (outcome.ok) found.push(outcome.value);
      else console.error(`events by ${name}: ${outcome.why}`);
    }
    if (found.length === 0) continue;
    book.absolutes.push(
      { what: `events by ${name}`, unit: 'a second', measured: spread(found.map((each) => each.events)) },
      {
        what: 'the same: processes that a program started meanwhile, each waited for',
        unit: 'a second',
        measured: spread(found.map(({ births }) => births)),
      },
      {
        what: 'the same: reported of the fork and the exit of each',
        unit: 'of all',
        measured: spread(found.map(({ reported }) => reported)),
      },
    );
  }
}

async function live({ options, book }: Bench): Promise<void> {
  await using client = createClient({ threads: 1 });
  await using table = await client.live({ poll: 1000 });
  const pids = Array.from(table, ({ pid }) => pid);
  const nanoseconds: number[] = [];
  for (let round = -1; round < options.rounds; round++) {
    const began = process.hrtime.bigint();
    for (let i = 0; i < GETS; i++) seen = table.get(pids[i % pids.length] as number);
    if (round >= 0) nanoseconds.push(Number(process.hrtime.bigint() - began) / GETS);
  }
  book.absolutes.push({ what: '`live.get(pid)`', unit: 'ns', measured: spread(nanoseconds) });
}
/** Keeps the optimizer from removing what is not used. */
export let seen: unknown;

async function waiting({ herd, options, book }: Bench): Promise<void> {
  const found: Waits[] = [];
  const samples = options.quick ? 50 : SAMPLES;
  for (let turn = 0; turn < options.turns; turn++) {
    // Those that are waited for, those that poll(2) waits for, and those of the last turn, which have ended.
    await herd.resize(0);
    await herd.resize(options.processes + samples * 2);
    await whileAwake(async () => {
      const outcome = await askSubject<Waits>('wait', [options.processes, samples]);
      if (!outcome.ok) throw new Error(`waits: ${outcome.why}`);
      found.push(outcome.value);
    });
  }
  const at = (pick: (waits: Waits) => Latencies, by: keyof Latencies, part: number): Spread =>
    spread(found.map((waits) => quantile(pick(waits)[by], part)));
  const count = (found[0] as Waits).count.toLocaleString('en');
  for (const [when, pick] of [
    ['', ({ quiet }: Waits) => quiet],
    [' while its thread scans without pause', ({ scanning }: Waits) => scanning],
  ] as const) {
    const beside = `${count} waits at once${when}`;
    for (const [name, part] of [
      ['median', 0.5],
      ['p99', 0.99],
    ] as const) {
      const what = `from SIGKILL to the end of \`waitForExit()\`, ${beside}, ${name}`;
      book.absolutes.push(
        { what, unit: 'µs', measured: at(pick, 'ours', part) },
        { what: `the same by a bare \`poll\` of its pidfd, ${name}`, unit: 'µs', measured: at(pick, 'poll', part) },
      );
    }
  }
  book.absolutes.push(
    { what: 'resident memory of a wait', unit: 'bytes', measured: spread(found.map(({ rss }) => rss)) },
    {
      what: `threads that ${count} waits take`,
      unit: '',
      measured: spread(found.map(({ threads: [before, after] }) => after - before)),
    },
    { what: `to abort them all`, unit: 'ms', measured: spread(found.map(({ aborted }) => aborted)) },
  );
}

const BIRTHS = 10_000;
const GETS = 1_000_000;
const SAMPLES = 300;
