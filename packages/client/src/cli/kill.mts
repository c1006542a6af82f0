import {
  createClient,
  type KilledProcess,
  type KillTreeOptions,
  NoSuchProcessError,
  type Process,
  type SignalName,
} from 'psutil-extra';
import { complain, Exit, exitCodeOf } from './exit.mjs';
import { Interruption } from './interruption.mjs';
import { print } from './print.mjs';
import { UsageError } from './usage-error.mjs';

/** The options of `kill`. */
export interface KillCommand {
  readonly signal: string | number;
  readonly tree?: true;
  /** Seconds. */
  readonly grace?: number;
}

/**
 * Signals processes, or ends them with all their descendants and prints the status of each. Prints an error for each that
 * cannot be signalled, and returns the exit code of the first error.
 */
export async function kill(pids: readonly number[], { signal, tree, grace }: KillCommand): Promise<number> {
  if (tree === true) return await killTrees(pids, { killSignal: signal, grace: grace && grace * 1000 });
  if (grace !== undefined) throw new UsageError('--grace is an option of --tree, which is missing');
  await using client = createClient({ threads: 1 });
  let code: number = Exit.ok;
  for (const pid of pids) {
    try {
      await client.kill(pid, signal as SignalName);
    } catch (error) {
      complain(error);
      code ||= exitCodeOf(error);
    }
  }
  return code;
}

async function killTrees(pids: readonly number[], options: KillTreeOptions): Promise<number> {
  await using client = createClient({ threads: 1 });
  using interruption = new Interruption();
  const { signal } = interruption;
  let code: number = Exit.ok;
  // All at the beginning: while one tree ends, other processes may get the PIDs of the next.
  const roots = await Promise.allSettled(pids.map((pid) => client.process(pid, { signal })));
  const ended = new Set<number>();
  for (const root of roots) {
    try {
      if (root.status === 'rejected') throw root.reason;
      // It may have been in one of the trees before.
      if (ended.has(root.value.pid)) continue;
      const killed = await killedOf(root.value, { ...options, signal });
      for (const { pid, status } of killed) if (status !== 'escaped') ended.add(pid);
      await print(
        killed.map((each) => `${each.pid} ${each.status}\n`),
        process.stdout,
      );
      if (killed.some(({ status }) => status === 'denied')) code ||= Exit.denied;
    } catch (error) {
      if (signal.aborted) break;
      complain(error);
      code ||= exitCodeOf(error);
    }
  }
  return code;
}

/** One that was there at the beginning has ended, if it is not there any more. */
async function killedOf(root: Process, options: KillTreeOptions): Promise<KilledProcess[]> {
  try {
    return await root.killTree(options);
  } catch (error) {
    if (error instanceof NoSuchProcessError) return [{ pid: root.pid, status: 'ended' }];
    throw error;
  }
}
