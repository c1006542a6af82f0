import { basename } from 'node:path';
import type { Client, Field, ProcessRow } from 'psutil-extra';
import { UsageError } from './usage-error.mjs';

/** The name of each Node.js program since version 24, whatever it runs. */
export const MAIN_THREAD = 'MainThread';

/** Which processes `--name` means. */
export interface NameMatch {
  readonly needs: readonly Field[];
  /** Those of the rows that match. */
  among<R extends ProcessRow>(rows: readonly R[], client: Client): Promise<R[]>;
}

/** The pattern of `--name`, with or without `--ignore-case`. */
export function patternFor({
  name,
  ignoreCase,
}: {
  readonly name: RegExp | undefined;
  readonly ignoreCase: true | undefined;
}): RegExp | undefined {
  if (ignoreCase && name === undefined) {
    throw new UsageError('--ignore-case is about the pattern of --name, which is missing');
  }
  return name && (ignoreCase ? new RegExp(name.source, 'iu') : name);
}

/** By the command line, as pgrep(1) does with `-f`; by the name of a process that has none. */
export function commandLineMatch(pattern: RegExp): NameMatch {
  return {
    needs: ['name', 'cmdline'],
    async among(rows, client) {
      if (!client.supports('cmdline')) throw new Error('--full: command lines are not supported on this system');
      return rows.filter(({ name, cmdline }) => {
        const line = cmdline?.join(' ') ?? '';
        return line === '' ? name !== null && pattern.test(name) : pattern.test(line);
      });
    },
  };
}

/**
 * By the name. Since version 24 each Node.js program is called `MainThread`, whatever it runs. Such a process also matches by
 * the file names of its program and of its script, for which the command lines of these alone are read.
 */
export function nameMatch(pattern: RegExp): NameMatch {
  const matches = (name: string | null) => name !== null && pattern.test(name);
  return {
    needs: ['name'],
    async among(rows, client) {
      const unknown = rows.filter(({ name }) => name === MAIN_THREAD && !matches(name)).map(({ pid }) => pid);
      if (unknown.length === 0 || !client.supports('cmdline')) return rows.filter(({ name }) => matches(name));
      const table = await client.scan({ fields: ['cmdline'], pids: unknown });
      return rows.filter(
        ({ pid, name }) => matches(name) || programNames(table.get(pid)?.cmdline ?? []).some((each) => matches(each)),
      );
    },
  };
}

/** The file names of a Node.js program and of the script that it runs. */
export function programNames([program, ...args]: readonly string[]): string[] {
  return [program, scriptOf(args)].filter((path) => path !== undefined).map((path) => basename(path));
}

/** The first argument that is no option of node(1), and no value of one. */
function scriptOf(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') return args[at + 1];
    if (arg === '-' || HAVE_NO_SCRIPT.test(arg)) return undefined;
    if (TAKE_A_VALUE.has(arg)) at++;
    else if (!arg.startsWith('-')) return arg;
  }
  return undefined;
}

/** The program is in an argument, or on standard input. */
const HAVE_NO_SCRIPT = /^(?:-[ep]+|--eval|--print|--interactive|-i)(?:=|$)/;
/** Options whose value may be the next argument. */
const TAKE_A_VALUE = new Set([
  '-C',
  '--conditions',
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--inspect-port',
  '--title',
  '--unhandled-rejections',
  '--input-type',
]);
