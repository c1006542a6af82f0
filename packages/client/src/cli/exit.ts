import { CommanderError, InvalidArgumentError } from 'commander';
import { AccessDeniedError, NoSuchProcessError } from '../index.js';

/** What the command ends with. commander itself would end a wrong command line with 1, as any failure. */
export const Exit = Object.freeze({ ok: 0, failed: 1, usage: 2, gone: 3, denied: 4 });

/** What each exit code says, for the manual and the help. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [Exit.ok, 'done; also where nothing was found'],
  [Exit.failed, 'the system failed'],
  [Exit.usage, 'the command line is wrong'],
  [Exit.gone, 'no such process'],
  [Exit.denied, 'not permitted'],
];

/** A command line that is wrong in a way that only the command itself can see. */
export class UsageError extends Error {}

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.ok : Exit.usage;
  if (error instanceof UsageError || error instanceof InvalidArgumentError || isArgumentError(error)) return Exit.usage;
  if (error instanceof NoSuchProcessError) return Exit.gone;
  if (error instanceof AccessDeniedError) return Exit.denied;
  return Exit.failed;
}

/** Says on stderr, in one line, what went wrong. */
export function complain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`psutil-extra: ${message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
}

/** A bad option is found by the library, which knows the fields and says so with Node's own codes. */
function isArgumentError(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return code === 'ERR_INVALID_ARG_VALUE' || code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_OUT_OF_RANGE';
}
