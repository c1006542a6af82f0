// What each named type is, in a sentence for the reference.
const DOCS = {
  ConnectionFamily: 'The address family of a socket: IPv4, IPv6, or within the machine.',
  ConnectionState: 'The state of a TCP socket: tcp(7).',
  ConnectionType: 'The type of a socket: socket(2).',
  ContextSwitches: 'How often a process has left a processor.',
  CpuTimes: 'The processor time that a process has used, in milliseconds.',
  Fd: 'An open descriptor.',
  FdKind: 'What a descriptor is of; `anon` is something without a file, such as an epoll instance.',
  Ids: 'The user ids of a process, or its group ids: credentials(7).',
  Io: 'What a process has read and written.',
  IoClass: 'A class of I/O priority: ioprio_set(2).',
  IoPriority: 'The I/O priority of a process: ioprio_set(2).',
  Memory: 'The sizes of the memory of a process, in bytes.',
  MemoryDetail: 'The memory of a process by kind, and its peaks, in bytes.',
  MemoryFootprint: 'The memory that a process has alone, and its share of the rest, in bytes.',
  Namespaces: 'The namespaces of a process by inode number: processes with the same number share one.',
  PageFaults: 'How often a process has touched a page that was not mapped.',
  Scheduler: 'The scheduling policy of a process: sched(7).',
  SchedulerPolicy: 'A scheduling policy: sched(7).',
  Seccomp: 'Whether a process may make any system call, only four, or those that a filter lets pass: seccomp(2).',
  State: 'What a process is doing.',
  Thread: 'A thread of a process.',
  ThreadTimes: 'The processor time that a thread has used, in milliseconds.',
};

/** The documentation of a type by its name in TypeScript. */
export function docOfType(name) {
  const doc = DOCS[name];
  if (doc === undefined) throw new Error(`say in schema/type-docs.mjs what a ${name} is`);
  return `/** ${doc} */\n`;
}
