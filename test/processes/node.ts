import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Spawned } from './spawned.js';

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface NodeOptions {
  /** A command that becomes the one it is given, such as `['prlimit', '--nofile=64']`. */
  readonly wrapper?: readonly string[];
  /** Node's own arguments. */
  readonly flags?: readonly string[];
  /** What the program finds in `process.argv` from the second place on. */
  readonly args?: readonly string[];
  /** Milliseconds after which it is ended. */
  readonly deadline?: number;
}

/** Runs a module in a Node of its own until it ends by itself. One that does not is ended, and that is an error. */
export async function runNode(source: string, options: NodeOptions = {}): Promise<Ended> {
  const { wrapper = [], flags = [], args = [], deadline = DEADLINE } = options;
  const command = [...wrapper, process.execPath, ...flags, '--input-type=module', '--eval', source, '--', ...args];
  using spawned = new Spawned(command, { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  spawned.child.stdout?.setEncoding('utf8').on('data', (data: string) => {
    stdout += data;
  });
  spawned.child.stderr?.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const wrote = `it wrote ${JSON.stringify(stdout)} and ${JSON.stringify(stderr)}`;
      reject(new Error(`the program did not end in ${deadline} ms; ${wrote}; ${threadsOf(spawned.pid)}; ${source}`));
    }, deadline);
    spawned.child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** The value that a module printed as JSON; fails with its stderr if it exited with an error. */
export async function answerOf<T>(source: string, options?: NodeOptions): Promise<T> {
  const ended = await runNode(source, options);
  if (ended.code !== 0) throw new Error(`the program ended with ${ended.signal ?? ended.code}: ${ended.stderr}`);
  return JSON.parse(ended.stdout) as T;
}

/** What each thread of a program does, so that one that hangs can be explained from the message alone. */
function threadsOf(pid: number): string {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((tid) => {
      const file = (name: string) => readFileSync(`/proc/${pid}/task/${tid}/${name}`, 'latin1').trim();
      return `${file('stat').slice(0, 40)} in ${file('wchan')} (${file('syscall')})`;
    });
    return `its threads: ${threads.join(', ')}`;
  } catch (error) {
    return `its threads are not known: ${String(error)}`;
  }
}

/** From here a module given as text finds the packages. */
const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** For programs that hang: far longer than the slowest one takes on a busy machine. */
const DEADLINE = 60_000;
