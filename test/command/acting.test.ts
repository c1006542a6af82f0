import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND, psutilExtra } from '../cli-command.js';
import { commandsIn, snippet } from '../documents/markdown.js';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { Spawned } from '../processes/spawned.js';
import { Trees } from '../processes/trees.js';
import { until } from '../processes/until.js';
import { PASSED_ON } from './passed-on.js';

describe('kill', () => {
  it('sends SIGTERM, and prints nothing', async () => {
    using asleep = await sleeper();
    const ended = new Promise((resolve) => asleep.child.on('exit', (_, signal) => resolve(signal)));
    expect(await psutilExtra(['kill', String(asleep.pid)])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await ended).toBe('SIGTERM');
  });

  it('sends another signal, by name and by number', async () => {
    for (const signal of ['SIGUSR1', 'usr1', '10']) {
      using asleep = await sleeper();
      const ended = new Promise((resolve) => asleep.child.on('exit', (_, by) => resolve(by)));
      expect(await psutilExtra(['kill', '--signal', signal, String(asleep.pid)])).toMatchObject({ code: 0 });
      expect(await ended).toBe('SIGUSR1');
    }
  });

  it('signals the others where one is missing, and exits with 3', async () => {
    using asleep = await sleeper();
    const ended = new Promise((resolve) => asleep.child.on('exit', (_, signal) => resolve(signal)));
    const outcome = await psutilExtra(['kill', String(UNUSED_PID), String(asleep.pid)]);
    expect(outcome).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(String(UNUSED_PID)) });
    expect(await ended).toBe('SIGTERM');
  });

  it('refuses a signal that does not exist', async () => {
    const outcome = await psutilExtra(['kill', '--signal', 'SIGNOTHING', String(UNUSED_PID)]);
    expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('SIGNOTHING') });
  });

  it('finds no process 0, which is a group for kill(2)', async () => {
    expect(await psutilExtra(['kill', '0'])).toMatchObject({ code: 3, stdout: '' });
  });

  it.each(['-9', '-1', '-1234'])('refuses %s, and says where a signal is to be written', async (pid) => {
    const { code, stdout, stderr } = await psutilExtra(['kill', pid, String(UNUSED_PID)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`'${pid}' is invalid for argument 'pid'. It is not a PID. A signal is --signal 9`);
  });

  it('refuses --grace without --tree, and sends nothing', async () => {
    using asleep = await sleeper();
    const outcome = await psutilExtra(['kill', '--grace', '3', String(asleep.pid)]);
    expect(outcome).toEqual({
      code: 2,
      stdout: '',
      stderr: 'psutil-extra: --grace is an option of --tree, which is missing\n',
    });
    expect(asleep.running).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'with --tree, interrupted by %s, which is passed on to it again, ends by it and leaves nothing stopped',
    async (signal) => {
      using tree = await SlowlyStopped.start();
      // A signal that they ignore, so that both are left afterwards.
      const args = ['kill', '--tree', '--signal', 'WINCH', '--grace', '300', String(tree.parent)];
      using command = new Spawned([process.execPath, ...PASSED_ON, COMMAND, ...args], { stdio: 'ignore' });
      const exit = once(command.child, 'exit');
      await until('the child is stopped', () => stateOf(tree.child) === 'T');
      command.child.kill(signal);
      expect(await exit).toEqual([null, signal]);
      await until('both are as before', () => stateOf(tree.child) === 'S' && stateOf(tree.parent) === 'D');
    },
  );

  it('with --tree prints the end of each process', async () => {
    using family = new Spawned(['sh', '-c', 'echo begun; sleep 301 & wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => family.child.stdout?.once('data', resolve));
    const { code, stdout, stderr } = await psutilExtra(['kill', '--tree', String(family.pid)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toContain(`${family.pid} ended`);
    for (const line of lines) expect(line).toMatch(/^\d+ ended$/);
  });
});

describe('kill --tree of several processes', () => {
  it('prints a line for each, also for one that is in the tree of another', async () => {
    using trees = new Trees();
    const pids = await trees.make('tree 1 2');
    const { code, stdout, stderr } = await psutilExtra(['kill', '--tree', ...pids.map(String)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n').sort()).toEqual(pids.map((pid) => `${pid} ended`).sort());
  });

  it('acts on those that had the PIDs at the beginning: one that has ended meanwhile is no error', async () => {
    using stubborn = await Python.start();
    await stubborn.run('got = []');
    await stubborn.run('signal.signal(signal.SIGTERM, lambda *_: got.append(1)) and None');
    using other = await sleeper();
    const outcome = psutilExtra(['kill', '--tree', '--grace', '3', String(stubborn.pid), String(other.pid)]);
    await stubborn.until('len(got) > 0');
    await other.end();
    const stdout = `${stubborn.pid} killed\n${other.pid} ended\n`;
    expect(await outcome).toEqual({ code: 0, stdout, stderr: '' });
  });
});

describe('wait', () => {
  it.each([
    ['os._exit(7)', 7, 'exited with 7'],
    ['os.kill(os.getpid(), signal.SIGKILL)', 137, 'killed by SIGKILL'],
    ['os.kill(os.getpid(), signal.SIGRTMIN + 3)', 165, 'killed by SIGRTMIN+3'],
  ])('of a process that does %s exits with %i', async (ending, code, text) => {
    using parent = await Python.start();
    const [pid, pipe] = await parent.run<[number, number]>(`ending(${JSON.stringify(ending)})`);
    const waiting = psutilExtra(['wait', String(pid)]);
    await parent.run(`os.close(${pipe})`);
    expect(await waiting).toEqual({ code, stdout: `${pid} ${text}\n`, stderr: '' });
  });

  it.each(['0.1', '0.1s', '0.002m'])('exits with 124 after --timeout %s', async (time) => {
    using asleep = await sleeper();
    const outcome = await psutilExtra(['wait', '--timeout', time, String(asleep.pid)]);
    expect(outcome).toMatchObject({ code: 124, stdout: '', stderr: expect.stringContaining(`process ${asleep.pid}`) });
  });

  it('exits with 3 where there is no such process', async () => {
    expect(await psutilExtra(['wait', String(UNUSED_PID)])).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('as docs/command.md shows it', () => {
  const { code } = snippet('docs/command.md: psutil-extra kill 1234                         # SIGTERM');

  it.each(commandsIn(code))('%s is understood', async (command) => {
    const [, ...args] = command.replaceAll(/\b123[45]\b/g, String(UNUSED_PID)).split(' ');
    expect(await psutilExtra(args)).toMatchObject({ code: 3, stdout: '' });
  });
});

/**
 * A parent that stops only half a second after its child is stopped, if at all: it waits in the kernel until the child, which
 * vfork(2) has made, executes a program; and the child waits for the other end of a FIFO.
 */
class SlowlyStopped implements Disposable {
  readonly parent: number;
  readonly child: number;
  readonly #python: Python;
  /** Of the FIFO, which is opened anew after a stop. */
  readonly #folder: string;

  static async start(): Promise<SlowlyStopped> {
    const python = await Python.start();
    await python.run('import tempfile');
    const fifo = await python.run<string>('tempfile.mkdtemp() + "/fifo"');
    await python.run(`os.mkfifo(${JSON.stringify(fifo)})`);
    const actions = `[(os.POSIX_SPAWN_OPEN, 0, ${JSON.stringify(fifo)}, os.O_RDONLY, 0)]`;
    // It is not answered: it ends with the process.
    python.run(`os.posix_spawn("/bin/true", ["true"], {}, file_actions=${actions})`).catch(() => {});
    const child = await until('it has a child', () => childOf(python.pid));
    return new SlowlyStopped(python, child, dirname(fifo));
  }

  private constructor(python: Python, child: number, folder: string) {
    this.#python = python;
    this.#folder = folder;
    this.parent = python.pid;
    this.child = child;
  }

  [Symbol.dispose](): void {
    this.#python[Symbol.dispose]();
    process.kill(this.child, 'SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }
}

/** The first child of a process, once it waits in a FIFO. */
function childOf(pid: number): number | undefined {
  const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  return child > 0 && stateOf(child) === 'S' && stateOf(pid) === 'D' ? child : undefined;
}
