import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'psutil-extra';
import { compile } from '../compile.js';
import { Conversation } from '../conversation.js';

/** Of many waits at once. */
export interface Waits {
  readonly count: number;
  /** Bytes of resident memory for each. */
  readonly rss: number;
  /** Threads of this process before and after they began. */
  readonly threads: readonly [number, number];
  /** Microseconds from before SIGKILL until the wait has resolved, or poll(2) has returned, of each process. */
  readonly quiet: Latencies;
  /** The same while the thread that waits scans without pause. */
  readonly scanning: Latencies;
  /** Milliseconds until all that were left have been aborted. */
  readonly aborted: number;
}

export interface Latencies {
  readonly ours: readonly number[];
  readonly poll: readonly number[];
}

/** Waits for so many of the herd's processes, or as many as there are descriptors for, and ends some of them one by one. */
export async function waits(count: number, samples: number): Promise<Waits> {
  await using client = createClient({ threads: 1, source: 'procfs' });
  await using poll = new Conversation(compile('poll'));
  const sleepers = (await client.scan({ fields: ['name'] })).filter(({ name }) => name === 'sleeper');
  const pids = sleepers.map(({ pid }) => pid);
  const others = pids.splice(0, samples * 2);
  const waited = pids.slice(0, Math.min(count, descriptors() - SPARE));
  // The code of a wait and its thread's port are there before memory is looked at.
  const first = await client.process(others[0] as number);
  await first.waitForExit({ signal: AbortSignal.timeout(100) }).catch(() => undefined);
  const processes = [];
  for (const pid of waited) processes.push(await client.process(pid));
  const before = await resident();
  const threadsBefore = threads();
  const aborting = new AbortController();
  const all = processes.map((each) => each.waitForExit({ signal: aborting.signal }));
  const ends = all.map((each) => each.then(() => process.hrtime.bigint()));
  const failed = Promise.all(ends.map((each) => each.catch((error: Error) => error)));
  await sleep(500);
  const rss = ((await resident()) - before) / waited.length;
  const threadsAfter = threads();
  let next = 0;
  const measure = async (): Promise<Latencies> => {
    const found: { ours: number[]; poll: number[] } = { ours: [], poll: [] };
    for (let i = 0; i < samples; i++) {
      await sleep(1 + Math.random() * 2);
      found.poll.push(Number(await poll.ask(String(others.pop()))) / 1000);
      await sleep(1 + Math.random() * 2);
      const at = next++;
      const began = process.hrtime.bigint();
      process.kill(waited[at] as number, 'SIGKILL');
      found.ours.push(Number(((await ends[at]) as bigint) - began) / 1000);
    }
    return found;
  };
  const quiet = await measure();
  const state = { isOver: false };
  const scanning = (async () => {
    while (!state.isOver) await client.scan({ fields: ['umask', 'rlimits'] });
  })();
  const meanwhile = await measure();
  state.isOver = true;
  await scanning;
  const began = performance.now();
  aborting.abort();
  const errors = (await failed).filter((end) => end instanceof Error && end.name !== 'AbortError');
  if (errors.length > 0) throw new Error(`${errors.length} waits have failed: ${errors[0]}`);
  const aborted = performance.now() - began;
  return { count: waited.length, rss, threads: [threadsBefore, threadsAfter], quiet, scanning: meanwhile, aborted };
}

async function resident(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await sleep(50);
  }
  return process.memoryUsage.rss();
}

function threads(): number {
  return Number(/^Threads:\s*(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

function descriptors(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
}

/** Descriptors that are needed for anything else. */
const SPARE = 200;
