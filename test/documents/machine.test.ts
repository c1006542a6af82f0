import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { ContainerCgroup } from '../processes/container-cgroup.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';
import { until } from '../processes/until.js';
import { commandsIn, type Snippet, snippet, snippetsOf } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

/** The page of questions about a machine: each program and command finds a process that was made for it. */
const PAGE = 'site/pages/recipes/machine.md';
const PORT = snippet('site/pages/recipes/machine.md: const port = 8080;');
const PORT_COMMAND = snippet('site/pages/recipes/machine.md: npx psutil-extra connections --listen --port 8080');
const RESTART = snippet(
  "site/pages/recipes/machine.md: const table = await client.scan({ fields: ['name', 'exe', 'exeDeleted', 'memoryMaps', 'cgroup'] });",
);
const RESTART_COMMAND = snippet(
  "site/pages/recipes/machine.md: npx psutil-extra scan --json --fields name,exe,exeDeleted | jq -c '.[] | select(.exeDeleted)'",
);
const DELETED = snippet("site/pages/recipes/machine.md: import { stat } from 'node:fs/promises';");
const DELETED_COMMAND = snippet(
  "site/pages/recipes/machine.md: npx psutil-extra scan --ndjson --fields name,fds | jq -c '{ pid, name, fd: .fds[]? } | select(.fd.deleted)'",
);
const CONTAINER = snippet(
  "site/pages/recipes/machine.md: const table = await client.scan({ fields: ['name', 'containerId', 'cpuTimes', 'memory'] });",
);
const LARGEST = snippet(
  "site/pages/recipes/machine.md: const table = await client.scan({ fields: ['name', 'memory'] });",
);
const LARGEST_COMMAND = snippet('site/pages/recipes/machine.md: npx psutil-extra scan --sort -rss | head -11');
const CAPABILITIES = snippet(
  "site/pages/recipes/machine.md: const AS_GOOD_AS_ROOT = ['CAP_SYS_ADMIN', 'CAP_SYS_MODULE', 'CAP_SYS_PTRACE', 'CAP_SYS_RAWIO', 'CAP_DAC_OVERRIDE'] as const;",
);
const CAPABILITIES_COMMAND = snippet(
  `site/pages/recipes/machine.md: npx psutil-extra scan --json --fields name,uids,capabilities | jq -c '.[] | select(.uids.effective > 0 and (.capabilities.effective | index("CAP_SYS_ADMIN"))) | { pid, name }'`,
);

let snippets: SnippetFolder;
let folder: string;
let server: Python;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-machine-'));
  server = await Python.start();
  await server.run('import os, socket');
  await server.run('listening = socket.create_server(("127.0.0.1", 0))');
  port = await server.run('listening.getsockname()[1]');
  const programs = snippetsOf(PAGE).filter(({ language }) => language === 'ts');
  snippets = await SnippetFolder.make();
  expect(await snippets.compile(programs.map(withPort))).toBe('');
});

