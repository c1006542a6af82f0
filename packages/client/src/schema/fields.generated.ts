// Generated from schema/fields.mjs by schema/generate.mjs.
import type { FdKind, IoClass, SchedulerPolicy, Seccomp, State } from './enums.generated.js';
import type { Capabilities } from './capability-set.js';
import type { Connection } from './connections.js';
import type { ListColumn } from './list-column.js';
import type { Limits, ResourceName } from './limits.js';
import type { MemoryMap } from './memory-maps.js';
import type { SignalMasks } from './signal-masks.js';

export type * from './enums.generated.js';

/** The user ids of a process, or its group ids: credentials(7). */
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

/** The processor time that a process has used, in milliseconds. */
export interface CpuTimes {
  /** In its own code. */
  user: number;
  /** In the kernel. */
  system: number;
  /** Of children that it has waited for, in their own code. */
  childrenUser: number;
  /** Of children that it has waited for, in the kernel. */
  childrenSystem: number;
  /** Waiting for block devices; 0 on Linux where delays are not accounted for. */
  ioWait?: number;
}

/** {@link CpuTimes} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface CpuTimesColumn {
  /** In its own code. */
  user: Float64Array;
  /** In the kernel. */
  system: Float64Array;
  /** Of children that it has waited for, in their own code. */
  childrenUser: Float64Array;
  /** Of children that it has waited for, in the kernel. */
  childrenSystem: Float64Array;
  /** Waiting for block devices; 0 on Linux where delays are not accounted for. */
  ioWait: Float64Array;
}

/** The sizes of the memory of a process, in bytes. */
export interface Memory {
  /** Resident set: pages in memory. */
  rss: number;
  /** Virtual size. */
  vms: number;
  /** Of the resident set, pages of files and of shared memory. */
  shared?: number;
  /** Virtual size of the code. */
  text?: number;
  /** Virtual size of data and stack. */
  data?: number;
}

/** {@link Memory} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface MemoryColumn {
  /** Resident set: pages in memory. */
  rss: Float64Array;
  /** Virtual size. */
  vms: Float64Array;
  /** Of the resident set, pages of files and of shared memory. */
  shared: Float64Array;
  /** Virtual size of the code. */
  text: Float64Array;
  /** Virtual size of data and stack. */
  data: Float64Array;
}

/** The memory of a process by kind, and its peaks, in bytes. */
export interface MemoryDetail {
  /** Largest resident set so far. */
  peakRss?: number;
  /** Largest virtual size so far. */
  peakVms?: number;
  /** Resident pages of no file. */
  anonymous?: number;
  /** Resident pages of files. */
  file?: number;
  /** Resident pages of shared memory and tmpfs. */
  shmem?: number;
  /** Anonymous pages that have been swapped out. */
  swap?: number;
  /** Pages of hugetlb. */
  hugetlb?: number;
  /** Locked by mlock(2). */
  locked?: number;
  /** Pinned: pages that cannot be moved. */
  pinned?: number;
  /** Size of the stack. */
  stack?: number;
  /** Size of shared libraries. */
  library?: number;
  /** Size of the page tables. */
  pageTables?: number;
}

/** {@link MemoryDetail} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface MemoryDetailColumn {
  /** Largest resident set so far. */
  peakRss: Float64Array;
  /** Largest virtual size so far. */
  peakVms: Float64Array;
  /** Resident pages of no file. */
  anonymous: Float64Array;
  /** Resident pages of files. */
  file: Float64Array;
  /** Resident pages of shared memory and tmpfs. */
  shmem: Float64Array;
  /** Anonymous pages that have been swapped out. */
  swap: Float64Array;
  /** Pages of hugetlb. */
  hugetlb: Float64Array;
  /** Locked by mlock(2). */
  locked: Float64Array;
  /** Pinned: pages that cannot be moved. */
  pinned: Float64Array;
  /** Size of the stack. */
  stack: Float64Array;
  /** Size of shared libraries. */
  library: Float64Array;
  /** Size of the page tables. */
  pageTables: Float64Array;
}

/** The memory that a process has alone, and its share of the rest, in bytes. */
export interface MemoryFootprint {
  /** Unique set: what ending the process would free. */
  uss: number;
  /** Proportional set: pages that several processes map are divided among them. */
  pss: number;
  /** Pages that have been swapped out. */
  swap: number;
}

/** {@link MemoryFootprint} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface MemoryFootprintColumn {
  /** Unique set: what ending the process would free. */
  uss: Float64Array;
  /** Proportional set: pages that several processes map are divided among them. */
  pss: Float64Array;
  /** Pages that have been swapped out. */
  swap: Float64Array;
}

