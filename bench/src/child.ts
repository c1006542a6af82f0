import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Outcome } from './book.js';
import { folder } from './compile.js';

/**
 * Runs a library in a process of its own: it has a heap and an event loop of its own, and if it dies,
 * the others go on and the report says so.
 */
export function startSubject(task: string, args: readonly (string | number)[]): ChildProcess {
  return startModule('main', [task, ...args]);
}

/** One that imports nothing before it begins to measure. */
export async function askModule<T>(name: string, args: readonly (string | number)[]): Promise<Outcome<T>> {
  return answerOf<T>(startModule(name, args, AS_USUAL));
}

function startModule(
  name: string,
  args: readonly (string | number)[],
  flags: readonly string[] = COLLECTING,
): ChildProcess {
  return spawn(process.execPath, [...flags, folder(`dist/subject/${name}.js`), ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** What it answers with, one line of JSON, or what it died of. */
export async function askSubject<T>(
  task: string,
  args: readonly (string | number)[],
  flags: readonly string[] = COLLECTING,
): Promise<Outcome<T>> {
  return answerOf<T>(startModule('main', [task, ...args], flags));
}

/** The JSON that a program writes before it ends. */
export async function answerOf<T>(child: ChildProcess): Promise<Outcome<T>> {
  const texts = collect(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, LONGEST_MS);
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (late) return { ok: false, why: `dead: no end after ${LONGEST_MS / 1000} s` };
    if (code !== 0) return { ok: false, why: `dead: ${causeOf(texts.errors, code, signal)}` };
    const answer = JSON.parse(texts.output) as { missing?: boolean } & T;
    return answer.missing === true ? { ok: false, why: 'not installed' } : { ok: true, value: answer };
  } catch (error) {
    return { ok: false, why: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not installed' : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** What it writes, while it writes. */
export function collect(child: ChildProcess): { output: string; errors: string } {
  const texts = { output: '', errors: '' };
  child.stdout?.on('data', (data) => {
    texts.output += String(data);
  });
  child.stderr?.on('data', (data) => {
    texts.errors += String(data);
  });
  return texts;
}

/** The line of a crash that says what happened. */
export function causeOf(errors: string, code: number | null, signal: string | null): string {
  const line = errors.split('\n').find((each) => /\b\w*Error\b.*:/.test(each) || /\berrno\b/i.test(each));
  const cause = line?.trim().slice(0, LONGEST_CAUSE) ?? '';
  return cause === '' ? `exit ${signal ?? code}` : cause;
}

/** What is measured collects garbage at times of its own. */
export const COLLECTING: readonly string[] = ['--expose-gc'];
/**
 * With a flag of V8, Node compiles its own modules instead of taking them from its snapshot and its code cache. So without one, where
 * a start is timed.
 */
export const AS_USUAL: readonly string[] = [];
const LONGEST_MS = 90_000;
const LONGEST_CAUSE = 80;
