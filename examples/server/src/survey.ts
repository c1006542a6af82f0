import type { Client, Field, ProcessRow, SignalMasks } from 'psutil-extra';
import type { OpenFiles } from './open-files.js';
import type { WireRow } from './wire.js';

/** Every process at a moment. */
export interface Survey {
  /** When it was done, in milliseconds since the epoch. */
  readonly at: number;
  /** What the scan took, in milliseconds. */
  readonly took: number;
  readonly source: string;
  readonly rows: readonly WireRow[];
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

const FIELDS = [
  'name',
  'state',
  'ppid',
  'uids',
  'umask',
  'threads',
  'pgid',
  'sid',
  'startTime',
  'groups',
  'sigmasks',
  'rlimits',
] as const satisfies readonly Field[];

type Row = ProcessRow<(typeof FIELDS)[number]>;

/** Reads every process once, and counts open files. */
export async function survey(client: Client, openFiles: OpenFiles): Promise<Survey> {
  const from = performance.now();
  const table = await client.scan({ fields: FIELDS });
  const took = performance.now() - from;
  await openFiles.refresh(new Map(Array.from(table, ({ pid, startTime }) => [pid, startTime])));
  const threadsOf = threadsByUser(table);
  return {
    at: Date.now(),
    took,
    source: table.source,
    rows: Array.from(table, (row) => wireRow(row, openFiles.of(row.pid, row.startTime), threadsOf)),
  };
}

function wireRow(row: Row, files: number | null, threadsOf: ReadonlyMap<number, number>): WireRow {
  const { pid, name, state, ppid, uids, umask, threads, pgid, sid, startTime, groups, sigmasks, rlimits } = row;
  const user = uids?.real;
  // RLIMIT_NPROC counts the threads of a user, and does not bind root.
  const processes = user === undefined || user === 0 ? null : (threadsOf.get(user) ?? null);
  const used = { RLIMIT_NOFILE: files, RLIMIT_NPROC: processes };
  return {
    pid,
    name,
    state,
    ppid,
    user: uids?.effective ?? null,
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
    files,
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

function threadsByUser(rows: Iterable<Row>): Map<number, number> {
  const threads = new Map<number, number>();
  for (const row of rows) {
    if (row.uids === null) continue;
    threads.set(row.uids.real, (threads.get(row.uids.real) ?? 0) + (row.threads ?? 0));
  }
  return threads;
}

const NO_LIMIT = { soft: Infinity, hard: Infinity };
const NEAR = 0.8;
