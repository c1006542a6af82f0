import { spawn } from 'node:child_process';
import { type Client, createClient } from 'psutil-extra';
import type { Bench } from './bench.js';
import type { Outcome } from './book.js';
import { answerOf, askSubject } from './child.js';
import { folder } from './compile.js';
import { GO, go, RUST, rust } from './foreign.js';
import { LIBRARIES, PS_USAGE, PYTHON, python, USAGE } from './libraries.js';
import { interleave, microseconds, ratio, spread } from './measure.js';

/** The files that the scan of these fields opens. */
const FILES = 'status stat statm cmdline';

/** A scan of what `ps aux` shows, beside a C program that opens, reads and closes the same files, and beside others. */
export async function usage(bench: Bench): Promise<void> {
  const { herd, floor, options, book } = bench;
  await herd.resize(options.processes);
  await using one = createClient({ threads: 1, source: 'procfs' });
  await using usual = createClient({ threads: 1 });
  const rounds = await interleave(
    {
      floor: () => floor.round(FILES),
      one: () => microseconds(() => scan(one)),
      usual: () => microseconds(() => scan(usual)),
    },
    options.rounds,
  );
  const ours = ratio(rounds.one, rounds.floor);
  book.lines.push({
    what: 'scan of name, username, cpuTimes, memory, cmdline, 1 thread / C floor of the same files',
    limit: 1.05,
    unit: 'ratio',
    measured: ours,
  });
  const reports = USAGE.join(', ');
  const add = (library: string, time: readonly number[]) =>
    book.usages.push({
      library,
      reports: library === 'C floor' ? `nothing: opens, reads and closes ${FILES.replaceAll(' ', ', ')}` : reports,
      install: 'npm run build',
      outcome: { ok: true, value: { time: spread(time), ratio: ratio(time, rounds.floor) } },
    });
  add('C floor', rounds.floor);
  add('psutil-extra, 1 thread', rounds.one);
  add(`psutil-extra, default source (${(await usual.scan({ fields: USAGE })).source}), 1 thread`, rounds.usual);
  await others(bench);
}

async function others(bench: Bench): Promise<void> {
  const { options } = bench;
  const seconds = options.quick ? 0.3 : 8;
  const args = [String(ROUNDS), String(seconds)];
  for (const library of [PS_USAGE, ...LIBRARIES.filter(({ name }) => NODE_PEERS.has(name))]) {
    await beside(bench, library, () => askSubject('times', [library.name, ROUNDS, seconds]));
  }
  await beside(bench, { ...PYTHON, reports: 'name, username, cpu_times, memory_info, cmdline' }, () =>
    ask(python(), [folder('python/usage.py'), ...args]),
  );
  for (const peer of RUST) await beside(bench, peer, async () => ask(await rust(), [peer.crate, ...args]));
  await beside(bench, GO, async () => ask(await go(), args));
}

/** Another's rounds, and the floor before and after them. */
async function beside(
  { floor, book }: Bench,
  peer: { readonly name: string; readonly reports: string; readonly install: string },
  run: () => Promise<Outcome<{ rounds: number[] }>>,
): Promise<void> {
  const least: number[] = [];
  const look = async () => {
    for (let i = 0; i < ROUNDS; i++) least.push(await floor.round(FILES));
  };
  await look();
  const outcome = await run();
  await look();
  const { median } = spread(least);
  book.usages.push({
    library: peer.name,
    reports: peer.reports,
    install: peer.install,
    outcome: outcome.ok
      ? {
          ok: true,
          value: {
            time: spread(outcome.value.rounds),
            ratio: spread(outcome.value.rounds.map((each) => each / median)),
          },
        }
      : outcome,
  });
}

async function scan(client: Client): Promise<number> {
  return (await client.scan({ fields: USAGE })).length;
}

function ask(program: string | undefined, args: readonly string[]): Promise<Outcome<{ rounds: number[] }>> {
  if (program === undefined) return Promise.resolve({ ok: false, why: 'not installed' });
  return answerOf(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
}

const ROUNDS = 5;
const NODE_PEERS: ReadonlySet<string> = new Set(['ps-list', 'systeminformation']);
