import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOf, type Ended, runNode } from '../processes/node.js';
import { UNUSED_PID } from '../processes/sleeper.js';

/** In the order of `enum call` in failing-calls.c. */
const CALLS = [
  '',
  'openat',
  'read',
  'close',
  'fstatfs',
  'faccessat',
  'getpgid',
  'getsid',
  'getdents64',
  'prlimit64',
  'tgkill',
  'pidfd_open',
  'pidfd_send_signal',
  'bpf',
  'capget',
  'socket',
  'bind',
  'send',
  'recvfrom',
  'mmap',
  'epoll_create1',
  'epoll_ctl',
  'epoll_wait',
  'ioctl',
  'kill',
  'statx',
  'readlinkat',
] as const;
export type Call = Exclude<(typeof CALLS)[number], ''>;

/** What a program asks while a call fails. `pid` is a process that sleeps. */
const QUESTIONS = {
  umask: 'client.umask(pid)',
  pgid: 'client.pgid(pid)',
  sid: 'client.sid(pid)',
  rlimits: 'client.rlimits(pid)',
  startTime: 'client.startTime(pid)',
  pids: 'client.pids().then((pids) => pids.includes(pid))',
  scan: "files.scan({ fields: ['umask'] }).then((table) => table.get(pid)?.umask)",
  set: "client.rlimit(pid, 'RLIMIT_CORE', { soft: 0, hard: 0 }).then(() => 'set')",
  process: 'bound.umask()',
  setOfProcess: "bound.rlimit('RLIMIT_CORE', { soft: 0, hard: 0 }).then(() => 'set')",
  unused: `client.umask(${UNUSED_PID})`,
  walk: "walking.scan({ fields: ['umask'] }).then((table) => table.source)",
  anew: 'withClient((client) => client.umask(pid))',
  kill: 'client.kill(pid, 0)',
  killOfProcess: 'bound.kill(0)',
  wait: 'exit(client)',
  waitAnew: 'withClient((client) => exit(client))',
  killTree: 'killed()',
  bpfEvents: "firstEvent('bpf')",
  netlinkEvents: "firstEvent('procfs')",
} as const;
export type Question = keyof typeof QUESTIONS;

export interface Fault {
  readonly question: Question;
  /** One, or several that fail by turns as they come. */
  readonly call: Call | readonly Call[];
  /** The errno's name; without, a read gives at most `size` bytes. */
  readonly error?: string;
  readonly size?: number;
  readonly skip?: number;
  /** Every time, unless said. */
  readonly times?: number;
}

/** The outcome of a question. */
export interface Outcome {
  /** The value, where it was answered. */
  readonly value?: unknown;
  /** The error, where it was not. */
  readonly error?: { name: string; code: string; errno: number; syscall: string; pid: number; message: string };
  /** How often the call failed. */
  readonly failed: number;
  readonly milliseconds: number;
  /** What the same client says of this program afterwards, and of the same question. */
  readonly after: {
    readonly own: unknown;
    readonly again: { readonly value?: unknown; readonly error?: { code: string } };
  };
}

