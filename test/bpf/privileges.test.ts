import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '@psutil-extra/native';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';

// What BPF must not show: a process that procfs hides from the caller, after it has dropped its privileges, or after
// /proc hides processes.

const refusal = loadAddon().refusalOfWalk();
const noBpf: [boolean, string] = [refusal !== null, `BPF is not available here: ${refusal?.about}`];

let folder: string;
let reconfigure: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reconfigure-'));
  reconfigure = join(folder, 'reconfigure');
  const source = fileURLToPath(new URL('reconfigure.c', import.meta.url));
  execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-O1', '-o', reconfigure, source]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Of root alone, with processes of its own and of another user: the program is in a namespace of PIDs and mounts. */
const PROGRAM = `
  import { execFileSync, spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { readdirSync, readlinkSync } from 'node:fs';
  import { createClient } from 'psutil-extra';
  const run = (program, ...args) => execFileSync(program, args);
  // No process is in this group: members of it, at first root's, are shown every process by hidepid=1 and 2.
  run('mount', '-o', 'remount,gid=54321', '/proc');
  const children = [];
  const start = async (...command) => {
    const child = spawn(command[0], [...command.slice(1), 'sh', '-c', 'echo; read _'], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child.pid;
  };
  const roots = await start('env');
  const others = await start('setpriv', '--reuid=1234', '--regid=1234', '--clear-groups');
  const auto = createClient({ threads: 1 });
  const bpf = createClient({ threads: 1, source: 'bpf' });
  const files = createClient({ threads: 1, source: 'procfs' });
  const answers = [];
  // What each client shows of them, and how.
  const look = async () => {
    const shown = (table) => ({ source: table.source, roots: table.get(roots) !== undefined, others: table.get(others) !== undefined });
    const refused = ({ name, message }) => ({ name, message });
    const scans = [auto, bpf, files].map((client) => client.scan({ fields: ['umask', 'uids'] }).then(shown, refused));
    const [byAuto, byBpf, byFiles] = await Promise.all(scans);
    answers.push({ auto: byAuto, bpf: byBpf, files: byFiles, supports: auto.supports('bpf') });
  };
  const descriptors = () => readdirSync('/proc/self/fd').filter((fd) => {
    try { return readlinkSync('/proc/self/fd/' + fd).includes('bpf'); } catch { return false; }
  }).length;
  const drop = () => { process.setgroups([]); process.setgid(65534); process.setuid(65534); };
  const [, reconfigure] = process.argv;
  await look();`;
const END = `
  for (const child of children) child.stdin.end();
  for (const client of [auto, bpf, files]) await client.close();
  console.log(JSON.stringify(answers));`;

interface Shown {
  readonly source?: string;
  readonly roots?: boolean;
  readonly others?: boolean;
  readonly name?: string;
  readonly message?: string;
}
interface Shown {
  readonly auto: Shown;
  readonly bpf: Shown;
  readonly files: Shown;
  readonly supports: boolean;
  readonly descriptors?: number;
}

const NAMESPACES = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Root, of whom /proc may hide processes. */
const WITHOUT_PTRACE = [...NAMESPACES, 'setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'];

const answersTo = (steps: string, wrapper: readonly string[]) =>
  answerOf<Shown[]>(`${PROGRAM}\n${steps}\n${END}`, { wrapper, args: [reconfigure] });

const EVERYONE = { roots: true, others: true };
const BY_BPF = {
  auto: { source: 'bpf', ...EVERYONE },
  bpf: { source: 'bpf', ...EVERYONE },
  files: { source: 'procfs', ...EVERYONE },
  supports: true,
};

test('once privileges are dropped, a client that scanned by BPF reads procfs, and shows what that shows', async ({
  skip,
}) => {
  skip(...noBpf);
  skip(...lacking.namespaces);
  const [before, hidden, after] = await answersTo(
    `run('mount', '-o', 'remount,hidepid=2', '/proc');
     await look();
     drop();
     await look();
     answers.at(-1).descriptors = descriptors();`,
    NAMESPACES,
  );
  expect(before).toEqual(BY_BPF);
  // CAP_SYS_PTRACE sees through hidepid, by either source.
  expect(hidden).toEqual(BY_BPF);
  expect(after).toEqual({
    auto: { source: 'procfs', roots: false, others: false },
    bpf: { name: 'AccessDeniedError', message: expect.stringContaining('CAP_BPF and CAP_PERFMON are missing') },
    files: { source: 'procfs', roots: false, others: false },
    supports: false,
    descriptors: 0,
  });
});

