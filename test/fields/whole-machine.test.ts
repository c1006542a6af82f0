import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Client, createClient, type Field, type ProcessRow, type SchedulerPolicy } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { lsof } from '../processes/descriptors.js';
import { Oddities } from '../processes/oddities.js';
import { commOf, stateOf } from '../processes/proc.js';
import { psutilOfEach } from '../processes/psutil.js';
import { threadsOf } from '../processes/scheduling.js';

/**
 * Every process of the machine, by each source of a scan, beside what ps, lsof and psutil report of it. A scan before theirs and one
 * after it say which values stood still meanwhile; only these are compared.
 */

let oddities: Oddities;
beforeAll(async () => {
  oddities = await Oddities.start();
});
afterAll(() => oddities[Symbol.dispose]());

type Row = ProcessRow;
/** Values as another program reports them, by its own names. */
type Reported = Readonly<Record<string, unknown>>;

/** Another program: what it reports of each of some processes, and the same of a row of ours. */
interface Other {
  readonly fields: readonly Field[];
  readonly ours: Readonly<Record<string, (row: Row) => unknown>>;
  readonly report: (pids: readonly number[]) => ReadonlyMap<number, Reported>;
}

/** A value of ours that the other has no word for. */
const INCOMPARABLE = Symbol('incomparable');

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** The policies for which ps prints a nice value: for `idle` it prints none, though the kernel uses it. */
const HAVE_NICE = new Set<SchedulerPolicy | undefined>(['other', 'batch']);

const PS: Other = {
  fields: [
    ...(['ppid', 'pgid', 'sid', 'uids', 'gids', 'threads', 'nice', 'processor', 'terminal', 'memory'] as const),
    ...(['cpuTimes', 'pageFaults', 'scheduler', 'sigmasks'] as const),
  ],
  report: ps,
  ours: {
    ppid: ({ ppid }) => String(ppid),
    pgid: ({ pgid }) => String(pgid),
    sid: ({ sid }) => String(sid),
    ruid: ({ uids }) => String(uids?.real),
    euid: ({ uids }) => String(uids?.effective),
    suid: ({ uids }) => String(uids?.saved),
    rgid: ({ gids }) => String(gids?.real),
    egid: ({ gids }) => String(gids?.effective),
    nlwp: ({ threads }) => String(threads),
    ni: ({ nice, scheduler }) => (HAVE_NICE.has(scheduler?.policy) ? String(nice) : '-'),
    psr: ({ processor }) => String(processor),
    tty: ({ terminal }) => terminal?.slice('/dev/'.length) ?? '?',
    rss: ({ memory }) => String((memory?.rss ?? 0) / 1024),
    vsz: ({ memory }) => String((memory?.vms ?? 0) / 1024),
    cputimes: ({ cpuTimes }) => String(seconds((cpuTimes?.user ?? 0) + (cpuTimes?.system ?? 0))),
    min_flt: ({ pageFaults }) => String(pageFaults?.minor),
    maj_flt: ({ pageFaults }) => String(pageFaults?.major),
    // Of the other policies without priorities ps prints 0.
    rtprio: ({ scheduler }) => (scheduler?.policy === 'other' ? '-' : String(scheduler?.priority)),
    blocked: ({ sigmasks }) => sigmasks?.blocked?.mask.toString(16).padStart(16, '0'),
    ignored: ({ sigmasks }) => sigmasks?.ignored?.mask.toString(16).padStart(16, '0'),
    caught: ({ sigmasks }) => sigmasks?.caught?.mask.toString(16).padStart(16, '0'),
  },
};

function ps(): ReadonlyMap<number, Reported> {
  const columns = Object.keys(PS.ours);
  const args = ['-e', '-o', 'pid=', ...columns.flatMap((column) => ['-o', `${column}:20=`])];
  const lines = execFileSync('ps', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const [pid, ...values] = line.trim().split(/\s+/);
      return [Number(pid), Object.fromEntries(columns.map((column, i) => [column, values[i]]))];
    }),
  );
}

/** The classes of psutil.IOPRIO_CLASS_*, in the order of their numbers. */
const CLASSES = ['none', 'realtime', 'best-effort', 'idle'];
const NAME_LENGTH = 15;

const PSUTIL: Other = {
  fields: [
    ...(['name', 'ppid', 'uids', 'gids', 'threads', 'cmdline', 'cwd', 'exe', 'environ', 'terminal', 'nice'] as const),
    ...(['ioPriority', 'affinity', 'processor', 'fdCount', 'contextSwitches', 'io', 'memory', 'startTime'] as const),
    ...(['threadList', 'username'] as const),
  ],
  report: (pids) => psutilOfEach(pids, Object.keys(PSUTIL.ours)),
  ours: {
    // psutil completes a longer name from the command line.
    name: ({ name }) => name?.slice(0, NAME_LENGTH),
    ppid: ({ ppid }) => ppid,
    uids: ({ uids }) => [uids?.real, uids?.effective, uids?.saved],
    gids: ({ gids }) => [gids?.real, gids?.effective, gids?.saved],
    num_threads: ({ threads }) => threads,
    // Of a process that has written a title over its arguments, psutil has empty ones behind it, or splits it at spaces.
    cmdline: ({ cmdline }) => cmdline?.join(' ').trimEnd(),
    cwd: ({ cwd }) => cwd,
    exe: ({ exe }) => exe ?? '',
    environ: ({ environ }) => environ,
    terminal: ({ terminal }) => terminal,
    nice: ({ nice }) => nice,
    ionice: ({ ioPriority }) => [CLASSES.indexOf(ioPriority?.class ?? ''), ioPriority?.level],
    cpu_affinity: ({ affinity }) => affinity,
    cpu_num: ({ processor }) => processor,
    // None of a zombie, for psutil.
    num_fds: ({ fdCount }) => fdCount ?? 0,
    num_ctx_switches: ({ contextSwitches }) => [contextSwitches?.voluntary, contextSwitches?.involuntary],
    io_counters: ({ io }) => [io?.reads, io?.writes, io?.readBytes, io?.writeBytes, io?.readChars, io?.writeChars],
    memory_info: ({ memory }) => [memory?.rss, memory?.vms, memory?.shared, memory?.text],
    create_time: ({ startTime }) => startTime,
    threads: ({ threadList }) => threadList?.map(({ tid }) => tid).toSorted((a, b) => a - b),
    // psutil reports the real user.
    username: ({ username, uids }) => (uids?.real === uids?.effective ? username : INCOMPARABLE),
  },
};

