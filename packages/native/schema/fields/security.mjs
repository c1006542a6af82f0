// What a process may do, and where it is confined.
import { bool, enumeration, f64, struct, text, u64 } from '../types.mjs';

const capabilities = struct('RawCapabilities', {
  effective: [u64, 'By which permissions are checked.'],
  permitted: [u64, 'Which it may make effective.'],
  inheritable: [u64, 'Kept when it executes a program that has them too.'],
  bounding: [u64, 'Which a program that it executes may get.'],
  ambient: [u64, 'Kept when it executes a program without capabilities.'],
});

const optional = true;
const namespaces = struct('Namespaces', {
  cgroup: [f64, 'Of control groups.', optional],
  ipc: [f64, 'Of System V IPC and message queues.', optional],
  mnt: [f64, 'Of mounts.', optional],
  net: [f64, 'Of the network.', optional],
  pid: [f64, 'Of PIDs.', optional],
  time: [f64, 'Of clocks.', optional],
  user: [f64, 'Of users.', optional],
  uts: [f64, 'Of the host name.', optional],
});

export const security = [
  {
    name: 'capabilities',
    type: capabilities,
    view: 'capabilities',
    value: 'Capabilities',
    column: '{ [K in keyof Capabilities]: BigUint64Array }',
    cost: 'cheap',
    doc: 'Capabilities of its main thread: capabilities(7).',
    columnDoc: 'A column a set. Bit 0 is capability 0; all zero where they could not be read.',
    readme: '`{ effective, permitted, inheritable, bounding, ambient }`, a `CapabilitySet` each',
    linux: { sources: ['status', 'bpf'], doc: '`Cap…` in `status`' },
  },
  {
    name: 'seccomp',
    type: enumeration('Seccomp', ['disabled', 'strict', 'filter']),
    cost: 'cheap',
    doc: 'Whether its system calls are filtered: seccomp(2).',
    readme: "`'disabled'`, `'strict'` or `'filter'`",
    linux: { sources: ['status', 'bpf'], doc: '`Seccomp` in `status`' },
  },
  {
    name: 'noNewPrivs',
    type: bool,
    cost: 'cheap',
    doc: 'Whether a program that it executes gets no new privileges: PR_SET_NO_NEW_PRIVS.',
    columnDoc: '`null` where it could not be read.',
    readme: '`boolean`',
    linux: { sources: ['status', 'bpf'], doc: '`NoNewPrivs` in `status`' },
  },
  {
    name: 'namespaces',
    type: namespaces,
    cost: 'expensive',
    doc: "Inode numbers of its namespaces: namespaces(7). Those that the kernel does not have are absent. Reading them of another user's process requires CAP_SYS_PTRACE.",
    readme: '`{ cgroup?, ipc?, mnt?, net?, pid?, time?, user?, uts? }`: inode numbers',
    linux: { sources: ['ns', 'bpf'], ptrace: true, doc: '`ns/` (ptrace permission)' },
  },
  {
    name: 'cgroup',
    type: text,
    nullable: true,
    cost: 'expensive',
    doc: "Path of its control group in the version 2 hierarchy, or of systemd's on version 1; `null` where there is none.",
    readme: '`string | null`: path of its control group',
    linux: { sources: ['cgroup'], doc: '`cgroup`' },
  },
  {
    name: 'containerId',
    type: text,
    nullable: true,
    cost: 'expensive',
    doc: 'Id of its container, 64 hexadecimal digits, as Docker, containerd, CRI-O and Podman name its control group; `null` outside of a container, and mostly inside of one.',
    readme: '`string | null`: 64 hexadecimal digits',
    linux: { sources: ['cgroup'], doc: '`cgroup`' },
  },
  {
    name: 'loginuid',
    type: f64,
    nullable: true,
    cost: 'expensive',
    doc: 'The user who logged in, whatever the process has become since; `null` where it began without a login.',
    columnDoc: 'NaN where there is none, or it could not be read.',
    readme: '`number | null`: the user who logged in',
    linux: { sources: ['loginuid'], doc: '`loginuid`' },
  },
  {
    name: 'securityLabel',
    type: text,
    nullable: true,
    cost: 'expensive',
    doc: 'Label that a security module (SELinux, AppArmor, Smack) gives it; `null` without such a module.',
    readme: '`string | null`',
    linux: { sources: ['attr/current'], doc: '`attr/current`' },
  },
  {
    name: 'wchan',
    type: text,
    nullable: true,
    cost: 'expensive',
    doc: "The kernel's function in which it waits; `null` where it runs, or the kernel does not say.",
    readme: '`string | null`',
    linux: { sources: ['wchan'], doc: '`wchan` (ptrace permission)' },
  },
];
