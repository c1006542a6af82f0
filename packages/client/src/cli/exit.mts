import { CommanderError, InvalidArgumentError } from 'commander';
import { AccessDeniedError, NoSuchProcessError } from 'psutil-extra';
import { escapeMessage } from './escape.mjs';
import { UsageError } from './usage-error.mjs';
import { lineWidth } from './width.mjs';

/** The exit codes. Commander itself would end a wrong command line with 1, like every other failure. */
export const Exit = Object.freeze({ ok: 0, failed: 1, usage: 2, gone: 3, denied: 4, nothing: 5 });

/** The meaning of each exit code, for the manual and the help. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [Exit.ok, 'done'],
  [Exit.failed, 'any other error'],
  [Exit.usage, 'the command line is wrong'],
  [Exit.gone, 'no such process'],
  [Exit.denied, 'not permitted'],
  [Exit.nothing, 'nothing matches'],
];

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.ok : Exit.usage;
  if (error instanceof UsageError || error instanceof InvalidArgumentError || isArgumentError(error)) return Exit.usage;
  if (error instanceof NoSuchProcessError) return Exit.gone;
  if (error instanceof AccessDeniedError) return Exit.denied;
  return Exit.failed;
}

/** Prints an error on stderr. */
export function complain(error: unknown): void {
  process.stderr.write(messageLines(`psutil-extra: ${messageOf(error)}`));
}

/** Commander's error about the line of a command, in the form of all others. */
export function usageLine(text: string, command: string): string {
  const message = text.trim().replace(/^error: /, 'psutil-extra: ');
  return messageLines(`${message}${message.endsWith('.') ? ' See' : '; see'} ${command} --help`);
}

/** A missing process has no need of the system's words. The root is named where it is not this system's own. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, root] = /^ESRCH: no such process, .* in (.+)\)$/.exec(error.message) ?? [];
  if (!(error instanceof NoSuchProcessError) || root === undefined) return error.message;
  const where = root === '/proc' ? '' : ` in ${root}`;
  return `no process with PID ${error.pid}${where}; run psutil-extra list to see all PIDs`;
}

/** A message in one line for scripts, or in lines that fit the terminal. */
export function messageLines(message: string): string {
  const { stderr, env } = process;
  const lines = message.trimEnd().split(/\s*\n/).map(escapeMessage);
  if (!stderr.isTTY) return `${lines.map((line, at) => (at === 0 ? line : line.trim())).join(' ')}\n`;
  return lines.map((line) => fitted(line, lineWidth(stderr, env))).join('');
}

/** Breaks at spaces; the rest of a line has the indent of its beginning. A word that is longer than a line stays whole. */
function fitted(line: string, width: number): string {
  const indent = ' '.repeat(line.length - line.trimStart().length);
  let text = '';
  let length = 0;
  for (const word of line.trimStart().split(/ +/)) {
    const breaks = length > 0 && length + 1 + word.length > width;
    if (breaks) text += '\n';
    const before = length === 0 || breaks ? indent : ' ';
    length = breaks ? 0 : length;
    text += before + word;
    length += before.length + word.length;
  }
  return `${text}\n`;
}

/** The library checks options, because it knows the fields, and rejects them with Node's own error codes. */
function isArgumentError(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === 'ERR_INVALID_ARG_VALUE' || code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_OUT_OF_RANGE';
}
