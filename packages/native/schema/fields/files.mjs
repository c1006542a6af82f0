// What a process has open, its threads, and its memory map.
import { bigint, bool, enumeration, f64, i32, list, struct, text, u32 } from '../types.mjs';
import { state } from './basic.mjs';

const kind = enumeration('FdKind', ['file', 'directory', 'socket', 'pipe', 'char', 'block', 'symlink', 'anon']);
const optional = true;

const fd = struct('Fd', {
  fd: [i32, 'Number of the descriptor.'],
  kind: [kind, 'What is open.'],
  path: [text, "Its path, or the kernel's name for it, such as `'socket:[12345]'`."],
  deleted: [bool, 'Whether the path is no longer there.'],
  position: [f64, 'Position in the file.', optional],
  flags: [u32, 'Flags of open(2).', optional],
  inode: [f64, 'Inode number.', optional],
});

const connection = struct('RawConnection', {
  fd: [i32, 'Number of the descriptor.'],
  family: [enumeration('ConnectionFamily', ['inet', 'inet6', 'unix']), 'Address family.'],
  type: [enumeration('ConnectionType', ['stream', 'dgram', 'seqpacket', 'raw']), 'Socket type.'],
  local: [text, 'Local address.', optional],
  localPort: [u32, 'Local port.', optional],
  remote: [text, 'Remote address.', optional],
  remotePort: [u32, 'Remote port.', optional],
  state: [
    enumeration('ConnectionState', [
      'established',
      'syn-sent',
      'syn-recv',
      'fin-wait1',
      'fin-wait2',
      'time-wait',
      'close',
      'close-wait',
      'last-ack',
      'listen',
      'closing',
    ]),
    'State of a TCP connection.',
    optional,
  ],
});

const threadTimes = struct('ThreadTimes', {
  user: [f64, 'Milliseconds in its own code.'],
  system: [f64, 'Milliseconds in the kernel.'],
});

const thread = struct('Thread', {
  tid: [i32, 'Thread id.'],
  name: [text, 'Name of the thread.'],
  state: [state, 'What it is doing.'],
  cpuTimes: [threadTimes, 'Processor time of the thread.'],
});

const mapping = struct('RawMapping', {
  start: [bigint, 'First address.'],
  end: [bigint, 'Address behind the last.'],
  permissions: [text, "`'r-xp'` and the like: proc_pid_maps(5)."],
  offset: [bigint, 'Where it begins in the file.'],
  device: [text, 'Device of the file, major and minor number in hexadecimal.'],
  inode: [f64, 'Inode number of the file; 0 where there is none.'],
  path: [text, "Path of the file, or a name such as `'[heap]'`.", optional],
  deleted: [bool, 'Whether the path is no longer there.'],
  size: [f64, 'Size in bytes.'],
  rss: [f64, 'Resident bytes.'],
  pss: [f64, 'Resident bytes, shared ones divided among those who map them.'],
  sharedClean: [f64, 'Shared pages that have not been written to.'],
  sharedDirty: [f64, 'Shared pages that have been written to.'],
  privateClean: [f64, 'Private pages that have not been written to.'],
  privateDirty: [f64, 'Private pages that have been written to.'],
  referenced: [f64, 'Pages that have been used lately.'],
  anonymous: [f64, 'Pages of no file.'],
  swap: [f64, 'Pages that have been swapped out.'],
});

export const files = [
  {
    name: 'fdCount',
    type: i32,
    cost: 'expensive',
    doc: "Number of open descriptors. Before Linux 6.2, reading it of another user's process requires CAP_SYS_PTRACE.",
    readme: '`number`: open descriptors',
    linux: { sources: ['fd'], doc: 'size of `fd` (kernel 6.2), else its entries (which needs ptrace permission)' },
  },
  {
    name: 'fds',
    type: list(fd),
    cost: 'expensive',
    doc: "Open descriptors by number. `position` and `flags` are always there for files and directories. Reading them of another user's process requires CAP_SYS_PTRACE.",
    columnDoc: '`null` where they could not be read.',
    readme: '`{ fd, kind, path, deleted, position?, flags?, inode? }[]`',
    linux: { sources: ['fdinfo'], ptrace: true, doc: '`fd/`, `fdinfo/` (ptrace permission)' },
  },
  {
    name: 'connections',
    type: list(connection),
    view: 'connections',
    value: 'Connection[]',
    column: '(Connection[] | null)[]',
    cost: 'expensive',
    doc: "Open sockets of the families inet, inet6 and unix. Reading them of another user's process requires CAP_SYS_PTRACE.",
    columnDoc: '`null` where they could not be read.',
    readme: '`{ fd, family, type, local, remote, state }[]`',
    linux: {
      sources: ['net'],
      ptrace: true,
      doc: '`fd/`, and `net/{tcp,tcp6,udp,udp6,raw,raw6,unix}` of its network namespace (ptrace permission)',
    },
  },
  {
    name: 'threadList',
    type: list(thread),
    cost: 'expensive',
    doc: 'Its threads.',
    columnDoc: '`null` where they could not be read.',
    readme: '`{ tid, name, state, cpuTimes }[]`',
    linux: { sources: ['task'], doc: '`task/TID/stat`' },
  },
  {
    name: 'memoryMaps',
    type: list(mapping),
    view: 'memoryMaps',
    value: 'MemoryMap[]',
    column: '(MemoryMap[] | null)[]',
    cost: 'may block',
    doc: "Its mappings by address; `start`, `end` and `offset` are bigints, hexadecimal text in JSON. The kernel walks the page tables. Reading them of another user's process requires CAP_SYS_PTRACE.",
    columnDoc: '`null` where they could not be read.',
    readme: '`{ start, end, permissions, offset, device, inode, path, deleted, size, rss, … }[]`',
    linux: { sources: ['smaps'], ptrace: true, doc: '`smaps` (ptrace permission)' },
  },
];
