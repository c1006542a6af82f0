// The sources of a process's fields on Linux, in the order in which they are read. `npm run generate` makes the C++ table of
// them. A source is a row here and a function `put_<name>` in src/platform/linux/sources/; the fields say which have them.
//
//   name  of a file: its path beneath the process's directory
//   kind  'file'; 'directory', several calls beneath the process's directory; 'call', a system call by PID, which means a
//         process in the caller's own PID namespace; or 'all', which reads every process at once
//   absent  the error of a file that says that the process, or the kernel, has no such value: its fields are null
//   blocks  a file that the kernel may not return while another thread of the process holds its memory map: it is read by a
//         process that can be ended, see docs/blocking-reads.md
//   cost  nanoseconds a process, measured on 10,000 sleeping processes; only the order matters
export const linuxSources = [
  { name: 'status', kind: 'file', cost: 5300 },
  { name: 'stat', kind: 'file', cost: 3900 },
  { name: 'limits', kind: 'file', cost: 4500 },
  { name: 'prlimit64', kind: 'call', cost: 2400 },
  { name: 'getpgid', kind: 'call', cost: 500 },
  { name: 'getsid', kind: 'call', cost: 500 },
  { name: 'statm', kind: 'file', cost: 3400 },
  { name: 'io', kind: 'file', cost: 4600 },
  { name: 'oom_score', kind: 'file', cost: 4000 },
  { name: 'oom_score_adj', kind: 'file', cost: 3000 },
  { name: 'loginuid', kind: 'file', cost: 3000 },
  { name: 'cgroup', kind: 'file', cost: 4000 },
  { name: 'wchan', kind: 'file', cost: 4000 },
  { name: 'attr/current', kind: 'file', absent: 'EINVAL', cost: 4000 },
  { name: 'ioprio_get', kind: 'call', cost: 400 },
  { name: 'sched_getaffinity', kind: 'call', cost: 400 },
  { name: 'fd', kind: 'directory', cost: 3000 },
  { name: 'exe', kind: 'directory', cost: 6000 },
  { name: 'cwd', kind: 'directory', cost: 6000 },
  { name: 'cmdline', kind: 'file', blocks: true, cost: 4000 },
  { name: 'environ', kind: 'file', blocks: true, cost: 5000 },
  { name: 'ns', kind: 'directory', cost: 12000 },
  { name: 'task', kind: 'directory', cost: 20000 },
  { name: 'fdinfo', kind: 'directory', cost: 50000 },
  { name: 'smaps_rollup', kind: 'file', blocks: true, cost: 200000 },
  { name: 'smaps', kind: 'file', blocks: true, cost: 400000 },
  { name: 'net', kind: 'directory', cost: 30000 },
  // src/platform/linux/bpf/task_iterator.h reads it.
  { name: 'bpf', kind: 'all', cost: 900 },
];