const LSOF: Other = {
  fields: ['fds'],
  report: (pids) => new Map(pids.map((pid) => [pid, listed(pid)])),
  ours: {
    files: ({ fds }) => fds?.filter(({ kind }) => kind === 'file').map(({ fd, inode }) => [fd, inode]),
    all: ({ fds }) => fds?.map(({ fd }) => fd),
  },
};

/** Nothing of a process that has ended or is a zombie, and of one with a parenthesis in its name, which lsof may not find. */
function listed(pid: number): Reported {
  if (commOf(pid)?.includes('(')) return {};
  const hasEnded = () => !existsSync(`/proc/${pid}/exe`);
  let descriptors: ReturnType<typeof lsof> = [];
  try {
    if (!hasEnded()) descriptors = lsof(pid);
  } catch (error) {
    // lsof fails if it has ended since.
    if (!hasEnded()) throw error;
  }
  if (descriptors.length === 0) return {};
  const files = descriptors.filter(({ type }) => type === 'REG').map(({ fd, inode }) => [fd, inode]);
  return { files, all: descriptors.map(({ fd }) => fd) };
}

const OTHERS: readonly [string, Other, [boolean, string]][] = [
  ['ps', PS, [false, '']],
  ['psutil', PSUTIL, lacking.psutil],
  ['lsof', LSOF, lacking.lsof],
];

describe.each(['procfs', 'auto'] as const)('of every process of the machine a scan by %s', (source) => {
  test.for(OTHERS)('returns what %s reports', async ([, other, reason], { skip }) => {
    skip(...reason);
    await using client = createClient({ source, threads: 1 });
    if (source === 'auto') skip(!client.supports('bpf'), 'BPF is not available here');
    let lasting: string[] | undefined;
    let most = 0;
    let ofOdd = 0;
    for (let round = 0; round < ROUNDS && lasting?.length !== 0; round++) {
      if (round > 0) await pause(50);
      const { differing, compared, odd } = await compare(client, other);
      most = Math.max(most, compared);
      ofOdd = Math.max(ofOdd, odd);
      // What has changed, and changed back, does not do so each time.
      lasting = lasting === undefined ? differing : lasting.filter((each) => differing.includes(each));
    }
    expect(lasting).toEqual([]);
    expect(most).toBeGreaterThan(LEAST);
    expect(ofOdd).toBeGreaterThan(oddities.pids.length / 2);
  });
});

/** How often what differs is read again. */
const ROUNDS = 8;
/** Processes that are compared at the most: lsof takes hundredths of a second for each. */
const MOST = 1000;
/** Values that are compared at the least. */
const LEAST = 20;
/** Processes of another test, whose command lines cannot be read: psutil and lsof hang on them. */
const HUNG = 'hung';

/**
 * What the other reports differently, as `12 rss: "8", "4"`, how many values were compared, and of how many odd
 * processes. Not of this process and of those that it starts, but for the odd ones: their descriptors and signals change
 * because it starts the other.
 */
async function compare(client: Client, { fields, ours, report }: Other) {
  const scan = () => client.scan({ fields: ['name', 'ppid', 'startTime', ...fields] });
  const before = await scan();
  const odd = new Set(oddities.pids);
  const isOurs = ({ pid, ppid }: Row) => pid === process.pid || (ppid === process.pid && !odd.has(pid));
  const others = before.filter((row) => !isOurs(row) && row.name !== HUNG);
  const reported = report(others.slice(0, MOST).map(({ pid }) => pid));
  const after = await scan();
  const differing: string[] = [];
  let compared = 0;
  const withOdd = new Set<number>();
  for (const row of others) {
    const later = after.get(row.pid);
    if (later === undefined || later.startTime !== row.startTime || isLeaderless(row.pid)) continue;
    for (const [name, theirs] of Object.entries(reported.get(row.pid) ?? {})) {
      const value = ours[name]?.(row);
      if (value === INCOMPARABLE || !isDeepStrictEqual(value, ours[name]?.(later))) continue;
      compared++;
      if (odd.has(row.pid)) withOdd.add(row.pid);
      if (isDeepStrictEqual(value, theirs)) continue;
      differing.push(`${row.pid} (${row.name}) ${name}: ${JSON.stringify(value)}, ${JSON.stringify(theirs)}`);
    }
  }
  return { differing, compared, odd: withOdd.size };
}

/** Whether its main thread has ended while others live: ps and psutil report the rest of it. */
function isLeaderless(pid: number): boolean {
  return stateOf(pid) === 'Z' && threadsOf(pid).length > 1;
}
