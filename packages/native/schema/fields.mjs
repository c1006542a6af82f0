// The definition of every field: its one row. `npm run generate` makes of it the C++ table, the TypeScript tables and
// types, and the tables of the documents. The order is a field's position in sets and frames: new rows go last.
//
//   name      the method, the column of a scan, the key of a snapshot
//   type      how it is stored and sent, see types.mjs
//   view      what the client makes of it where that is not the type's own value
//   format    'mode' (octal), how the command writes it where the type does not say it
//   cost      'free' (any read brings it), 'cheap', 'expensive', or 'may block' (behind another process's lock)
//   nullable  whether null is a value: the process has none
//   value     the TypeScript type, and `column` that of its column, where the type does not say it
//   doc       its documentation, with units; `columnDoc` of its column, `readme` in the README's table
//   linux     `sources` has it, see linux-sources.mjs; `doc` says where it stands there, in the README's table
import { enumeration, f64, i32, list, struct, text, u32, u64 } from './types.mjs';

const state = enumeration('State', [
  'running',
  'sleeping',
  'disk-sleep',
  'stopped',
  'tracing-stop',
  'zombie',
  'dead',
  'idle',
  'parked',
]);

const ids = struct('Ids', {
  real: [u32, 'Of the user or group that started it.'],
  effective: [u32, 'The one that permissions are checked by.'],
  saved: [u32, 'The one that it may become again.'],
});

