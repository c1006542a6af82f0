import { createClient, type SignalName } from '../index.js';
import { complain, Exit, exitCodeOf } from './exit.js';
import { print } from './print.js';

/** The options of `kill`. */
export interface KillCommand {
  readonly signal: string | number;
  readonly tree?: true;
  /** Seconds. */
  readonly grace: number;
}

/**
 * Signals processes, or ends them with all their descendants and prints what has become of each. Prints an error for each that
 * cannot be signalled, and returns the exit code of the first error.
 */
export async function kill(pids: readonly number[], { signal, tree, grace }: KillCommand): Promise<number> {
  await using client = createClient({ threads: 1 });
  let code: number = Exit.ok;
  for (const pid of pids) {
    try {
      if (tree !== true) {
        await client.kill(pid, signal as SignalName);
        continue;
      }
      const killed = await client.killTree(pid, { killSignal: signal, grace: grace * 1000 });
      await print(
        killed.map((each) => `${each.pid} ${each.status}\n`),
        process.stdout,
      );
      if (killed.some(({ status }) => status === 'denied')) code ||= Exit.denied;
    } catch (error) {
      complain(error);
      code ||= exitCodeOf(error);
    }
  }
  return code;
}
