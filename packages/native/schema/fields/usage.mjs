// What a process has used: processor, memory, input and output.
import { f64, struct } from '../types.mjs';

const cpuTimes = struct('CpuTimes', {
  user: [f64, 'In its own code.'],
  system: [f64, 'In the kernel.'],
  childrenUser: [f64, 'Of children that it has waited for, in their own code.'],
  childrenSystem: [f64, 'Of children that it has waited for, in the kernel.'],
  ioWait: [f64, 'Waiting for block devices; 0 on Linux where delays are not accounted for.', true],
});

const memory = struct('Memory', {
  rss: [f64, 'Resident set: pages in memory.'],
  vms: [f64, 'Virtual size.'],
  shared: [f64, 'Of the resident set, pages of files and of shared memory.', true],
  text: [f64, 'Virtual size of the code.', true],
  data: [f64, 'Virtual size of data and stack.', true],
});

const optional = true;
const memoryDetail = struct('MemoryDetail', {
  peakRss: [f64, 'Largest resident set so far.', optional],
  peakVms: [f64, 'Largest virtual size so far.', optional],
  anonymous: [f64, 'Resident pages of no file.', optional],
  file: [f64, 'Resident pages of files.', optional],
  shmem: [f64, 'Resident pages of shared memory and tmpfs.', optional],
  swap: [f64, 'Anonymous pages that have been swapped out.', optional],
  hugetlb: [f64, 'Pages of hugetlb.', optional],
  locked: [f64, 'Locked by mlock(2).', optional],
  pinned: [f64, 'Pinned: pages that cannot be moved.', optional],
  stack: [f64, 'Size of the stack.', optional],
  library: [f64, 'Size of shared libraries.', optional],
  pageTables: [f64, 'Size of the page tables.', optional],
});

const memoryFootprint = struct('MemoryFootprint', {
  uss: [f64, 'Unique set: what ending the process would free.'],
  pss: [f64, 'Proportional set: pages that several processes map are divided among them.'],
  swap: [f64, 'Pages that have been swapped out.'],
});

const pageFaults = struct('PageFaults', {
  minor: [f64, 'Without reading a page from storage.'],
  major: [f64, 'That read a page from storage.'],
  childrenMinor: [f64, 'Minor ones of children that it has waited for.'],
  childrenMajor: [f64, 'Major ones of children that it has waited for.'],
});

const contextSwitches = struct('ContextSwitches', {
  voluntary: [f64, 'Because it waited.'],
  involuntary: [f64, 'Because its time was over.'],
});

const io = struct('Io', {
  readBytes: [f64, 'Bytes that storage delivered.'],
  writeBytes: [f64, 'Bytes that were sent to storage.'],
  readChars: [f64, 'Bytes that read(2) and its like returned.'],
  writeChars: [f64, 'Bytes that were passed to write(2) and its like.'],
  reads: [f64, 'Number of reading system calls.'],
  writes: [f64, 'Number of writing system calls.'],
  cancelledWriteBytes: [f64, 'Bytes that were never written, because the file was truncated before.'],
});

export const usage = [
  {
    name: 'cpuTimes',
    type: cpuTimes,
    cost: 'cheap',
    doc: 'Processor time in milliseconds, in steps of a clock tick (10 ms on most systems).',
    columnDoc: 'Processor time in milliseconds, a column for each member.',
    readme: '`{ user, system, childrenUser, childrenSystem, ioWait? }`: milliseconds',
    linux: { sources: ['stat', 'bpf'], doc: '`utime`, `stime`, `cutime`, `cstime`, `delayacct_blkio_ticks` in `stat`' },
  },
  {
    name: 'memory',
    type: memory,
    cost: 'cheap',
    doc: 'Memory in bytes.',
    columnDoc: 'Memory in bytes, a column for each member.',
    readme: '`{ rss, vms, shared?, text?, data? }`: bytes',
    linux: { sources: ['statm', 'bpf'], doc: '`statm`' },
  },
  {
    name: 'memoryDetail',
    type: memoryDetail,
    nullable: true,
    cost: 'cheap',
    doc: 'More of its memory in bytes; `null` for kernel threads. Members that the kernel does not report are absent.',
    columnDoc: 'Memory in bytes, a column for each member.',
    readme:
      '`{ peakRss, peakVms, anonymous, file, shmem, swap, hugetlb, locked, pinned, stack, library, pageTables } | null`: bytes',
    linux: { sources: ['status'], doc: '`Vm…`, `Rss…`, `HugetlbPages` in `status`' },
  },
  {
    name: 'memoryFootprint',
    type: memoryFootprint,
    nullable: true,
    cost: 'may block',
    doc: "Memory in bytes by who shares it; `null` for kernel threads. The kernel walks the page tables, which takes milliseconds for large processes. Reading it of another user's process requires CAP_SYS_PTRACE.",
    columnDoc: 'Memory in bytes, a column for each member.',
    readme: '`{ uss, pss, swap } | null`: bytes',
    linux: {
      sources: ['smaps_rollup', 'smaps'],
      ptrace: true,
      doc: '`smaps_rollup`, else `smaps` (ptrace permission)',
    },
  },
  {
    name: 'pageFaults',
    type: pageFaults,
    cost: 'cheap',
    doc: 'How many page faults it had.',
    readme: '`{ minor, major, childrenMinor, childrenMajor }`: how many',
    linux: { sources: ['stat', 'bpf'], doc: '`minflt`, `majflt`, `cminflt`, `cmajflt` in `stat`' },
  },
  {
    name: 'contextSwitches',
    type: contextSwitches,
    cost: 'cheap',
    doc: 'How often another thread ran in its place; of its main thread alone on Linux.',
    readme: '`{ voluntary, involuntary }`: of the main thread',
    linux: { sources: ['status', 'bpf'], doc: '`…ctxt_switches` in `status`' },
  },
  {
    name: 'io',
    type: io,
    cost: 'expensive',
    doc: "Input and output since its start. Reading it of another user's process requires CAP_SYS_PTRACE.",
    readme: '`{ readBytes, writeBytes, readChars, writeChars, reads, writes, cancelledWriteBytes }`',
    linux: { sources: ['io', 'bpf'], ptrace: true, doc: '`io` (ptrace permission)' },
  },
];
