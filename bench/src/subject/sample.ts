import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'psutil-extra';
import type { Scanner } from '../libraries.js';
import { type Delays, Probe } from '../probe.js';
import { optionsOf, type Sampled } from '../sampled.js';
import { Missing } from './missing.js';

export interface UnderSampling {
  readonly idle: Delays;
  readonly sampling: Delays;
}

/** The event loop's delay while it idles, and while it samples every 250 ms. */
export async function underSampling(sampled: Sampled, seconds: number): Promise<UnderSampling> {
  await using client = clientOf(sampled);
  const samples = client.sample(optionsOf(sampled, SHORT_MS));
  for (let i = 0; i < WARMING; i++) await samples.next();
  await using probe = new Probe();
  const idle = await probe.during(() => sleep(seconds * 1000));
  const until = performance.now() + seconds * 1000;
  const sampling = await probe.during(async () => {
    while (performance.now() < until) await samples.next();
  });
  return { idle, sampling };
}

/** Samples once a second until it is ended, adds up what a monitor shows, and prints a line after each sample. */
export async function sampleForEver(sampled: Sampled): Promise<never> {
  const client = clientOf(sampled);
  for await (const table of client.sample(optionsOf(sampled, 1000))) {
    const percent = sumOf(table.column('cpuPercent'));
    const resident = sumOf(table.column('memory').rss);
    console.log(`sample ${table.length} ${percent} ${resident}`);
  }
  throw new Error('the samples have ended');
}

/** A function of its own: of a loop in one that never ends, V8 throws the code away and makes it again. */
function sumOf(numbers: Float64Array): number {
  let sum = 0;
  for (const each of numbers) sum += each;
  return sum;
}

/** The same by another library. */
export async function scanForEver(scan: Scanner): Promise<never> {
  for (let due = performance.now(); ; ) {
    console.log(`sample ${await scan()}`);
    due = Math.max(due + 1000, performance.now());
    await sleep(due - performance.now());
  }
}

function clientOf({ source }: Sampled) {
  const client = createClient({ threads: 1, source });
  if (source === 'bpf' && !client.supports('bpf')) throw new Missing(source);
  return client;
}

const SHORT_MS = 250;
const WARMING = 3;
