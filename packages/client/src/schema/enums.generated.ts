// Generated from schema/fields.mjs by schema/generate.mjs.
/** What a process is doing. */
export type State = 'running' | 'sleeping' | 'disk-sleep' | 'stopped' | 'tracing-stop' | 'zombie' | 'dead' | 'idle' | 'parked';
/** What a descriptor is of; `anon` is something without a file, such as an epoll instance. */
export type FdKind = 'file' | 'directory' | 'socket' | 'pipe' | 'char' | 'block' | 'symlink' | 'anon';
/** The address family of a socket: IPv4, IPv6, or within the machine. */
export type ConnectionFamily = 'inet' | 'inet6' | 'unix';
/** The type of a socket: socket(2). */
export type ConnectionType = 'stream' | 'dgram' | 'seqpacket' | 'raw';
/** The state of a TCP socket: tcp(7). */
export type ConnectionState = 'established' | 'syn-sent' | 'syn-recv' | 'fin-wait1' | 'fin-wait2' | 'time-wait' | 'close' | 'close-wait' | 'last-ack' | 'listen' | 'closing';
/** A class of I/O priority: ioprio_set(2). */
export type IoClass = 'none' | 'realtime' | 'best-effort' | 'idle';
/** A scheduling policy: sched(7). */
export type SchedulerPolicy = 'other' | 'fifo' | 'rr' | 'batch' | 'idle' | 'deadline' | 'ext';
/** Whether a process may make any system call, only four, or those that a filter lets pass: seccomp(2). */
export type Seccomp = 'disabled' | 'strict' | 'filter';
