import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readlinkSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { becoming } from '../processes/becoming.js';
import { Compiled } from '../processes/compiled.js';
import { commAndState, ps } from '../processes/proc.js';
import { psutil } from '../processes/psutil.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

describe('cmdline', () => {
  test('has each argument as it was given: with a newline, a space, empty, and not of ASCII', async () => {
    using shell = await becoming('sh', ['odd name', '-c', 'read line', 'new\\nline', '', '\\xc3\\xa9', 'last']);
    const expected = ['odd name', '-c', 'read line', 'new\nline', '', 'é', 'last'];
    expect(await client.cmdline(shell.pid)).toEqual(expected);
    expect(readFileSync(`/proc/${shell.pid}/cmdline`, 'utf8')).toBe(`${expected.join('\0')}\0`);
  });

  test('has U+FFFD for bytes that are not UTF-8', async () => {
    using asleep = await becoming('sleep', ['a\\xffb', '300']);
    expect(await client.cmdline(asleep.pid)).toEqual(['a\ufffdb', '300']);
  });

  test('is what psutil reports', async ({ skip }) => {
    skip(...lacking.psutil);
    using asleep = await sleeper(['setsid']);
    expect(await client.cmdline(asleep.pid)).toEqual(psutil(asleep.pid, 'p.cmdline()'));
  });

  test('has a hundred thousand arguments', async () => {
    const args = Array.from({ length: 100_000 }, (_, i) => String(i));
    using shell = new Spawned(['sh', '-c', 'read line', ...args], { stdio: ['pipe', 'ignore', 'inherit'] });
    await until('the shell waits', () => commAndState(shell.pid) === 'sh S');
    expect(await client.cmdline(shell.pid)).toEqual(['sh', '-c', 'read line', ...args]);
  });

  test('is one argument where the process has written a title over them, short or long', async () => {
    using titled = new Compiled('titled.c', ['some', 'arguments', 'to', 'overwrite']);
    await titled.line('worker: ready');
    expect(await client.cmdline(titled.pid)).toEqual(['worker: ready']);
    const long = `worker: ${'x'.repeat(300)}`;
    await titled.line(long);
    expect(await client.cmdline(titled.pid)).toEqual([long]);
    expect(readFileSync(`/proc/${titled.pid}/cmdline`, 'utf8').replace(/\0+$/, '')).toBe(long);
  });
});

async function of(pid: number): Promise<unknown> {
  const { exe, exeDeleted } = await client.snapshot(pid, { fields: ['exe', 'exeDeleted'] });
  return [exe, exeDeleted];
}

describe('exe', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'psutil-extra-exe-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A copy of sleep of this name that runs. */
  async function running(name: string): Promise<Spawned & { path: string }> {
    const path = join(folder, name);
    copyFileSync('/bin/sleep', path);
    const spawned = new Spawned([path, '300'], { stdio: 'ignore' });
    await until(`${name} sleeps`, () => commAndState(spawned.pid) === `${name} S`);
    return Object.assign(spawned, { path });
  }

  test('is the path that the kernel has', async () => {
    expect(await of(process.pid)).toEqual([readlinkSync('/proc/self/exe'), false]);
  });

  test('of a deleted program has no " (deleted)", and exeDeleted is true', async () => {
    using program = await running('plain');
    unlinkSync(program.path);
    expect(readlinkSync(`/proc/${program.pid}/exe`)).toBe(`${program.path} (deleted)`);
    expect(await of(program.pid)).toEqual([program.path, true]);
  });

  test('of a program whose own name ends in " (deleted)" is that name, there or not', async () => {
    using program = await running('odd (deleted)');
    expect(await of(program.pid)).toEqual([program.path, false]);
    unlinkSync(program.path);
    expect(await of(program.pid)).toEqual([program.path, true]);
  });

  test('of a program that another file replaced is deleted', async () => {
    using program = await running('plain');
    unlinkSync(program.path);
    writeFileSync(program.path, '');
    expect(await of(program.pid)).toEqual([program.path, true]);
  });

  test('of a deleted program is deleted beside a file whose name is the kernel’s text', async () => {
    using program = await running('plain');
    unlinkSync(program.path);
    writeFileSync(`${program.path} (deleted)`, '');
    expect(await of(program.pid)).toEqual([program.path, true]);
  });

  test('has U+FFFD for bytes that are not UTF-8, and is not deleted', async () => {
    const path = Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]);
    copyFileSync('/bin/sleep', path);
    using python = await Python.start();
    python.run(`os.execv(b'${folder}/a\\xff', [b'sleep', b'300'])`).catch(() => {});
    await until('python3 has become the copy', async () => (await client.exe(python.pid))?.startsWith(folder));
    expect(await client.exe(python.pid)).toBe(`${folder}/a\ufffd`);
    expect(await of(python.pid)).toEqual([`${folder}/a\ufffd`, false]);
  });

  test('of a program in another mount namespace is its path there, odd names and deleted ones too', async ({
    skip,
  }) => {
    skip(...lacking.namespaces);
    const script = 'mount -t tmpfs none "$0" && cp /bin/sleep "$0/sleep" && exec "$0/sleep" 300';
    using program = await sleeper(['unshare', '--mount', 'sh', '-c', script, folder]);
    expect(await of(program.pid)).toEqual([join(folder, 'sleep'), false]);
    const odd = `mount -t tmpfs none "$0" && cp /bin/sleep "$0/a (deleted)" && exec "$0/a (deleted)" 300`;
    using other = new Spawned(['unshare', '--mount', 'sh', '-c', odd, folder], { stdio: 'ignore' });
    await until('it sleeps', () => commAndState(other.pid) === 'a (deleted) S');
    expect(await of(other.pid)).toEqual([join(folder, 'a (deleted)'), false]);
    unlinkSync(`/proc/${other.pid}/root${folder}/a (deleted)`);
    expect(await of(other.pid)).toEqual([join(folder, 'a (deleted)'), true]);
  });

  test('cwd of a folder that is removed has no " (deleted)"', async () => {
    const removed = mkdtempSync(join(folder, 'cwd-'));
    using shell = new Spawned(['sh', '-c', 'read line'], { cwd: removed, stdio: ['pipe', 'ignore', 'inherit'] });
    await until('the shell waits', () => commAndState(shell.pid) === 'sh S');
    expect(await client.cwd(shell.pid)).toBe(removed);
    rmSync(removed, { recursive: true });
    expect(readlinkSync(`/proc/${shell.pid}/cwd`)).toBe(`${removed} (deleted)`);
    expect(await client.cwd(shell.pid)).toBe(removed);
  });
});

