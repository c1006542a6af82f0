import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time that these programs have used, all of their threads, as the scheduler counts. */
export function processorTimeOf(pids: readonly number[]): number {
  let nanoseconds = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return nanoseconds / 1e6;
}
