import { copyFileSync, mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lacking } from './abilities.js';
import { becoming } from './becoming.js';
import { Compiled } from './compiled.js';
import { commAndState, stateOf } from './proc.js';
import { Python } from './python.js';
import { sleeper } from './sleeper.js';
import { Spawned } from './spawned.js';
import { until } from './until.js';

/** Commands that become the one they are given, which is then of an odd kind. */
const WRAPPERS = [
  ['chrt', '--batch', '0'],
  ['chrt', '--idle', '0'],
  ['nice', '-n', '19'],
  ['ionice', '-c', '3'],
  ['ionice', '-c', '2', '-n', '7'],
  ['taskset', '-c', '0'],
  ['env', '-i'],
  ['setsid'],
];
const WRAPPERS_OF_ROOT = [
  ['chrt', '--rr', '3'],
  ['chrt', '--fifo', '99'],
  ['chrt', ...'--deadline --sched-runtime 1000000 --sched-deadline 10000000 --sched-period 10000000 0'.split(' ')],
  ['nice', '-n', '-20'],
  ['ionice', '-c', '1', '-n', '0'],
  ['setpriv', '--ruid', '1', '--euid', '2', '--rgid', '3', '--egid', '4', '--clear-groups'],
  ['setpriv', '--reuid', '54321', '--regid', '54322', '--clear-groups'],
];
/** What a Python program does to itself to be one. */
const DEEDS = [
  `rename(b'a) Z (1 2')`,
  `rename(b'\\xff\\n\\t')`,
  'zombie()',
  'fork(lambda: os.kill(os.getpid(), signal.SIGSTOP))',
  'signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())',
  'signal.signal(64, signal.SIG_IGN)',
  '[thread() for _ in range(3)]',
  'os.setpgid(0, 0)',
  `__import__('pty').fork()`,
];

/**
 * A process of each odd kind, for what looks at every process of the machine: other tests start such processes beside it,
 * and not in every run.
 */
export class Oddities implements Disposable {
  readonly #started: (Disposable & { readonly pid: number })[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'psutil-extra-oddities-'));

  /** Those that this process started: some have children of their own. */
  get pids(): number[] {
    return this.#started.map(({ pid }) => pid);
  }

  static async start(): Promise<Oddities> {
    const oddities = new Oddities();
    try {
      await oddities.#start();
    } catch (error) {
      oddities[Symbol.dispose]();
      throw error;
    }
    return oddities;
  }

  async #start(): Promise<void> {
    const [isNotRoot] = lacking.root;
    for (const wrapper of isNotRoot ? WRAPPERS : [...WRAPPERS, ...WRAPPERS_OF_ROOT]) {
      this.#started.push(await sleeper(wrapper));
    }
    for (const deed of DEEDS) await this.#python(deed);
    const gone = join(this.#folder, 'gone');
    await this.#python(`os.mkdir('${gone}'), os.chdir('${gone}'), os.rmdir('${gone}')`);
    this.#started.push(
      await becoming('sh', ['', '-s', '', '\\xff\\n'], ['A=1', 'A=2', '=', 'no equals sign', 'B=\\xff']),
    );
    const program = join(this.#folder, 'deleted');
    copyFileSync('/bin/sleep', program);
    const deleted = new Spawned([program, '300'], { stdio: 'ignore' });
    this.#started.push(deleted);
    await until('it sleeps', () => commAndState(deleted.pid) === 'deleted S');
    unlinkSync(program);
    const leaderless = new Compiled('leaderless.c');
    this.#started.push(leaderless);
    await leaderless.line();
    await until('its leader has ended', () => stateOf(leaderless.pid) === 'Z');
    const titled = new Compiled('titled.c', ['one', 'two']);
    this.#started.push(titled);
    await titled.line('a title  of words');
  }

  async #python(deed: string): Promise<void> {
    const python = await Python.start();
    this.#started.push(python);
    await python.run(deed);
  }

  [Symbol.dispose](): void {
    for (const each of this.#started) each[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true });
  }
}
