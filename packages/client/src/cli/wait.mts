import { loadAddon } from '@psutil-extra/native';
import { createClient, type ExitStatus } from 'psutil-extra';
import { complain, exitCodeOf } from './exit.mjs';
import { print } from './print.mjs';

/** The options of `wait`. */
export interface WaitCommand {
  /** Seconds. */
  readonly timeout?: number;
}

/**
 * Waits until processes have ended, prints how each did, and returns the exit code of the last one that is named: 128 and the
 * number of the signal that ended it, 0 if the system does not report it.
 */
export async function wait(pids: readonly number[], { timeout }: WaitCommand): Promise<number> {
  await using client = createClient({ threads: 1 });
  const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
  const codes = await Promise.all(
    pids.map(async (pid) => {
      try {
        const status = await client.waitForExit(pid, { signal });
        await print([`${pid} ${text(status)}\n`], process.stdout);
        return codeOf(status);
      } catch (error) {
        if (signal?.aborted !== true || error !== signal.reason) {
          complain(error);
          return exitCodeOf(error);
        }
        complain(new Error(`process ${pid} has not ended within ${timeout} s`));
        return TIMED_OUT;
      }
    }),
  );
  // A process that has not ended in time must not be hidden by one that has.
  return codes.includes(TIMED_OUT) ? TIMED_OUT : (codes.at(-1) as number);
}

function text({ code, signal }: ExitStatus): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === null ? 'ended' : `exited with ${code}`;
}

function codeOf({ code, signal }: ExitStatus): number {
  return signal === null ? (code ?? 0) : 128 + numberOf(signal);
}

/** The number of a signal by its name, also of a real-time signal: these are the C library's, and Node has no constants of them. */
function numberOf(signal: string): number {
  const [first, above] = signal.split('+') as [string, string?];
  const known = loadAddon().capabilities.signals.find(({ name }) => name === first);
  return known === undefined ? Number(signal.slice('SIG'.length)) : known.number + Number(above ?? 0);
}

/** As timeout(1). */
const TIMED_OUT = 124;
