import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../cli-command.js';
import { noEvents } from '../events/sources.js';
import { lacking } from '../processes/abilities.js';
import { processes, waitsFor } from '../processes/pidfds.js';
import { commOf, stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { UNUSED_PID } from '../processes/sleeper.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';
import { type Snippet, snippet, snippetsOf } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

/** The page of programs that supervise, log and stop: each acts on processes that were made for it. */
const PAGE = 'site/pages/recipes/supervise.md';
/** Names that no other process has; the kernel keeps 15 bytes. */
const SERVICE = `psx-s-${process.pid}`;
const FOREIGN = `psx-f-${process.pid}`;
const NOBODY = 65_534;
const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-supervise-'));
const pidFile = join(folder, 'service.pid');
chmodSync(folder, 0o755);
const me = userInfo().username;
/** Whose programs are logged: root may run them as another user, and has others of its own. */
const logged = process.getuid?.() === 0 ? execFileSync('id', ['-nu', String(NOBODY)], { encoding: 'utf8' }).trim() : me;

const RESTART = changed(
  snippet('site/pages/recipes/supervise.md: // restart.mts'),
  ["['nginx']", JSON.stringify(['sh', '-c', `${join(folder, SERVICE)} 300 & echo $! > ${pidFile}`])],
  ["'/run/nginx.pid'", JSON.stringify(pidFile)],
  ["'nginx'", `'${SERVICE}'`],
);
const SUPERVISE = changed(snippet('site/pages/recipes/supervise.md: // supervise.mts'), ['redis-server', FOREIGN]);
const LOG = changed(snippet('site/pages/recipes/supervise.md: // log.mts'), ['www-data', logged]);
const SCRIPT = snippet('site/pages/recipes/supervise.md: # Waits until the backup has ended, for an hour at most.');
const STOP = changed(
  snippet('site/pages/recipes/supervise.md: // stop-tree.mts'),
  ['process.argv[2]', "process.env['ROOT']"],
  ['10_000', '200'],
);
const STOP_COMMAND = snippet(
  'site/pages/recipes/supervise.md: psutil-extra kill --tree --signal INT --grace 10 "$pid"',
);
const TABLE = changed(
  snippet('site/pages/recipes/supervise.md: // table.mts'),
  ['www-data', me],
  ['// table.mts', 'console.table = (rows) => console.log(JSON.stringify(rows));'],
  ['2000', '200'],
);

let snippets: SnippetFolder;
const running: Spawned[] = [];

beforeAll(async () => {
  for (const name of [SERVICE, FOREIGN]) copyFileSync('/usr/bin/sleep', join(folder, name));
  snippets = await SnippetFolder.make();
  expect(await snippets.compile([RESTART, SUPERVISE, LOG, STOP, TABLE])).toBe('');
});

afterAll(async () => {
  for (const each of running) each[Symbol.dispose]();
  // Also those that others have started, where a test has failed.
  for (const pid of processes().filter(isOurs)) process.kill(pid, 'SIGKILL');
  await snippets[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A block with what a test has in place of a service of the page; each must be there. */
function changed(block: Snippet, ...changes: readonly (readonly [string, string])[]): Snippet {
  let { code } = block;
  for (const [from, to] of changes) {
    expect(code).toContain(from);
    code = code.replace(from, () => to);
  }
  return { ...block, code };
}

/** A program of the page while it runs. */
class Program {
  readonly spawned: Spawned;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<unknown[]>;

  constructor(program: Snippet) {
    this.spawned = snippets.startCompiled(program);
    running.push(this.spawned);
    const { child } = this.spawned;
    this.#lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })[Symbol.asyncIterator]();
    this.#exit = once(child, 'exit');
  }

  /** The next line that it prints of those that are meant. */
  async line(isMeant: (line: string) => boolean = () => true): Promise<string> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done === true) throw new Error(`it has ended without the line that is meant: ${String(isMeant)}`);
      if (isMeant(value)) return value;
    }
  }

  /** Ends it as a service manager does; resolves with its exit code and the signal that ended it. */
  async stop(): Promise<unknown[]> {
    this.spawned.child.kill('SIGTERM');
    return await this.#exit;
  }
}

/** A process of this name. */
async function named(name: string): Promise<Spawned> {
  const spawned = new Spawned([join(folder, name), '300'], { stdio: 'ignore' });
  running.push(spawned);
  await until(`${name} runs`, () => commOf(spawned.pid) === name && stateOf(spawned.pid) === 'S');
  return spawned;
}

/** The PID of the service that runs, other than these. */
function serviceBut(...others: number[]): Promise<number> {
  return until('the service runs', () => {
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
    return others.includes(pid) || commOf(pid) !== SERVICE ? undefined : pid;
  });
}

/** What is printed when it has been killed. Its parent, which may wait for it at once, is the first process or stands for it. */
function endOf(service: number): RegExp {
  return new RegExp(`^${SERVICE} \\(${service}\\) has ended: (?:SIGKILL|it is not known how)$`);
}

/** The script that waits, with a file that has this PID. */
function waiting(pid: number, code = SCRIPT.code): Promise<Outcome> {
  writeFileSync(pidFile, `${pid}\n`);
  return snippets.shell(code.replace('backup.pid', pidFile).replace('= backup', `= ${SERVICE}`), 'sh', []);
}

it('each block of the page is run here', () => {
  expect(snippetsOf(PAGE)).toHaveLength(7);
});

describe('a service that ends', () => {
  it('is started again, also by a program that has not started it', async () => {
    const first = new Program(RESTART);
    const one = await serviceBut();
    await until('it waits', () => waitsFor(first.spawned.pid, one));
    process.kill(one, 'SIGKILL');
    expect(await first.line()).toMatch(endOf(one));
    const two = await serviceBut(one);
    expect(await first.stop()).toEqual([0, null]);
    expect(stateOf(two)).toBe('S');

    const second = new Program(RESTART);
    await until('it waits', () => waitsFor(second.spawned.pid, two));
    process.kill(two, 'SIGKILL');
    expect(await second.line()).toMatch(endOf(two));
    const three = await serviceBut(one, two);
    expect(await second.stop()).toEqual([0, null]);
    process.kill(three, 'SIGKILL');
  });

  it('is started where another process has the PID of its file', async () => {
    using other = await named(FOREIGN);
    writeFileSync(pidFile, `${other.pid}\n`);
    const program = new Program(RESTART);
    const pid = await serviceBut(other.pid);
    expect(await program.stop()).toEqual([0, null]);
    expect(other.running).toBe(true);
    process.kill(pid, 'SIGKILL');
  });
});

it('a process that somebody else started is waited for, and its replacement', async () => {
  using python = await Python.start();
  // A parent that does not wait for its children.
  await python.run('import subprocess');
  const start = () =>
    python.run<number>(
      `(globals().setdefault("kept", []).append(subprocess.Popen([${JSON.stringify(join(folder, FOREIGN))}, "300"])), kept[-1].pid)[1]`,
    );
  const one = await start();
  const program = new Program(SUPERVISE);
  expect(await program.line()).toMatch(new RegExp(`^${one} runs since \\d{4}-`));
  process.kill(one, 'SIGKILL');
  expect(await program.line()).toBe(`${one} has ended: SIGKILL`);
  const two = await start();
  expect(await program.line()).toMatch(new RegExp(`^${two} runs since `));
  process.kill(two, 'SIGTERM');
  expect(await program.line()).toBe(`${two} has ended: SIGTERM`);
  expect(await program.stop()).toEqual([0, null]);
});

it('the programs that a user runs are logged, and no others', async ({ skip }) => {
  skip(...noEvents);
  const program = new Program(LOG);
  const [theirs, own] = [join(folder, SERVICE), join(folder, FOREIGN)];
  const asThem = logged === me ? [] : ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  // Until it has begun, nothing is logged.
  const again = setInterval(() => {
    if (logged !== me) running.push(new Spawned([own, '5'], { stdio: 'ignore' }));
    running.push(new Spawned([...asThem, theirs, '5'], { stdio: 'ignore' }));
  }, 200);
  try {
    for (let count = 0; count < 3; count++) {
      expect(await program.line((line) => line.includes(folder))).toMatch(
        new RegExp(`^${logged} runs ${theirs} \\(\\d+\\)$`),
      );
    }
  } finally {
    clearInterval(again);
  }
  expect(await program.stop()).toEqual([0, null]);
});

describe('the script that waits for the process of a PID file', () => {
  it('exits with its exit code', async ({ skip }) => {
    // Its parent, this process, waits for it at once.
    skip(...lacking.exitInfo);
    using python = await Python.start();
    await python.run(`open("/proc/self/comm", "w").write("${SERVICE}")`);
    const outcome = waiting(python.pid);
    await until('it is waited for', () => processes().some((pid) => waitsFor(pid, python.pid)));
    await python.run('threading.Timer(0.1, lambda: os._exit(7)).start()');
    expect(await outcome).toEqual({ code: 7, stdout: `${python.pid} exited with 7\n`, stderr: '' });
  });

  it('exits with 124 if it does not end in time', async () => {
    using server = await named(SERVICE);
    const { code, stderr } = await waiting(server.pid, SCRIPT.code.replace('--timeout 3600', '--timeout 0.2'));
    expect(code).toBe(124);
    expect(stderr).toContain(`process ${server.pid} has not ended within 0.2 s`);
  });

  it('does not wait for another process that has its PID, nor where there is none', async () => {
    using other = await named(FOREIGN);
    const done = { code: 0, stdout: '', stderr: '' };
    expect(await waiting(other.pid)).toEqual(done);
    expect(await waiting(UNUSED_PID)).toEqual(done);
    expect(await snippets.shell(SCRIPT.code, 'sh', [])).toEqual(done);
  });
});

describe('a tree', () => {
  it('is stopped by the program, which reports what had not ended in time', async () => {
    using python = await Python.start();
    await python.run('signal.signal(signal.SIGINT, signal.SIG_IGN) and None');
    const outcome = await snippets.runCompiled(STOP, { ROOT: String(python.pid) });
    const stdout = `${python.pid} had not ended after 10 seconds, and was killed\n`;
    expect(outcome).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('is stopped by the command, which reports each process', async () => {
    using family = await named(SERVICE);
    const outcome = await snippets.shell(`pid=${family.pid}\n${STOP_COMMAND.code}`);
    expect(outcome).toEqual({ code: 0, stdout: `${family.pid} ended\n`, stderr: '' });
  });
});

it("the table of a user's processes has one that begins, with its command line, until it ends", async () => {
  const program = new Program(TABLE);
  await program.line();
  using mine = await named(FOREIGN);
  const row = { pid: mine.pid, name: FOREIGN, cmdline: [join(folder, FOREIGN), '300'] };
  await program.line((line) => line.includes(JSON.stringify(row)));
  await mine.end();
  await program.line((line) => !line.includes(`"pid":${mine.pid},`));
  expect(await program.stop()).toEqual([0, null]);
});

function isOurs(pid: number): boolean {
  const name = commOf(pid);
  return name === SERVICE || name === FOREIGN;
}
