import { createClient, NoSuchProcessError, type ProcessRow } from 'psutil-extra';
import { expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';

/** By BPF and from files. */
const FIELDS = ['name', 'umask', 'sigmasks', 'rlimits', 'startTime', 'cwd', 'oomScoreAdj'] as const;
/** Also by calls by number, from a folder, and by reads that may block. */
const MORE_FIELDS = [...FIELDS, 'scheduler', 'ioPriority', 'fds', 'cmdline'] as const;
type Row = Partial<Pick<ProcessRow, (typeof MORE_FIELDS)[number]>>;

/** Each mark of the kinds A and B that a row has; two different ones are of two processes. */
function kinds(row: Row): string[] {
  const found: (string | null | undefined)[] = [row.name];
  if (typeof row.umask === 'number') found.push(row.umask === 0o111 ? 'A' : 'B');
  if (row.sigmasks) found.push(row.sigmasks.blocked?.has('SIGUSR1') ? 'A' : 'B');
  if (row.rlimits) found.push(row.rlimits.RLIMIT_RSS?.soft === 1000 ? 'A' : 'B');
  found.push(row.cmdline?.[0]?.[0]);
  if (typeof row.cwd === 'string') found.push(row.cwd === '/' ? 'A' : 'B');
  if (typeof row.oomScoreAdj === 'number') found.push(row.oomScoreAdj === 998 ? 'A' : 'B');
  // A process that is ending has given it back.
  if (row.ioPriority?.class === 'best-effort') found.push(row.ioPriority.level === 5 ? 'A' : 'B');
  if (row.scheduler) found.push(row.scheduler.policy === 'other' ? 'A' : 'B');
  const file = row.fds?.find(({ fd }) => fd === 9);
  if (file !== undefined) found.push(file.path === '/dev/null' ? 'A' : 'B');
  return [...new Set(found.filter((kind) => typeof kind === 'string'))];
}

test.for([
  ['a snapshot', { snapshot: true }],
  ['a scan of its PID', {}],
  ['a snapshot of another procRoot', { snapshot: true, procRoot: '/proc/self/root/proc' }],
  ['a scan of every process', { every: true }],
  ['a scan of every process by BPF, if it is available', { every: true, source: 'auto' }],
] as const)('while a PID is given out again and again, no row of %s mixes two processes', async ([, how], { skip }) => {
  skip(...lacking.reuseOfPid);
  using reused = new Compiled('reused.c');
  const pid = Number(await reused.line('churn'));
  await using client = createClient({
    threads: 2,
    source: 'source' in how ? how.source : 'procfs',
    ...('procRoot' in how && { procRoot: how.procRoot }),
  });
  const rows: Row[] = [];
  // A scan of a busy machine takes long, and often comes between two of them.
  const enough = 'every' in how ? 20 : 100;
  for (const until = performance.now() + 1500; performance.now() < until || rows.length < enough; ) {
    const read = Array.from({ length: 4 }, async () => {
      if ('snapshot' in how) return client.snapshot(pid, { fields: MORE_FIELDS });
      if ('every' in how) return (await client.scan({ fields: FIELDS })).get(pid);
      return (await client.scan({ fields: MORE_FIELDS, pids: [pid] })).get(pid);
    });
    for (const settled of await Promise.allSettled(read)) {
      if (settled.status === 'fulfilled' && settled.value !== undefined) rows.push(settled.value);
      if (settled.status === 'rejected') expect(settled.reason).toBeInstanceOf(NoSuchProcessError);
    }
  }
  expect(reused.running).toBe(true);
  expect(rows.filter((row) => kinds(row).length > 1).map(kinds)).toEqual([]);
  // It has read both, so that they could have been mixed.
  expect(new Set(rows.flatMap(kinds))).toEqual(new Set(['A', 'B']));
});
