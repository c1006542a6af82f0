import { createClient, type Field } from 'psutil-extra';
import type { Bench } from './bench.js';
import { interleave, microseconds, ratio, spread, sum } from './measure.js';
import { scan } from './ours.js';

/** What a record of the larger BPF program has, without and with what takes a look into the process. */
const USAGE: readonly Field[] = [
  ...(['name', 'ppid', 'state', 'uids', 'gids', 'groups', 'umask', 'sigmasks', 'pgid', 'sid', 'threads'] as const),
  ...(['startTime', 'rlimits', 'username', 'cpuTimes', 'memory', 'pageFaults', 'contextSwitches', 'io'] as const),
  ...(['nice', 'scheduler', 'processor', 'terminal', 'oomScoreAdj', 'capabilities', 'seccomp', 'noNewPrivs'] as const),
];
const EVERYTHING: readonly Field[] = [...USAGE, 'namespaces'];
/** A field that only files have. */
const OF_FILES: readonly Field[] = ['cgroup'];
/** What its table of processes shows. */
const TOP: readonly Field[] = ['name', 'username', 'cpuTimes', 'memory', 'state', 'startTime'];

/** Scans by BPF of every field that it brings, beside the C floor that reads the same from files. */
export async function bpf({ herd, floor, options, book }: Bench): Promise<void> {
  await using client = createClient({ threads: 1, source: 'bpf' });
  if (!client.supports('bpf')) {
    console.error('The source bpf is not measured: it is not available here (see docs/bpf.md).');
    return;
  }
  await herd.resize(options.processes);
  await using files = createClient({ threads: 1, source: 'procfs' });
  const scanOf =
    (fields: readonly Field[], by = client) =>
    () =>
      microseconds(async () => (await by.scan({ fields })).length);
  const rounds = await interleave(
    {
      floor: () => floor.round('status limits stat statm io oom_score_adj namespaces'),
      everything: scanOf(EVERYTHING),
      usageFloor: () => floor.round('status limits stat statm io oom_score_adj'),
      usage: scanOf(USAGE),
      top: scanOf(TOP),
      merged: scanOf([...TOP, ...OF_FILES]),
      ofFiles: scanOf(OF_FILES, files),
      basicFloor: () => floor.round(),
      basic: () => microseconds(() => scan(client)),
    },
    options.rounds,
  );
  book.lines.push(
    {
      what: 'scan of every field that BPF has / C floor that reads the same from files',
      limit: 0.12,
      unit: 'ratio',
      measured: ratio(rounds.everything, rounds.floor),
    },
    {
      what: 'scan by BPF of name, username, cpuTimes, memory, state, startTime and, from a file, cgroup / both apart',
      limit: 1.1,
      unit: 'ratio',
      measured: ratio(rounds.merged, sum(rounds.top, rounds.ofFiles)),
    },
    {
      what: 'scan of the fields of the smaller BPF program, in turn with the larger / C floor',
      limit: 0.15,
      unit: 'ratio',
      measured: ratio(rounds.basic, rounds.basicFloor),
    },
  );
  const unit = 'µs a process';
  book.absolutes.push(
    {
      what: 'C floor: list, `status`, 16 × prlimit64, `stat`, `statm`, `io`, `oom_score_adj`, `ns/`',
      unit,
      measured: spread(rounds.floor),
    },
    {
      what: 'the same scan without namespaces / C floor without them',
      unit: 'of the time',
      measured: ratio(rounds.usage, rounds.usageFloor),
    },
    { what: 'scan of every field that BPF has, 1 thread', unit, measured: spread(rounds.everything) },
    { what: 'scan by BPF of name, username, cpuTimes, memory, state, startTime', unit, measured: spread(rounds.top) },
  );
}
