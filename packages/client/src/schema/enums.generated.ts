// Generated from schema/fields.mjs by schema/generate.mjs.
export type State = 'running' | 'sleeping' | 'disk-sleep' | 'stopped' | 'tracing-stop' | 'zombie' | 'dead' | 'idle' | 'parked';
export type FdKind = 'file' | 'directory' | 'socket' | 'pipe' | 'char' | 'block' | 'symlink' | 'anon';
export type ConnectionFamily = 'inet' | 'inet6' | 'unix';
export type ConnectionType = 'stream' | 'dgram' | 'seqpacket' | 'raw';
export type ConnectionState = 'established' | 'syn-sent' | 'syn-recv' | 'fin-wait1' | 'fin-wait2' | 'time-wait' | 'close' | 'close-wait' | 'last-ack' | 'listen' | 'closing';
export type IoClass = 'none' | 'realtime' | 'best-effort' | 'idle';
export type SchedulerPolicy = 'other' | 'fifo' | 'rr' | 'batch' | 'idle' | 'deadline' | 'ext';
export type Seccomp = 'disabled' | 'strict' | 'filter';