afterAll(async () => {
  await server.end();
  await snippets[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A block with the port of this test's server. */
function withPort(block: Snippet): Snippet {
  return { ...block, code: block.code.replace('8080', String(port)) };
}

/** The lines of a program's output. */
async function linesOf(program: Snippet): Promise<string[]> {
  return printed(await snippets.runCompiled(program));
}

/** The same of a command, which the page has in one line. */
async function linesOfCommand(block: Snippet): Promise<string[]> {
  const [line = '', another] = commandsIn(withPort(block).code);
  expect(another).toBeUndefined();
  const { stderr, ...outcome } = await snippets.shell(line);
  // But for the count of a scan.
  return printed({ ...outcome, stderr: stderr.replace(/^\d+ \w+ in \d+ ms.*\n/, '') });
}

function printed({ code, stdout, stderr }: Outcome): string[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\n');
}

/** Gives a process a name that no other has, so that its lines are found by their beginning. */
async function nameOf(python: Python): Promise<string> {
  const name = `psx-${python.pid}`;
  await python.run(`open("/proc/self/comm", "w").write("${name}")`);
  return name;
}

it('each block of the page is run here', () => {
  expect(snippetsOf(PAGE)).toHaveLength(11);
});

describe('who listens on a port', () => {
  it('is found by the program', async () => {
    const name = await nameOf(server);
    const fd = await server.run<number>('listening.fileno()');
    expect(await linesOf(PORT)).toEqual([
      `${name} (${server.pid}) listens on 127.0.0.1 port ${port} by descriptor ${fd}`,
    ]);
  });

  it('is found by the command', async () => {
    const [heads, line, another] = await linesOfCommand(PORT_COMMAND);
    expect(heads).toMatch(/^ *PID +NAME/);
    expect(line).toMatch(new RegExp(`^ *${server.pid} .* tcp +listen +127\\.0\\.0\\.1:${port} `));
    expect(another).toBeUndefined();
  });
});

describe('what has to be restarted', () => {
  it('is a process whose program is deleted, or one with a library that is', async ({ skip }) => {
    const library = /\S+\/libm\.so\.6$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
    skip(library === undefined, 'Node.js is linked with another C library than glibc here');
    const program = join(folder, 'sleep');
    const copy = join(folder, 'library.so');
    copyFileSync('/usr/bin/sleep', program);
    copyFileSync(library as string, copy);
    using old = await sleeper(['env', `PATH=${folder}`]);
    using user = await sleeper(['env', `LD_PRELOAD=${copy}`]);
    using fresh = await sleeper();
    for (const file of [program, copy]) rmSync(file);
    const lines = await linesOf(RESTART);
    const lineOf = (pid: number) => lines.find((line) => line.includes(`(${pid}, `));
    expect(lineOf(old.pid)).toMatch(new RegExp(`^sleep .*\\) runs deleted files: ${program}$`));
    expect(lineOf(user.pid)).toMatch(new RegExp(`^sleep .*\\) runs deleted files: ${copy}$`));
    expect(lineOf(fresh.pid)).toBeUndefined();
  });

  it('is found by the command, where it is the program', async ({ skip }) => {
    skip(...lacking.jq);
    const program = join(folder, 'sleep');
    copyFileSync('/usr/bin/sleep', program);
    using old = await sleeper(['env', `PATH=${folder}`]);
    rmSync(program);
    const rows = (await linesOfCommand(RESTART_COMMAND)).map((line) => JSON.parse(line));
    expect(rows).toContainEqual({ pid: old.pid, name: 'sleep', exe: program, exeDeleted: true });
  });
});

describe('who has a deleted file open', () => {
  it('is found with the size of the file', async () => {
    const name = await nameOf(server);
    const path = JSON.stringify(join(folder, 'log'));
    await server.run(`log = open(${path}, "wb"); log.write(b"x" * 300000); log.flush(); os.fsync(log.fileno())`);
    await server.run(`os.remove(${path})`);
    const size = await server.run<number>('os.fstat(log.fileno()).st_blocks * 512');
    expect(size).toBeGreaterThanOrEqual(300_000);
    const lines = await linesOf(DELETED);
    expect(lines.filter((line) => line.startsWith(name))).toEqual([
      `${name} (${server.pid}) holds ${size} bytes of ${join(folder, 'log')}`,
    ]);
  });

  it('is found by the command', async ({ skip }) => {
    skip(...lacking.jq);
    const path = join(folder, 'other');
    await server.run(`other = open(${JSON.stringify(path)}, "wb")`);
    const fd = await server.run('other.fileno()');
    await server.run(`os.remove(${JSON.stringify(path)})`);
    const rows = (await linesOfCommand(DELETED_COMMAND)).map((line) => JSON.parse(line));
    expect(rows).toContainEqual({
      pid: server.pid,
      name: expect.any(String),
      fd: expect.objectContaining({ fd, path, deleted: true }),
    });
  });
});

it('the processes of a container are listed with what they use', async ({ skip }) => {
  skip(...lacking.root);
  const id = randomBytes(32).toString('hex');
  const cgroup = ContainerCgroup.of(id);
  skip(cgroup === undefined, 'no control group of version 2 can be made here');
  using group = cgroup as ContainerCgroup;
  const inside = await Python.start(group.wrapper);
  try {
    const name = await nameOf(inside);
    await inside.run('import time, os');
    await inside.run('while time.process_time() < 0.3: pass');
    const lines = await linesOf(CONTAINER);
    const line = lines.find((each) => each.includes(`(${inside.pid})`));
    const [, seconds, megabytes] = /: ([\d.]+) s, ([\d.]+) MB$/.exec(line ?? '') ?? [];
    expect(line?.startsWith(`${id.slice(0, 12)} ${name} (`)).toBe(true);
    expect(Number(seconds)).toBeGreaterThanOrEqual(0.2);
    expect(Number(megabytes)).toBeGreaterThan(1);
    expect(lines.some((each) => each.includes(`(${server.pid})`))).toBe(false);
  } finally {
    await inside.end();
    // The kernel lets go of the group a moment later.
    await until('the group is empty', () => group.isEmpty);
  }
});

describe('the ten largest processes', () => {
  it('are printed by the program, the largest first', async () => {
    // The name of a process of another test may have a line break: such a process takes two lines.
    const sizes = (await linesOf(LARGEST)).flatMap((line) => /: ([\d.]+) MB$/.exec(line)?.slice(1).map(Number) ?? []);
    expect(sizes.length).toBeLessThanOrEqual(10);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  it('are printed by the command', async () => {
    const [heads, ...lines] = await linesOfCommand(LARGEST_COMMAND);
    expect(heads?.trim().split(/ +/)).toEqual('PID USER TIME RSS STATE AGE COMMAND'.split(' '));
    expect(lines.length).toBeLessThanOrEqual(10);
    const sizes = lines.map((line) => {
      const [, number, unit = ''] = /:\d\d +([\d.]+)([KMGT]?) /.exec(line) ?? [];
      return Number(number) * 1024 ** 'KMGT'.indexOf(unit);
    });
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });
});

describe('who has capabilities', () => {
  const WITH_ADMIN = [
    'setpriv',
    '--reuid=65534',
    '--clear-groups',
    '--inh-caps=+sys_admin',
    '--ambient-caps=+sys_admin',
  ];
  const WITHOUT = ['setpriv', '--reuid=65534', '--clear-groups'];

  it('is found by the program', async ({ skip }) => {
    skip(...lacking.root);
    using holder = await sleeper(WITH_ADMIN);
    using other = await sleeper(WITHOUT);
    const lines = await linesOf(CAPABILITIES);
    expect(lines).toContain(`sleep (${holder.pid}) has CAP_SYS_ADMIN`);
    expect(lines.some((line) => line.includes(`(${other.pid})`))).toBe(false);
  });

  it('is found by the command', async ({ skip }) => {
    skip(...lacking.root);
    skip(...lacking.jq);
    using holder = await sleeper(WITH_ADMIN);
    using other = await sleeper(WITHOUT);
    const rows = (await linesOfCommand(CAPABILITIES_COMMAND)).map((line) => JSON.parse(line) as { pid: number });
    expect(rows).toContainEqual({ pid: holder.pid, name: 'sleep' });
    expect(rows.map(({ pid }) => pid)).not.toContain(other.pid);
  });
});
