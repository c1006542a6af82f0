import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';

/** The nice value of each thread of this program: field 19 of proc_pid_stat(5). */
function niceOfThreads(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19 - 3]);
  });
}

test('threads that read processes have the priority of the program', async () => {
  const before = getPriority();
  await using client = createClient({ threads: 2 });
  await client.scan();
  expect(new Set(niceOfThreads())).toEqual(new Set([before]));
});
