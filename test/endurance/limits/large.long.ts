import { createInterface } from 'node:readline';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { Spawned } from '../../processes/spawned.js';
import { Churn } from '../churn/churn.js';
import { report } from '../scale.js';

test.each(['procfs', 'bpf'] as const)('25,000 processes are each in a scan by %s, once and right', async (source) => {
  await using client = createClient({ threads: 1, source });
  if (source === 'bpf') expect(client.supports('bpf'), 'BPF is permitted here').toBe(true);
  using herd = await Churn.start(25_000, 0);
  expect(herd.standing).toHaveLength(25_000);
  const began = performance.now();
  const table = await client.scan({ fields: ['name', 'umask', 'rlimits', 'ppid'] });
  const took = performance.now() - began;
  for (const pid of herd.standing) {
    const row = table.get(pid);
    expect(row?.name).toBe(`s${pid}`);
    expect(row?.umask).toBe(pid & 0o777);
    expect(row?.ppid).toBe(herd.pid);
    expect(row?.rlimits?.RLIMIT_RSS?.soft).toBe(pid);
  }
  expect(new Set(table.pids).size).toBe(table.length);
  const umasks = await Promise.all(herd.standing.map((pid) => client.umask(pid)));
  expect(umasks).toEqual(herd.standing.map((pid) => pid & 0o777));
  report(`${source}: ${table.length} processes in ${took.toFixed(0)} ms, and 25,000 calls at once`);
  await herd.end();
});

const CROWD = `import os, sys
os.setgroups(range(65536))
for i in range(100):
    pid = os.fork()
    if pid == 0:
        sys.stdin.read()
        os._exit(0)
    print(pid, flush=True)
sys.stdin.read()`;

/** Whether these are all of them. Twenty million numbers, one by one through expect(), would take minutes. */
function areAll(groups: number[] | null | undefined): boolean {
  return groups?.length === 65_536 && groups.every((id, i) => id === i);
}

test('65,536 groups in each of a hundred processes at once are all returned', async () => {
  expect(...lacking.root).toBe(false);
  using crowd = new Spawned(['python3', '-c', CROWD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const pids: number[] = [];
  if (crowd.child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: crowd.child.stdout })) if (pids.push(Number(line)) === 100) break;
  await using client = createClient({ threads: 2 });
  for (const groups of await Promise.all(pids.map((pid) => client.groups(pid)))) expect(areAll(groups)).toBe(true);
  for (const source of ['procfs', 'bpf'] as const) {
    await using scanning = createClient({ threads: 2, source });
    const table = await scanning.scan({ fields: ['groups'] });
    for (const pid of pids) expect(areAll(table.get(pid)?.groups), source).toBe(true);
    const { offsets } = table.column('groups');
    expect(offsets.at(-1)).toBeGreaterThanOrEqual(6_553_600);
  }
  report('65,536 groups in 100 processes: by calls, procfs and BPF');
});

test('a million calls at once are all answered', async () => {
  await using client = createClient({ threads: 2 });
  const began = performance.now();
  const calls = Array.from({ length: 1_000_000 }, (_, i) => client.pgid(i % 3 === 0 ? process.pid : 1));
  const answers = await Promise.all(calls);
  const own = answers[0];
  expect(answers.every((pgid, i) => i % 3 !== 0 || pgid === own)).toBe(true);
  expect(client.stats().pending).toBe(0);
  report(`1,000,000 calls at once in ${(performance.now() - began).toFixed(0)} ms`);
});
