// Generated from schema/fields.mjs by schema/generate.mjs.
import type { ListColumn } from './list-column.js';
import type { Limits, ResourceName } from './limits.js';
import type { SignalMasks } from './signal-masks.js';

export type State = 'running' | 'sleeping' | 'disk-sleep' | 'stopped' | 'tracing-stop' | 'zombie' | 'dead' | 'idle' | 'parked';

export interface Ids {
  /** Of the user or group that started it. */
  real: number;
  /** The one that permissions are checked by. */
  effective: number;
  /** The one that it may become again. */
  saved: number;
}

/** {@link Ids} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface IdsColumn {
  /** Of the user or group that started it. */
  real: Float64Array;
  /** The one that permissions are checked by. */
  effective: Float64Array;
  /** The one that it may become again. */
  saved: Float64Array;
}

/**
 * Every field: its name is the method, the scan's column and the snapshot's key; its type is the value. The cost is that of a
 * read: `free`, as any read brings it; `cheap`, one small file or system call a process; `expensive`, more than that;
 * `may block`, behind a lock that another process may hold.
 */
export interface FieldValues {
  /** What the process is called, at most 15 bytes on Linux (63 for kernel threads) and illumos, 19 on FreeBSD, 16 on NetBSD, macOS and DragonFly, 23 on OpenBSD. Bytes that are not UTF-8 become U+FFFD. Cost: cheap. */
  name: string;
  /** PID of the parent; 0 where it has none, or none in this PID namespace. Cost: cheap. */
  ppid: number;
  /** What it is doing. macOS does not distinguish sleeping from running: both are `'running'`. DragonFly finds no zombie by its PID: there, only a scan of every process without `rlimits` shows one. Cost: cheap. */
  state: State;
  /** User ids: getresuid(2). Cost: cheap. */
  uids: Ids;
  /** Group ids: getresgid(2). Cost: cheap. */
  gids: Ids;
  /** Supplementary group ids: getgroups(2). On BSDs and macOS the list begins with the effective group id; macOS reports at most 16 of other processes. Cost: cheap. */
  groups: number[];
  /** File mode creation mask, such as `0o022`: umask(2). A zombie has none (`ZombieProcessError`). Cost: cheap. */
  umask: number;
  /** What it does with signals, of its main thread on Linux: `SigPnd` and the like in proc_pid_status(5). Cost: cheap. */
  sigmasks: SignalMasks;
  /** Process group: getpgid(2). Cost: cheap. */
  pgid: number;
  /** Session: getsid(2). A zombie has none on macOS. Cost: cheap. */
  sid: number;
  /** Number of threads. macOS reports it for processes of one's own user, and to root for all. Cost: cheap. */
  threads: number;
  /** When it began: milliseconds since the epoch, exact to a clock tick (10 ms on Linux and NetBSD, 1 µs elsewhere). Cost: cheap. */
  startTime: number;
  /** Every resource limit: prlimit(2). Only of the caller's own process on macOS; of others on DragonFly where procfs is mounted. Cost: cheap. */
  rlimits: Partial<Record<ResourceName, Limits>>;
}

/**
 * What `table.column()` returns for each field, a value a row in the order of `table.pids`. Units are those of
 * {@link FieldValues}.
 */
export interface Columns {
  /** `null` where it could not be read. */
  name: (string | null)[];
  /** −1 where it could not be read; 0 is no parent, or none in this PID namespace. */
  ppid: Int32Array;
  /** `null` where it could not be read. */
  state: (State | null)[];
  /** User ids: three columns. */
  uids: IdsColumn;
  /** Group ids: three columns. */
  gids: IdsColumn;
  /** Supplementary group ids: lists of different lengths. */
  groups: ListColumn<Uint32Array>;
  /** `0o022` is 18; −1 where it could not be read, as of a zombie. */
  umask: Int32Array;
  /** A column a set. Bit 0 is signal 1; all zero where they could not be read. */
  sigmasks: { [K in keyof SignalMasks]-?: BigUint64Array };
  /** −1 where it could not be read. */
  pgid: Int32Array;
  /** −1 where it could not be read. */
  sid: Int32Array;
  /** −1 where it could not be read. */
  threads: Int32Array;
  /** Milliseconds since the epoch; NaN where it could not be read. */
  startTime: Float64Array;
  /** Two columns for each resource of this platform, in the units of getrlimit(2). `Infinity` is no limit, NaN one that could not be read. */
  rlimits: Partial<Record<ResourceName, { soft: Float64Array; hard: Float64Array }>>;
}
