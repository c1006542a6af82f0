import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const COMMAND = fileURLToPath(new URL('../packages/client/dist/cli/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `psutil-extra` with these arguments, its output in pipes. */
export function psutilExtra(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return outcomeOf(process.execPath, [COMMAND, ...args], env);
}

/** As {@link psutilExtra}, for output that is no text. */
export async function psutilExtraBytes(args: readonly string[]): Promise<Uint8Array> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
  return await buffer(child.stdout);
}

/** Runs a program to its end. */
export async function outcomeOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
  timeout = 60_000,
): Promise<Outcome> {
  const { COLUMNS: _, ...inherited } = process.env;
  const child = spawn(program, args, {
    env: { ...inherited, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, stdout, stderr };
}