test('privileges that come back bring BPF back', async ({ skip }) => {
  skip(...noBpf);
  skip(...lacking.namespaces);
  const [before, without, again] = await answersTo(
    `process.seteuid(65534);
     await look();
     process.seteuid(0);
     await look();`,
    NAMESPACES,
  );
  expect(before).toEqual(BY_BPF);
  expect(without?.auto).toEqual({ source: 'procfs', ...EVERYONE });
  expect(without?.bpf.name).toBe('AccessDeniedError');
  expect(again).toEqual(BY_BPF);
});

test.for<[string, string, string]>([
  ['mount(2)', "run('mount', '-o', 'remount,hidepid=2', '/proc')", "run('mount', '-o', 'remount,hidepid=0', '/proc')"],
  ['fsconfig(2)', "run(reconfigure, '/proc', 'hidepid=2')", "run(reconfigure, '/proc', 'hidepid=0')"],
  [
    'fsconfig(2), by its name',
    "run(reconfigure, '/proc', 'hidepid=ptraceable')",
    "run(reconfigure, '/proc', 'hidepid=off')",
  ],
])(
  'once /proc hides processes by %s, procfs is read; once it does not, BPF again',
  async ([, hide, show], { skip }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    const [before, hidden, after] = await answersTo(
      `${hide};\nawait look();\nanswers.at(-1).descriptors = descriptors();\n${show};\nawait look();`,
      WITHOUT_PTRACE,
    );
    expect(before).toEqual(BY_BPF);
    expect(hidden).toMatchObject({
      auto: { source: 'procfs', others: false },
      bpf: { name: 'NotSupportedError', message: expect.stringContaining('hidepid') },
      files: { source: 'procfs', others: false },
      supports: false,
      descriptors: 0,
    });
    expect(after).toEqual(BY_BPF);
  },
);

test('a /proc with hidepid that is mounted over the one a thread reads counts, wherever the word stands', async ({
  skip,
}) => {
  skip(...noBpf);
  skip(...lacking.namespaces);
  const [before, hidden, after] = await answersTo(
    `run('mount', '-t', 'proc', '-o', 'hidepid=2', 'hidepid=0', '/proc');
     await look();
     run('umount', '/proc');
     await look();`,
    WITHOUT_PTRACE,
  );
  expect(before).toEqual(BY_BPF);
  expect(hidden?.auto.source).toBe('procfs');
  expect(hidden?.bpf).toMatchObject({ name: 'NotSupportedError', message: expect.stringContaining('hidepid') });
  expect(after).toEqual(BY_BPF);
});

test.for([
  ['privileges are dropped', NAMESPACES, 'drop()'],
  ['/proc begins to hide processes', WITHOUT_PTRACE, "run(reconfigure, '/proc', 'hidepid=2')"],
] as const)(
  'in the middle of a walk, where %s, the rest shows no process that is hidden',
  async ([, wrapper, lose], { skip }) => {
    skip(...noBpf);
    skip(...lacking.namespaces);
    const [, , walked] = await answersTo(
      `for (let i = 0; i < 20; i++) await start('setpriv', '--reuid=1234', '--regid=1234', '--clear-groups');
     if (${lose.startsWith('drop')}) run('mount', '-o', 'remount,hidepid=2', '/proc');
     await look();
     const rest = [];
     for await (const batch of auto.scanBatches({ fields: ['uids'], batchSize: 2 })) {
       rest.push({ source: batch.source, hidden: [...batch].filter(({ uids }) => uids?.real === 1234).length });
       if (rest.length === 1) ${lose};
     }
     answers.push(rest);`,
      wrapper,
    );
    const rest = walked as unknown as { source: string; hidden: number }[];
    expect(rest[0]?.source).toBe('bpf');
    // One batch is read ahead, before the privileges were lost.
    expect(rest.slice(2).filter(({ hidden }) => hidden > 0)).toEqual([]);
  },
);
