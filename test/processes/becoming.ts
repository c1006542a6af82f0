import { commAndState } from './proc.js';
import { Python } from './python.js';
import { until } from './until.js';

/**
 * A process that executes a program with these arguments and this environment, byte for byte: Node passes no text that is
 * not UTF-8, and an environment of distinct names alone. It waits for input, or sleeps.
 */
export async function becoming(
  program: 'sleep' | 'sh',
  args: readonly string[],
  environment: readonly string[] = [],
): Promise<Python> {
  const python = await Python.start();
  // It never answers: what would answer is replaced.
  python.run(`libc.execve(b'/bin/${program}', ${array(args)}, ${array(environment)})`).catch(() => {});
  try {
    await until(`python3 has become ${program}`, () => commAndState(python.pid) === `${program} S`);
  } catch (error) {
    python[Symbol.dispose]();
    throw error;
  }
  return python;
}

/** As C has an array of texts: up to a null pointer. */
function array(texts: readonly string[]): string {
  return `(ctypes.c_char_p * ${texts.length + 1})(${[...texts.map((text) => `b'${text}'`), 'None'].join(', ')})`;
}
