import { createClient, type SignalName } from '../index.js';
import { complain, Exit, exitCodeOf } from './exit.js';
import { Interruption } from './interruption.js';
import { print } from './print.js';
import { UsageError } from './usage-error.js';

/** The options of `kill`. */
export interface KillCommand {
  readonly signal: string | number;
  readonly tree?: true;
  /** Seconds. */
  readonly grace?: number;
}

/**
 * Signals processes, or ends them with all their descendants and prints what has become of each. Prints an error for each that
 * cannot be signalled, and returns the exit code of the first error.
 */
export async function kill(pids: readonly number[], { signal, tree, grace }: KillCommand): Promise<number> {
  if (grace !== undefined && tree !== true) throw new UsageError('--grace is an option of --tree, which is missing');
  await using client = createClient({ threads: 1 });
  using interruption = new Interruption();
  let code: number = Exit.ok;
  for (const pid of pids) {
    try {
      if (tree !== true) {
        await client.kill(pid, signal as SignalName);
        continue;
      }
      const killed = await client.killTree(pid, {
        killSignal: signal,
        grace: grace === undefined ? undefined : grace * 1000,
        signal: interruption.signal,
      });
      await print(
        killed.map((each) => `${each.pid} ${each.status}\n`),
        process.stdout,
      );
      if (killed.some(({ status }) => status === 'denied')) code ||= Exit.denied;
    } catch (error) {
      if (interruption.signal.aborted) break;
      complain(error);
      code ||= exitCodeOf(error);
    }
  }
  return code;
}