/** How often a process has touched a page that was not mapped. */
export interface PageFaults {
  /** Without reading a page from storage. */
  minor: number;
  /** That read a page from storage. */
  major: number;
  /** Minor ones of children that it has waited for. */
  childrenMinor: number;
  /** Major ones of children that it has waited for. */
  childrenMajor: number;
}

/** {@link PageFaults} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface PageFaultsColumn {
  /** Without reading a page from storage. */
  minor: Float64Array;
  /** That read a page from storage. */
  major: Float64Array;
  /** Minor ones of children that it has waited for. */
  childrenMinor: Float64Array;
  /** Major ones of children that it has waited for. */
  childrenMajor: Float64Array;
}

/** How often a process has left a processor. */
export interface ContextSwitches {
  /** Because it waited. */
  voluntary: number;
  /** Because its time was over. */
  involuntary: number;
}

/** {@link ContextSwitches} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface ContextSwitchesColumn {
  /** Because it waited. */
  voluntary: Float64Array;
  /** Because its time was over. */
  involuntary: Float64Array;
}

/** What a process has read and written. */
export interface Io {
  /** Bytes that storage delivered. */
  readBytes: number;
  /** Bytes that were sent to storage. */
  writeBytes: number;
  /** Bytes that read(2) and its like returned. */
  readChars: number;
  /** Bytes that were passed to write(2) and its like. */
  writeChars: number;
  /** Number of reading system calls. */
  reads: number;
  /** Number of writing system calls. */
  writes: number;
  /** Bytes that were never written, because the file was truncated before. */
  cancelledWriteBytes: number;
}

/** {@link Io} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface IoColumn {
  /** Bytes that storage delivered. */
  readBytes: Float64Array;
  /** Bytes that were sent to storage. */
  writeBytes: Float64Array;
  /** Bytes that read(2) and its like returned. */
  readChars: Float64Array;
  /** Bytes that were passed to write(2) and its like. */
  writeChars: Float64Array;
  /** Number of reading system calls. */
  reads: Float64Array;
  /** Number of writing system calls. */
  writes: Float64Array;
  /** Bytes that were never written, because the file was truncated before. */
  cancelledWriteBytes: Float64Array;
}

/** An open descriptor. */
export interface Fd {
  /** Number of the descriptor. */
  fd: number;
  /** What is open. */
  kind: FdKind;
  /** Its path, or the kernel's name for it, such as `'socket:[12345]'`. */
  path: string;
  /** Whether the path is no longer there. */
  deleted: boolean;
  /** Position in the file. */
  position?: number;
  /** Flags of open(2). */
  flags?: number;
  /** Inode number. */
  inode?: number;
}

/** The processor time that a thread has used, in milliseconds. */
export interface ThreadTimes {
  /** Milliseconds in its own code. */
  user: number;
  /** Milliseconds in the kernel. */
  system: number;
}

/** A thread of a process. */
export interface Thread {
  /** Thread id. */
  tid: number;
  /** Name of the thread. */
  name: string;
  /** What it is doing. */
  state: State;
  /** Processor time of the thread. */
  cpuTimes: ThreadTimes;
}

/** The I/O priority of a process: ioprio_set(2). */
export interface IoPriority {
  /** Scheduling class: ioprio_set(2). */
  class: IoClass;
  /** From 0, the highest, to 7; 0 in the classes none and idle. */
  level: number;
}

/** {@link IoPriority} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface IoPriorityColumn {
  /** Scheduling class: ioprio_set(2). */
  class: (IoClass | null)[];
  /** From 0, the highest, to 7; 0 in the classes none and idle. */
  level: Float64Array;
}

/** The scheduling policy of a process: sched(7). */
export interface Scheduler {
  /** Policy: sched(7). */
  policy: SchedulerPolicy;
  /** From 1 to 99 for fifo and rr, otherwise 0. */
  priority: number;
}

/** {@link Scheduler} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface SchedulerColumn {
  /** Policy: sched(7). */
  policy: (SchedulerPolicy | null)[];
  /** From 1 to 99 for fifo and rr, otherwise 0. */
  priority: Float64Array;
}

