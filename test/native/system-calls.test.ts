import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '@psutil-extra/native';
import { FIELDS, IDENTIFY } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';
import { SOURCES } from '../events/sources.js';
import { lacking } from '../processes/abilities.js';
import { runNode } from '../processes/node.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';

const DOCUMENT = readFileSync(fileURLToPath(new URL('../../docs/system-calls.md', import.meta.url)), 'utf8');
const BEGIN = '/psutil-extra-begins';
const END = '/psutil-extra-ends';

/** What a sampler does not read again of a process that has not run. */
const SAMPLED = ['name', 'cpuTimes', 'memory', 'startTime'].reduce(
  (bits, name) => bits + 2 ** FIELDS.findIndex((field) => field.name === name),
  0,
);

/** All that the addon can do, in the main thread, whose system calls are those between the marks. */
const EVERYTHING = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { loadAddon, run } from '@psutil-extra/native';
import { killAction, oomScoreAdjAction, rlimitAction, threadAction } from '@psutil-extra/native/protocol';
const [, pid, root] = process.argv;
const addon = loadAddon();
const ALL = ${2 ** FIELDS.length - 1};
const one = Int32Array.of(Number(pid));
const holder = spawn('sh', ['-c', 'exec 3<>"$0"; echo held; read _; sleep 1', root + '/5/status'], { stdio: ['pipe', 'pipe', 'inherit'] });
const child = spawn('sleep', ['100']);
await once(holder.stdout, 'data');
existsSync('${BEGIN}');
const reader = new addon.Reader('/proc');
const { cursor } = run(reader, { op: 'list', cursor: 0, max: 10 });
run(reader, { op: 'list', cursor, max: 1e9 });
run(reader, { op: 'descendants', pids: Int32Array.of(process.pid), max: 100 });
const read = (pids, fields = ALL, more = {}) => run(reader, { op: 'pids', pids, fields, ...more });
for (let field = 0; field < ${FIELDS.length}; field++) read(one, 2 ** field);
read(one, ALL, { flags: 1 });
read(one, ALL, { starts: Float64Array.of(1) });
read(one, ALL, { starts: Float64Array.of(${IDENTIFY}) });
read(Int32Array.of(${UNUSED_PID}));
read(new Int32Array(20).fill(Number(pid)), ALL, { flags: 6, urgentPending: new Int32Array(1) });
const { startTime } = JSON.parse(process.argv[3]);
const actions = [rlimitAction(4, 0n, 0n), threadAction('nice', true, [5n]), threadAction('ioPriority', true, [3n, 0n]),
  threadAction('affinity', true, [1n]), threadAction('scheduler', true, [3n, 0n]), oomScoreAdjAction(500n)];
