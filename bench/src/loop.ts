import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'psutil-extra';
import type { Bench } from './bench.js';
import type { Delay, Outcome } from './book.js';
import { askSubject } from './child.js';
import { LIBRARIES } from './libraries.js';
import { quantile, spread } from './measure.js';
import { scan } from './ours.js';
import type { UnderLoop } from './subject/loop.js';

/** What scanning without pause does to everything else: the event loop, and a call made meanwhile. */
export async function loop(bench: Bench): Promise<void> {
  await bench.herd.resize(bench.options.processes);
  await delays(bench);
  await callsMeanwhile(bench);
}

async function delays({ options, book }: Bench): Promise<void> {
  const byProbe: number[] = [];
  const byTimer: number[] = [];
  for (const { name } of LIBRARIES) {
    const ours = name === LIBRARIES[0]?.name;
    // Ours has a limit, so it is measured often enough for a spread.
    for (let round = 0; round < (ours ? options.turns : 1); round++) {
      const outcome = await askSubject<UnderLoop>('loop', [name, options.seconds]);
      if (round === 0) book.delays.push({ library: name, outcome: delayOf(outcome) });
      if (!ours || !outcome.ok) continue;
      const { idle, scanning } = outcome.value;
      byProbe.push(scanning.p99 - idle.p99);
      byTimer.push(scanning.timerP99 - idle.timerP99);
    }
  }
  book.lines.push(
    {
      what: 'event loop delay p99 while scanning without pause, above idle (1 thread), of events from another thread',
      limit: 0.8,
      unit: 'ms',
      measured: spread(byProbe),
    },
    {
      what: 'the same by `monitorEventLoopDelay` (resolution 1)',
      limit: 0.8,
      unit: 'ms',
      measured: spread(byTimer),
    },
  );
}

function delayOf(outcome: Outcome<UnderLoop>): Outcome<Delay> {
  if (!outcome.ok) return outcome;
  const { scanning, scans } = outcome.value;
  return { ok: true, value: { ...scanning, scans } };
}

async function callsMeanwhile({ options, book }: Bench): Promise<void> {
  await using client = createClient({ threads: 1, source: 'procfs' });
  await scan(client);
  const medians: number[] = [];
  const p99s: number[] = [];
  for (let round = 0; round < options.turns; round++) {
    const took = await latencies(client, options.seconds * 1000);
    medians.push(quantile(took, 0.5));
    p99s.push(quantile(took, 0.99));
  }
  book.lines.push({ what: 'one call made during continuous scans, p99', limit: 3, unit: 'ms', measured: spread(p99s) });
  book.absolutes.push({ what: 'one call made during continuous scans, median', unit: 'ms', measured: spread(medians) });
}

/** Milliseconds that each call took, made one after the other with a pause of one or two milliseconds. */
async function latencies(client: ReturnType<typeof createClient>, milliseconds: number): Promise<number[]> {
  const until = performance.now() + milliseconds;
  const took: number[] = [];
  const scanning = (async () => {
    while (performance.now() < until) await scan(client);
  })();
  while (performance.now() < until) {
    await sleep(1);
    const began = performance.now();
    await client.umask(process.pid);
    took.push(performance.now() - began);
  }
  await scanning;
  return took;
}
