import type { Field, ProcessRow, ProcessTable, SampleTable, SignalMasks, TableField } from 'psutil-extra';
import type { WireRow, WireUse } from './wire.js';

/** Every process at a moment. */
export interface Survey {
  /** When it was done, in milliseconds since the epoch. */
  readonly at: number;
  readonly source: string;
  /** Milliseconds since the reading before, for which processor time was measured; `null` for a single scan. */
  readonly elapsed: number | null;
  readonly rows: readonly WireRow[];
  readonly uses: readonly WireUse[];
}

/** The limits that are shown, in this order. */
export const RESOURCES = [
  'RLIMIT_NOFILE',
  'RLIMIT_NPROC',
  'RLIMIT_CPU',
  'RLIMIT_FSIZE',
  'RLIMIT_DATA',
  'RLIMIT_STACK',
  'RLIMIT_CORE',
  'RLIMIT_AS',
  'RLIMIT_MEMLOCK',
  'RLIMIT_SIGPENDING',
] as const;

/** What a scan reads for a survey. */
export const SCANNED = [
  'name',
  'cmdline',
  'state',
  'ppid',
  'username',
  'uids',
  'umask',
  'threads',
  'pgid',
  'sid',
  'startTime',
  'groups',
  'sigmasks',
  'rlimits',
  'fdCount',
  'memory',
] as const satisfies readonly Field[];

/** What a sample reads for one: how busy a process is takes two readings. */
export const SAMPLED = [...SCANNED, 'cpuPercent'] as const satisfies readonly TableField[];

type Row = ProcessRow<(typeof SCANNED)[number]> & Partial<ProcessRow<'cpuPercent'>>;

/** The survey of a table that has just been read. */
export function survey(table: ProcessTable<(typeof SCANNED)[number]> | SampleTable<(typeof SAMPLED)[number]>): Survey {
  const rows: Row[] = Array.from(table);
  const threadsOf = threadsByUser(rows);
  return {
    at: Date.now(),
    source: table.source,
    elapsed: 'elapsed' in table ? table.elapsed : null,
    rows: rows.map((row) => wireRow(row, threadsOf)),
    uses: rows.map(({ pid, cpuPercent = null, memory }) => [
      pid,
      cpuPercent === null ? null : Math.round(cpuPercent * 10) / 10,
      memory?.rss ?? null,
    ]),
  };
}

function wireRow(row: Row, threadsOf: ReadonlyMap<number, number>): WireRow {
  const { pid, name, cmdline, state, ppid, username, uids, umask, threads } = row;
  const { pgid, sid, startTime, groups, sigmasks, rlimits, fdCount } = row;
  const user = uids?.real;
  // RLIMIT_NPROC counts the threads of a user, and does not bind root.
  const processes = user === undefined || user === 0 ? null : (threadsOf.get(user) ?? null);
  const used = { RLIMIT_NOFILE: fdCount, RLIMIT_NPROC: processes };
  return {
    pid,
    name,
    command: cmdline && shortened(cmdline.join(' ')),
    state,
    ppid,
    user: username,
    umask,
    threads,
    pgid,
    sid,
    began: startTime,
    groups,
    signals: sigmasks && masks(sigmasks),
    limits:
      rlimits &&
      RESOURCES.map((resource) => {
        const { soft, hard } = rlimits[resource] ?? NO_LIMIT;
        // JSON has no Infinity, and makes null of it anyhow.
        return [soft === Infinity ? null : soft, hard === Infinity ? null : hard];
      }),
    files: fdCount,
    near: (['RLIMIT_NOFILE', 'RLIMIT_NPROC'] as const).filter((resource) => {
      const soft = rlimits?.[resource]?.soft;
      const use = used[resource];
      return soft !== undefined && use !== null && use >= soft * NEAR;
    }),
    // The parent of kernel threads is kthreadd, which is PID 2 and has no parent. A new PID namespace has none.
    kernel: (pid === 2 && ppid === 0) || (ppid === 2 && pgid === 0),
  };
}

function masks({ pending, processPending, blocked, ignored, caught }: SignalMasks): string {
  const sent = (pending?.mask ?? 0n) | (processPending?.mask ?? 0n);
  return [sent, blocked?.mask ?? 0n, ignored?.mask ?? 0n, caught?.mask ?? 0n]
    .map((mask) => mask.toString(16))
    .join('.');
}

function threadsByUser(rows: readonly Row[]): Map<number, number> {
  const threads = new Map<number, number>();
  for (const row of rows) {
    if (row.uids === null) continue;
    threads.set(row.uids.real, (threads.get(row.uids.real) ?? 0) + (row.threads ?? 0));
  }
  return threads;
}

/** A command line may have two megabytes, and a line of the page has room for a few hundred characters. */
function shortened(command: string): string {
  return command.length <= MOST_SHOWN ? command : `${command.slice(0, MOST_SHOWN)}…`;
}

const NO_LIMIT = { soft: Infinity, hard: Infinity };
const NEAR = 0.8;
const MOST_SHOWN = 400;
