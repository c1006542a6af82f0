import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { createClient } from 'psutil-extra';
import { BareThread } from '../bare.js';

/** Until the first answer, with all that is started for it. */
export interface First {
  readonly milliseconds: number;
  /** Resident memory beyond what the program had before, in megabytes. */
  readonly rss: number;
  /** Threads that were started. */
  readonly threads: number;
}

/** A client's first call where so many processors are visible, or the first message to a bare thread. */
export async function first(who: 'ours' | 'bare', processors: number): Promise<First> {
  os.availableParallelism = () => processors;
  syncBuiltinESMExports();
  let threads = 0;
  process.on('worker', () => threads++);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const began = performance.now();
  await using asked = who === 'ours' ? createClient() : new BareThread();
  await (asked instanceof BareThread ? asked.roundTrip() : asked.umask(process.pid));
  const milliseconds = performance.now() - began;
  return { milliseconds, rss: (process.memoryUsage.rss() - before) / 1e6, threads };
}