/** The namespaces of a process by inode number: processes with the same number share one. */
export interface Namespaces {
  /** Of control groups. */
  cgroup?: number;
  /** Of System V IPC and message queues. */
  ipc?: number;
  /** Of mounts. */
  mnt?: number;
  /** Of the network. */
  net?: number;
  /** Of PIDs. */
  pid?: number;
  /** Of clocks. */
  time?: number;
  /** Of users. */
  user?: number;
  /** Of the host name. */
  uts?: number;
}

/** {@link Namespaces} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface NamespacesColumn {
  /** Of control groups. */
  cgroup: Float64Array;
  /** Of System V IPC and message queues. */
  ipc: Float64Array;
  /** Of mounts. */
  mnt: Float64Array;
  /** Of the network. */
  net: Float64Array;
  /** Of PIDs. */
  pid: Float64Array;
  /** Of clocks. */
  time: Float64Array;
  /** Of users. */
  user: Float64Array;
  /** Of the host name. */
  uts: Float64Array;
}

/**
 * Every field: its name is the method, the scan's column and the snapshot's key; its type is the value. The cost is that of a
 * read: `cheap`, one small file or system call a process; `expensive`, more than that;
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
  /** The arguments of the program, its name first; `[]` for kernel threads. A process may overwrite them: what it writes in their place is one argument, without the padding behind it. Cost: may block. */
  cmdline: string[];
  /** Path of the executable, without the kernel's `" (deleted)"`; `null` for kernel threads. Reading it of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  exe: string | null;
  /** Whether the executable has been deleted or replaced since the process began; `null` for kernel threads. Cost: expensive. */
  exeDeleted: boolean | null;
  /** Working directory, without the kernel's `" (deleted)"`. Reading it of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  cwd: string;
  /** The environment as it was when the program was executed; of a name that is there twice, the last value. `{}` for kernel threads. Cost: may block. */
  environ: Record<string, string>;
  /** Name of the effective user: getpwuid_r(3), which may ask a network. The user id as text where it has no name, and in another `procRoot`. Cost: may block. */
  username: string;
  /** Controlling terminal, such as `'/dev/pts/3'`; `null` where there is none. Cost: cheap. */
  terminal: string | null;
  /** Processor time in milliseconds, in steps of a clock tick (10 ms on most systems). Cost: cheap. */
  cpuTimes: CpuTimes;
  /** Memory in bytes. Cost: cheap. */
  memory: Memory;
  /** More of its memory in bytes; `null` for kernel threads. Members that the kernel does not report are absent. Cost: cheap. */
  memoryDetail: MemoryDetail | null;
  /** Memory in bytes by who shares it; `null` for kernel threads. The kernel walks the page tables, which takes milliseconds for large processes. Reading it of another user's process requires CAP_SYS_PTRACE. Cost: may block. */
  memoryFootprint: MemoryFootprint | null;
  /** How many page faults it had. Cost: cheap. */
  pageFaults: PageFaults;
  /** How often another thread ran in its place; of its main thread alone on Linux. Cost: cheap. */
  contextSwitches: ContextSwitches;
  /** Input and output since its start. Reading it of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  io: Io;
  /** Number of open descriptors. Before Linux 6.2, reading it of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  fdCount: number;
  /** Open descriptors by number. `position` and `flags` are always there for files and directories. Reading them of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  fds: Fd[];
  /** Open sockets of the families inet, inet6 and unix. Reading them of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  connections: Connection[];
  /** Its threads. Cost: expensive. */
  threadList: Thread[];
  /** Its mappings by address; `start`, `end` and `offset` are bigints, hexadecimal text in JSON. The kernel walks the page tables. Reading them of another user's process requires CAP_SYS_PTRACE. Cost: may block. */
  memoryMaps: MemoryMap[];
  /** Nice value, from −20, the highest priority, to 19: of its main thread on Linux. Cost: cheap. */
  nice: number;
  /** I/O priority: ioprio_get(2). By PID: `NotSupportedError` in another `procRoot`. Cost: cheap. */
  ioPriority: IoPriority;
  /** Processors on which it may run: sched_getaffinity(2). Cost: cheap. */
  affinity: number[];
  /** Scheduling policy and real-time priority of its main thread: sched(7). Cost: cheap. */
  scheduler: Scheduler;
  /** The processor on which it ran last. Cost: cheap. */
  processor: number;
  /** How likely the kernel is to end it when memory runs out. Cost: cheap. */
  oomScore: number;
  /** What is added to that score, from −1000, never, to 1000. Cost: cheap. */
  oomScoreAdj: number;
  /** Capabilities of its main thread: capabilities(7). Cost: cheap. */
  capabilities: Capabilities;
  /** Whether its system calls are filtered: seccomp(2). Cost: cheap. */
  seccomp: Seccomp;
  /** Whether a program that it executes gets no new privileges: PR_SET_NO_NEW_PRIVS. Cost: cheap. */
  noNewPrivs: boolean;
  /** Inode numbers of its namespaces: namespaces(7). Those that the kernel does not have are absent. Reading them of another user's process requires CAP_SYS_PTRACE. Cost: expensive. */
  namespaces: Namespaces;
  /** Path of its control group in the version 2 hierarchy, or of systemd's on version 1; `null` where there is none. Cost: expensive. */
  cgroup: string | null;
  /** Id of its container, 64 hexadecimal digits, as Docker, containerd, CRI-O and Podman name its control group; `null` outside of a container, and mostly inside of one. Cost: expensive. */
  containerId: string | null;
  /** The user who logged in, whatever the process has become since; `null` where it began without a login. Cost: expensive. */
  loginuid: number | null;
  /** Label that a security module (SELinux, AppArmor, Smack) gives it; `null` without such a module. Cost: expensive. */
  securityLabel: string | null;
  /** The kernel's function in which it waits; `null` where it runs, or the kernel does not say. Cost: expensive. */
  wchan: string | null;
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
  /** Lists of different lengths; empty where they could not be read. */
  cmdline: ListColumn<string[]>;
  /** `null` where it could not be read. */
  exe: (string | null)[];
  /** `null` for kernel threads, and where it could not be read. */
  exeDeleted: (boolean | null)[];
  /** `null` where it could not be read. */
  cwd: (string | null)[];
  /** `null` where it could not be read. */
  environ: (Record<string, string> | null)[];
  /** `null` where it could not be read. */
  username: (string | null)[];
  /** `null` where it could not be read. */
  terminal: (string | null)[];
  /** Processor time in milliseconds, a column for each member. */
  cpuTimes: CpuTimesColumn;
  /** Memory in bytes, a column for each member. */
  memory: MemoryColumn;
  /** Memory in bytes, a column for each member. */
  memoryDetail: MemoryDetailColumn;
  /** Memory in bytes, a column for each member. */
  memoryFootprint: MemoryFootprintColumn;
  /** How many page faults it had. */
  pageFaults: PageFaultsColumn;
  /** How often another thread ran in its place; of its main thread alone on Linux. */
  contextSwitches: ContextSwitchesColumn;
  /** Input and output since its start. Reading it of another user's process requires CAP_SYS_PTRACE. */
  io: IoColumn;
  /** −1 where it could not be read. */
  fdCount: Int32Array;
  /** `null` where they could not be read. */
  fds: (Fd[] | null)[];
  /** `null` where they could not be read. */
  connections: (Connection[] | null)[];
  /** `null` where they could not be read. */
  threadList: (Thread[] | null)[];
  /** `null` where they could not be read. */
  memoryMaps: (MemoryMap[] | null)[];
  /** −1 is also a nice value: `table.validity()` says where one is missing. */
  nice: Int32Array;
  /** I/O priority: ioprio_get(2). By PID: `NotSupportedError` in another `procRoot`. */
  ioPriority: IoPriorityColumn;
  /** Processors on which it may run: lists of different lengths. */
  affinity: ListColumn<Uint32Array>;
  /** Scheduling policy and real-time priority of its main thread: sched(7). */
  scheduler: SchedulerColumn;
  /** −1 where it could not be read. */
  processor: Int32Array;
  /** −1 where it could not be read. */
  oomScore: Int32Array;
  /** −1 is also a value: `table.validity()` says where one is missing. */
  oomScoreAdj: Int32Array;
  /** A column a set. Bit 0 is capability 0; all zero where they could not be read. */
  capabilities: { [K in keyof Capabilities]: BigUint64Array };
  /** `null` where it could not be read. */
  seccomp: (Seccomp | null)[];
  /** `null` where it could not be read. */
  noNewPrivs: (boolean | null)[];
  /** Inode numbers of its namespaces: namespaces(7). Those that the kernel does not have are absent. Reading them of another user's process requires CAP_SYS_PTRACE. */
  namespaces: NamespacesColumn;
  /** `null` where it could not be read. */
  cgroup: (string | null)[];
  /** `null` where it could not be read. */
  containerId: (string | null)[];
  /** NaN where there is none, or it could not be read. */
  loginuid: Float64Array;
  /** `null` where it could not be read. */
  securityLabel: (string | null)[];
  /** `null` where it could not be read. */
  wchan: (string | null)[];
}