for (const action of actions) for (const start of [-1, startTime]) run(reader, { op: 'act', pid: Number(pid), start, action });
reader.bootId();
for (const from of [0, 0]) run(reader, { op: 'cursor', fields: ALL, flags: 14, number: 1, from, max: 1000, sampler: 1, maxHeld: 50 });
run(reader, { op: 'endSampler', sampler: 1 });
for (let i = 0; i < 6; i++) run(reader, { op: 'cursor', fields: ${SAMPLED}, flags: 14, number: 1, from: 0, max: 100000, sampler: 2, maxHeld: 1000 });
run(reader, { op: 'endSampler', sampler: 2 });
const watcher = new addon.ExitWatcher('/proc', () => {});
watcher.begin(child.pid, -1, addon.holdProcess(child.pid));
addon.releaseProcess(addon.holdProcess(child.pid));
run(reader, { op: 'act', pid: child.pid, start: -1, action: killAction(9) });
while (watcher.take().length === 1) continue;
addon.refusalOfWalk();
run(reader, { op: 'cursor', fields: ALL, number: 1, from: 0, max: 1000 });
holder.stdin.write('\\n');
const other = new addon.Reader(root);
run(other, { op: 'list', cursor: 0, max: 1e9 });
run(other, { op: 'pids', pids: Int32Array.of(5), fields: ALL });
for (const source of [1, 2]) {
  const events = new addon.EventReader();
  if ('source' in events.open(source, () => {})) events.read();
  events.close();
}
existsSync('${END}');
`;

/** The walk alone: with CAP_SYS_PTRACE it reads what it else leaves to files. */
const WALK = `
import { existsSync } from 'node:fs';
import { loadAddon, run } from '@psutil-extra/native';
existsSync('${BEGIN}');
run(new (loadAddon().Reader)('/proc'), { op: 'cursor', fields: ${2 ** FIELDS.findIndex(({ name }) => name === 'io')}, number: 1, from: 0, max: 1000 });
existsSync('${END}');
`;

/** A scan by BPF looks at more where hidepid could hide something. Root alone can give a capability up like this. */
const WITHOUT_PTRACE = lacking.root[0] ? [] : ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'];

/** The table's calls, and those among them that only BPF and only netlink make. */
function documented(): { all: Set<string>; ofBpf: Set<string>; ofNetlink: Set<string> } {
  const rows = [...DOCUMENT.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| (.*) \|$/gm)];
  const of = (source: string) =>
    new Set(rows.filter(([, , what]) => what?.startsWith(source)).flatMap(([, calls]) => names(calls as string)));
  return { all: of(''), ofBpf: of('BPF'), ofNetlink: of('netlink') };
}

function names(cells: string): string[] {
  return [...cells.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
}

/** Calls that V8 makes meanwhile, for its own memory and its own threads, and at a child's end. */
const OF_NODE = new Set([
  'mmap',
  'munmap',
  'mprotect',
  'madvise',
  'brk',
  'mremap',
  'futex',
  'write',
  'getpid',
  'rt_sigreturn',
  'restart_syscall',
  // Of its event loop, which is given a descriptor.
  'epoll_ctl',
  'ioctl',
]);

/** Calls that end a reader process which is late, as it may be on a busy machine; the document has them below its table. */
const OF_ENDING = new Set(['wait4', 'kill', 'clock_nanosleep']);

test('the addon makes the system calls that docs/system-calls.md lists, and no others', async ({ skip }) => {
  skip(...lacking.strace);
  using process = await sleeper();
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-calls-'));
  try {
    mkdirSync(join(folder, '5'));
    // A writer holds the pipe for a second and writes nothing: so long the read waits.
    execFileSync('mkfifo', [join(folder, '5', 'status')]);
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
    const startTime = Number(stat.slice(stat.lastIndexOf(')')).split(' ')[20]);
    const trace = join(folder, 'trace');
    const args = [String(process.pid), folder, JSON.stringify({ startTime })];
    const lines = [
      ...(await linesOf(EVERYTHING, trace, { wrapper: WITHOUT_PTRACE, args })),
      ...(await linesOf(WALK, trace, { wrapper: [], args: [] })),
    ];
    const seen = new Set(lines.map(callOf));
    const { all, ofBpf, ofNetlink } = documented();
    const known = [all, OF_NODE, OF_ENDING];
    expect(lines.filter((line) => !known.some((calls) => calls.has(callOf(line))))).toEqual([]);
    const refused = loadAddon().refusalOfWalk() !== null;
    const [, netlink] = SOURCES;
    const expected = [...all].filter(
      (call) => !(refused && ofBpf.has(call)) && !(netlink.lacking[0] && ofNetlink.has(call)) && !OF_NODE.has(call),
    );
    const missing = expected.filter((call) => !seen.has(call));
    // Elsewhere the C library makes newer calls for the same purpose.
    if (IS_X64) expect(missing.filter((call) => !call.startsWith('faccessat'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The lines that strace writes of the calls that a program makes between the marks. */
async function linesOf(program: string, trace: string, { wrapper, args }: { wrapper: string[]; args: string[] }) {
  const ended = await runNode(program, { wrapper: [...wrapper, 'strace', '-o', trace], args });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const lines = readFileSync(trace, 'utf8').split('\n');
  const at = (mark: string) => lines.findIndex((line) => line.includes(`"${mark}"`));
  expect(at(BEGIN)).toBeGreaterThan(0);
  return lines.slice(at(BEGIN) + 1, at(END)).filter((line) => callOf(line) !== '');
}

function callOf(line: string): string {
  return /^(\w+)\(/.exec(line)?.[1] ?? '';
}

const IS_X64 = process.arch === 'x64';