describe('environ', () => {
  test('has the last value of a name, values with "=", and no entry without one', async () => {
    using asleep = await becoming('sleep', ['sleep', '300'], ['A=1', 'B=x=y', 'NONE', 'A=2', 'EMPTY=', 'ODD=\\xff']);
    expect(await client.environ(asleep.pid)).toEqual({ A: '2', B: 'x=y', EMPTY: '', ODD: '\ufffd' });
  });

  test('is empty where it was', async () => {
    using asleep = await becoming('sleep', ['sleep', '300']);
    expect(await client.environ(asleep.pid)).toEqual({});
  });

  test('has a value of a name that objects have too', async () => {
    using asleep = await becoming('sleep', ['sleep', '300'], ['__proto__=1', 'constructor=2']);
    const environ = await client.environ(asleep.pid);
    expect(Object.entries(environ)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});

test('username is the name of the effective user, or the number of one without a name', async ({ skip }) => {
  skip(...lacking.root);
  using nobody = await sleeper(['setpriv', '--reuid=65534', '--clear-groups']);
  using nameless = await sleeper(['setpriv', '--reuid=54321', '--clear-groups']);
  using effective = await Python.start();
  await effective.run('os.seteuid(65534)');
  const name = execFileSync('id', ['-un', '65534'], { encoding: 'utf8' }).trim();
  expect(await client.username(nobody.pid)).toBe(name);
  expect(await client.username(effective.pid)).toBe(name);
  expect(await client.username(nameless.pid)).toBe('54321');
  expect(await client.username(process.pid)).toBe(ps(process.pid, 'user')[0]);
});

test('terminal is that of ps, and null where there is none', async () => {
  using python = await Python.start();
  await python.run('import pty; child, terminal = pty.fork(); child or os.execvp("sleep", ["sleep", "300"])');
  const pid = await python.run<number>('child');
  await until('it sleeps', () => commAndState(pid) === 'sleep S');
  const [tty] = ps(pid, 'tty') as [string];
  expect(tty).toMatch(/^pts\/\d+$/);
  expect(await client.terminal(pid)).toBe(`/dev/${tty}`);
  using daemon = await sleeper(['setsid']);
  expect(ps(daemon.pid, 'tty')).toEqual(['?']);
  expect(await client.terminal(daemon.pid)).toBeNull();
});

describe('of a process that executes one program after the other', () => {
  const PROGRAM = ['exe', 'cmdline'] as const;

  test('a snapshot of a Process has the path and the arguments of the same one', async () => {
    using executing = new Compiled('executing.c');
    await executing.line();
    const process = await client.process(executing.pid);
    const paths = new Set<string | null>();
    for (let i = 0; i < 1000; i++) {
      // It may have executed another one each time that it was read, and the call says so.
      const snapshot = await process.snapshot({ fields: PROGRAM }).catch((error) => {
        expect(error).toMatchObject({ code: 'EAGAIN', syscall: 'execve', pid: executing.pid });
        return undefined;
      });
      if (snapshot === undefined) continue;
      expect(snapshot).not.toSatisfy(isMixed);
      paths.add(snapshot.exe);
    }
    expect(paths.size).toBe(2);
  });
});

/** Each program has its own path as its first argument. */
function isMixed({ exe, cmdline }: { exe: string | null; cmdline: string[] | null }): boolean {
  return exe !== null && cmdline !== null && cmdline.length > 2 && cmdline[1] !== exe;
}