export const fields = [
  {
    name: 'name',
    type: text,
    cost: 'cheap',
    doc: 'What the process is called, at most 15 bytes on Linux (63 for kernel threads) and illumos, 19 on FreeBSD, 16 on NetBSD, macOS and DragonFly, 23 on OpenBSD. Bytes that are not UTF-8 become U+FFFD.',
    readme: '`string`: at most 15 bytes, 63 for kernel threads; bytes that are not UTF-8 become U+FFFD',
    linux: { sources: ['status', 'stat', 'bpf'], doc: '`Name` in `/proc/PID/status`, `stat`' },
  },
  {
    name: 'ppid',
    type: i32,
    cost: 'cheap',
    doc: 'PID of the parent; 0 where it has none, or none in this PID namespace.',
    columnDoc: '−1 where it could not be read; 0 is no parent, or none in this PID namespace.',
    readme: '`number`: PID of the parent, 0 for none',
    linux: { sources: ['status', 'stat', 'bpf'], doc: '`PPid` in `status`, `stat`' },
  },
  {
    name: 'state',
    type: state,
    cost: 'cheap',
    doc: "What it is doing. macOS does not distinguish sleeping from running: both are `'running'`. DragonFly finds no zombie by its PID: there, only a scan of every process without `rlimits` shows one.",
    readme: `${state.values
      .map((value) => `\`'${value}'\``)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1')}`,
    linux: { sources: ['status', 'stat', 'bpf'], doc: '`State` in `status`, `stat`' },
  },
  {
    name: 'uids',
    type: ids,
    cost: 'cheap',
    doc: 'User ids: getresuid(2).',
    columnDoc: 'User ids: three columns.',
    readme: '`{ real, effective, saved }`: user ids',
    linux: { sources: ['status', 'bpf'], doc: '`Uid` in `status`' },
  },
  {
    name: 'gids',
    type: ids,
    cost: 'cheap',
    doc: 'Group ids: getresgid(2).',
    columnDoc: 'Group ids: three columns.',
    readme: '`{ real, effective, saved }`: group ids',
    linux: { sources: ['status', 'bpf'], doc: '`Gid` in `status`' },
  },
  {
    name: 'groups',
    type: list(u32),
    cost: 'cheap',
    doc: 'Supplementary group ids: getgroups(2). On BSDs and macOS the list begins with the effective group id; macOS reports at most 16 of other processes.',
    columnDoc: 'Supplementary group ids: lists of different lengths.',
    readme: '`number[]`: supplementary group ids',
    linux: { sources: ['status', 'bpf'], doc: '`Groups` in `status`' },
  },
  {
    name: 'umask',
    type: i32,
    format: 'mode',
    cost: 'cheap',
    doc: 'File mode creation mask, such as `0o022`: umask(2). A zombie has none (`ZombieProcessError`).',
    columnDoc: '`0o022` is 18; −1 where it could not be read, as of a zombie.',
    readme: '`number`: mode bits, such as `0o022`',
    linux: { sources: ['status', 'bpf'], doc: '`Umask` in `status` (kernel 4.7 or newer)' },
  },
  {
    name: 'sigmasks',
    // A word whose bits say which of the five sets follow, then two words for each.
    type: list(u64),
    view: 'signalMasks',
    value: 'SignalMasks',
    column: '{ [K in keyof SignalMasks]-?: BigUint64Array }',
    cost: 'cheap',
    doc: 'What it does with signals, of its main thread on Linux: `SigPnd` and the like in proc_pid_status(5).',
    columnDoc: 'A column a set. Bit 0 is signal 1; all zero where they could not be read.',
    readme: '`SignalMasks`: `{ pending, blocked, ignored, caught, processPending }`',
    linux: { sources: ['status', 'bpf'], doc: '`SigPnd`, `SigBlk`, `SigIgn`, `SigCgt`, `ShdPnd` in `status`' },
  },
  {
    name: 'pgid',
    type: i32,
    cost: 'cheap',
    doc: 'Process group: getpgid(2).',
    readme: '`number`: process group',
    linux: { sources: ['status', 'stat', 'getpgid', 'bpf'], doc: '`getpgid`, `NSpgid` in `status`' },
  },
  {
    name: 'sid',
    type: i32,
    cost: 'cheap',
    doc: 'Session: getsid(2). A zombie has none on macOS.',
    readme: '`number`: session',
    linux: { sources: ['status', 'stat', 'getsid', 'bpf'], doc: '`getsid`, `NSsid` in `status`' },
  },
  {
    name: 'threads',
    type: i32,
    cost: 'cheap',
    doc: "Number of threads. macOS reports it for processes of one's own user, and to root for all.",
    readme: '`number`: how many',
    linux: { sources: ['status', 'stat', 'bpf'], doc: '`Threads` in `status`, `stat`' },
  },
  {
    name: 'startTime',
    type: f64,
    view: 'time',
    cost: 'cheap',
    doc: 'When it began: milliseconds since the epoch, exact to a clock tick (10 ms on Linux and NetBSD, 1 µs elsewhere).',
    columnDoc: 'Milliseconds since the epoch; NaN where it could not be read.',
    readme:
      '`number`: whole milliseconds since the epoch. It is exact to 10 ms relative to the boot time, which is in whole seconds. Every program reads the same value. It changes when the clock is set',
    linux: {
      sources: ['stat', 'bpf'],
      doc: "`stat`, and `btime` in the proc root's own `stat`; without that file `NotSupportedError`",
    },
  },
  {
    name: 'rlimits',
    // Soft and hard of each resource in turn; all bits set is no limit.
    type: list(u64),
    view: 'limits',
    value: 'Partial<Record<ResourceName, Limits>>',
    column: 'Partial<Record<ResourceName, { soft: Float64Array; hard: Float64Array }>>',
    cost: 'cheap',
    doc: "Every resource limit: prlimit(2). Only of the caller's own process on macOS; of others on DragonFly where procfs is mounted.",
    columnDoc:
      'Two columns for each resource of this platform, in the units of getrlimit(2). `Infinity` is no limit, NaN one that could not be read.',
    readme: '`{ RLIMIT_NOFILE: { soft, hard }, … }`: every resource',
    linux: { sources: ['limits', 'prlimit64', 'bpf'], doc: '`prlimit64`, or `/proc/PID/limits`' },
  },
];