/** The library of failing-calls.c, compiled. */
export class FailingCalls implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'psutil-extra-faults-'));
  readonly #library = join(this.#folder, 'failing-calls.so');
  readonly #plan = join(this.#folder, 'plan');

  constructor() {
    const source = fileURLToPath(new URL('failing-calls.c', import.meta.url));
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-O1', '-shared', '-fPIC', '-o', this.#library, source, '-ldl']);
    writeFileSync(this.#plan, new Int32Array(PLAN_NUMBERS));
  }

  /** Runs a program in which the first read of a process's file is delayed, even if the process ends meanwhile; it
   * has a function `isFailing` that says whether that has begun. */
  runWithSlowRead(milliseconds: number, source: string, pid: number): Promise<Ended> {
    writeFileSync(this.#plan, Int32Array.of(bits('read'), -1, 1, 1, milliseconds, 0));
    return runNode(`${IS_FAILING}\n${source}`, { wrapper: this.#wrapper, args: [String(pid)] });
  }

  /** Asks each in turn, in one program and of one client. */
  ask(pid: number, faults: readonly Fault[], wrapper: readonly string[] = []): Promise<Outcome[]> {
    return answerOf<Outcome[]>(PROGRAM, {
      wrapper: [...wrapper, ...this.#wrapper],
      args: [String(pid), JSON.stringify(faults.map((fault) => ({ ...fault, call: bits(fault.call) })))],
    });
  }

  get #wrapper(): string[] {
    return ['env', `LD_PRELOAD=${this.#library}`, `FAILING_CALLS=${this.#plan}`];
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const PLAN_NUMBERS = 6;

function bits(call: Call | readonly Call[]): number {
  return [call].flat().reduce((sum, each) => sum | (1 << CALLS.indexOf(each)), 0);
}

const IS_FAILING = `import { readFileSync as planOf } from 'node:fs';
  const isFailing = () => planOf(process.env.FAILING_CALLS).readInt32LE(${(PLAN_NUMBERS - 1) * 4}) > 0;`;

const PROGRAM = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { createClient } from 'psutil-extra';

const plan = openSync(process.env.FAILING_CALLS, 'r+');
const write = (...numbers) => writeSync(plan, Int32Array.from(numbers), 0, ${PLAN_NUMBERS * 4}, 0);
const failed = () => {
  const number = new Int32Array(1);
  readSync(plan, number, 0, 4, ${(PLAN_NUMBERS - 1) * 4});
  return number[0];
};
const pid = Number(process.argv[1]);
const client = createClient({ threads: 1 });
const files = createClient({ threads: 1, source: 'procfs' });
const withClient = async (work) => {
  const other = createClient({ threads: 1 });
  try { return await work(other); } finally { await other.close(); }
};
const firstEvent = async (source) => {
  const other = createClient({ threads: 1, source });
  const busy = setInterval(() => spawn('/bin/true'), 20);
  try {
    await other.events().next();
    return 'event';
  } finally {
    clearInterval(busy);
    await other.close();
  }
};
/** How a process ended that its parent has not waited for: the code 7, or null where it is not known. */
const exit = async (client) => {
  const parent = spawn('sh', ['-c', '(echo; read line; exit 7) <&3 & exec sleep 100'], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  try {
    await once(parent.stdout, 'data');
    const [child] = readFileSync(\`/proc/\${parent.pid}/task/\${parent.pid}/children\`, 'utf8').split(' ').filter(Boolean).map(Number);
    const waiting = client.waitForExit(child);
    parent.stdio[3].end();
    return (await waiting).code;
  } finally {
    parent.stdio[3].destroy();
    parent.kill('SIGKILL');
  }
};
/** How many of a tree of two have neither ended nor been killed. None of it stays stopped. */
const killed = async () => {
  const root = spawn('sh', ['-c', 'sleep 100 & echo; wait'], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  try {
    await once(root.stdout, 'data');
    const ended = await client.killTree(root.pid, { grace: 50 });
    return ended.map(({ status }) => status).filter((status) => status !== 'ended' && status !== 'killed').length;
  } catch (error) {
    if (/\\) T/.test(readFileSync(\`/proc/\${root.pid}/stat\`, 'latin1'))) throw new Error('it stays stopped');
    throw error;
  } finally {
    try { process.kill(-root.pid, 'SIGKILL'); } catch {}
  }
};
let walking;
const bound = await client.process(pid);
const questions = { ${Object.entries(QUESTIONS)
  .map(([name, code]) => `${name}: () => ${code}`)
  .join(', ')} };
const outcomeOf = (promise) => promise.then(
  (value) => ({ value }),
  ({ name, code, errno, syscall, pid, message }) => ({ error: { name, code, errno, syscall, pid, message } }),
);
const outcomes = [];
for (const { question, call, error, skip = 0, times = 1e9, size = 0 } of JSON.parse(process.argv[2])) {
  if (question === 'walk') {
    await walking?.close();
    walking = createClient({ threads: 1 });
    await walking.umask(pid);
  }
  write(call, error === undefined ? 0 : constants.errno[error], skip, times, size, 0);
  const began = performance.now();
  const outcome = await outcomeOf(questions[question]());
  const milliseconds = performance.now() - began;
  const count = failed();
  write(0, 0, 0, 0, 0, 0);
  const own = await client.umask(process.pid);
  // A new client each time would take half of the test's time.
  const again = await outcomeOf(questions[question === 'anew' ? 'umask' : question]());
  outcomes.push({ ...outcome, failed: count, milliseconds, after: { own, again } });
}
await client.close();
await files.close();
await walking?.close();
console.log(JSON.stringify(outcomes));
`;
