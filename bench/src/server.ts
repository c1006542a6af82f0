import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { Load, Outcome } from './book.js';
import { answerOf, causeOf, collect, startSubject } from './child.js';
import { LIBRARIES } from './libraries.js';
import { ratio } from './measure.js';

/** A Fastify server under load, while it scans by each library, and while it does not. */
export async function server({ herd, options, book }: Bench): Promise<void> {
  await herd.resize(options.processes);
  const [ours] = LIBRARIES;
  const without: number[] = [];
  const scanning: number[] = [];
  // The two that are compared alternate.
  for (let round = 0; round < options.turns; round++) {
    for (const name of ['', ours?.name ?? '']) {
      const outcome = await load(name, options.seconds);
      if (outcome.ok) (name === '' ? without : scanning).push(outcome.value.requests);
      if (round === 0) book.loads.push({ scanning: name === '' ? 'nothing' : name, outcome });
    }
  }
  book.lines.push({
    what: "Fastify's requests a second while scanning / without scans",
    limit: 0.8,
    unit: 'ratio',
    atLeast: true,
    measured: ratio(scanning, without),
  });
  for (const { name } of LIBRARIES.slice(1, options.quick ? QUICK_PEERS : undefined)) {
    book.loads.push({ scanning: name, outcome: await load(name, options.seconds) });
  }
}

async function load(library: string, seconds: number): Promise<Outcome<Load>> {
  const child = startSubject('server', [library]);
  const texts = collect(child);
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  try {
    const port = await portOf(texts, closed);
    if (port === undefined) {
      const [code, signal] = await closed;
      return texts.output.includes('missing')
        ? { ok: false, why: 'not installed' }
        : { ok: false, why: `dead: ${causeOf(texts.errors, code, signal)}` };
    }
    // Its first requests compile the server.
    await hit(port, 1);
    const found = await hit(port, Math.max(1, seconds));
    const died = child.exitCode !== null || child.signalCode !== null;
    if (died) return { ok: false, why: `dead: ${causeOf(texts.errors, child.exitCode, child.signalCode)}` };
    if (!found.ok) return found;
    child.stdin?.end();
    await closed;
    const { scans } = JSON.parse(texts.output.trim().split('\n').at(-1) ?? '{}') as { scans: number };
    const { requests, latency } = found.value;
    return { ok: true, value: { requests: requests.average, p99: latency.p99, scans } };
  } finally {
    child.kill('SIGKILL');
  }
}

/** The port that the server printed; `undefined` if it ended before. */
async function portOf(texts: { output: string }, closed: Promise<unknown>): Promise<number | undefined> {
  const state = { ended: false };
  const ending = (async () => {
    await closed;
    state.ended = true;
  })();
  while (!state.ended) {
    const line = texts.output.split('\n')[0] ?? '';
    if (texts.output.includes('\n')) return (JSON.parse(line) as { port?: number }).port;
    await Promise.race([ending, sleep(5)]);
  }
  return undefined;
}

function hit(port: number, seconds: number): Promise<Outcome<Shot>> {
  const args = [
    AUTOCANNON,
    '--json',
    '--connections',
    '16',
    '--duration',
    String(seconds),
    `http://127.0.0.1:${port}/`,
  ];
  return answerOf<Shot>(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** The part of autocannon's result that is used here. */
interface Shot {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p99: number };
}

const QUICK_PEERS = 2;
const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');
