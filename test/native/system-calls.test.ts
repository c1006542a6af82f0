import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '@psutil-extra/native';
import { FIELDS, IDENTIFY } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { runNode } from '../processes/node.js';
import { NOBODY, sleeper } from '../processes/sleeper.js';

const DOCUMENT = readFileSync(fileURLToPath(new URL('../../docs/system-calls.md', import.meta.url)), 'utf8');
const BEGIN = '/psutil-extra-begins';
const END = '/psutil-extra-ends';

/** All that the addon can do, in the main thread, whose system calls are those between the marks. */
const EVERYTHING = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { loadAddon } from '@psutil-extra/native';
const [, pid, root] = process.argv;
const addon = loadAddon();
const ALL = ${(1 << FIELDS.length) - 1};
const one = Int32Array.of(Number(pid));
const holder = spawn('sh', ['-c', 'exec 3<>"$0"; echo held; read _; sleep 1', root + '/5/status'], { stdio: ['pipe', 'pipe', 'inherit'] });
await once(holder.stdout, 'data');
existsSync('${BEGIN}');
const reader = new addon.Reader('/proc');
const { pids, cursor } = reader.list(0, 10);
reader.list(cursor, 1e9);
for (let field = 0; field < ${FIELDS.length}; field++) reader.read(one, null, 1 << field, null, 0);
reader.read(one, null, ALL, null, 1);
reader.read(one, Float64Array.of(1), ALL, null, 0);
reader.read(one, Float64Array.of(${IDENTIFY}), ALL, null, 0);
reader.read(Int32Array.of(${NOBODY}), null, ALL, null, 0);
reader.read(new Int32Array(20).fill(Number(pid)), null, ALL, null, 6, new Int32Array(1));
reader.setRlimit(Number(pid), -1, 4, 0n, 0n);
const { startTime } = JSON.parse(process.argv[3]);
reader.setRlimit(Number(pid), startTime, 4, 0n, 0n);
addon.refusalOfWalk();
reader.read(null, null, ALL, null, 0, null, 1, 0, 1000);
holder.stdin.write('\\n');
const other = new addon.Reader(root);
other.list(0, 1e9);
other.read(Int32Array.of(5), null, ALL, null, 0);
existsSync('${END}');
`;

/** A scan by BPF looks at more where hidepid could hide something. Root alone can give a capability up like this. */
const WITHOUT_PTRACE = lacking.root[0] ? [] : ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'];

/** The table's calls, and those among them that only a walk by BPF makes. */
function documented(): { all: Set<string>; ofBpf: Set<string> } {
  const rows = [...DOCUMENT.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| (.*) \|$/gm)];
  return {
    all: new Set(rows.flatMap(([, calls]) => names(calls as string))),
    ofBpf: new Set(rows.filter(([, , what]) => what?.startsWith('BPF')).flatMap(([, calls]) => names(calls as string))),
  };
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
]);

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
    const ended = await runNode(EVERYTHING, {
      wrapper: [...WITHOUT_PTRACE, 'strace', '-o', trace],
      args: [String(process.pid), folder, JSON.stringify({ startTime })],
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const lines = readFileSync(trace, 'utf8').split('\n');
    const at = (mark: string) => lines.findIndex((line) => line.includes(`"${mark}"`));
    expect(at(BEGIN)).toBeGreaterThan(0);
    const seen = new Set(lines.slice(at(BEGIN) + 1, at(END)).map((line) => /^(\w+)\(/.exec(line)?.[1] ?? ''));
    seen.delete('');
    const { all, ofBpf } = documented();
    expect([...seen].filter((call) => !all.has(call) && !OF_NODE.has(call))).toEqual([]);
    const refused = loadAddon().refusalOfWalk() !== null;
    const expected = [...all].filter((call) => !(refused && ofBpf.has(call)) && !OF_NODE.has(call));
    const missing = expected.filter((call) => !seen.has(call));
    // Elsewhere the C library makes newer calls for the same purpose.
    if (IS_X64) expect(missing.filter((call) => !call.startsWith('faccessat'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const IS_X64 = process.arch === 'x64';
