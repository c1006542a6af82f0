import type { StdioOptions } from 'node:child_process';
import { commAndState } from './proc.js';
import { Spawned } from './spawned.js';
import { until } from './until.js';

/**
 * A process that sleeps. `wrapper` is a command that becomes the one it is given: `['setpriv', '--clear-groups']`.
 * It sleeps long enough for any test, and not forever where a test run itself is killed.
 */
export async function sleeper(wrapper: readonly string[] = []): Promise<Spawned> {
  return await sleeping(new Spawned([...wrapper, 'sleep', '300'], { stdio: QUIET }));
}

const QUIET: StdioOptions = ['ignore', 'ignore', 'pipe'];

/** Waits until it runs `sleep` and sleeps. */
async function sleeping(spawned: Spawned): Promise<Spawned> {
  const command = spawned.child.spawnargs.join(' ');
  let complaint = '';
  spawned.child.stderr?.on('data', (data) => {
    complaint += data;
  });
  try {
    await until(`${command} has become a sleep that sleeps`, () => {
      if (!spawned.running) throw new Error(`${command} failed: ${complaint}`);
      // Asleep, and not only named so: until its libraries are loaded, a low limit of open files would end it.
      return commAndState(spawned.pid) === 'sleep S';
    });
  } catch (error) {
    spawned[Symbol.dispose]();
    throw error;
  }
  return spawned;
}

/** Many that sleep. */
export class Herd implements Disposable {
  readonly members: readonly Spawned[];

  private constructor(members: readonly Spawned[]) {
    this.members = members;
  }

  static async of(count: number, start: () => Promise<Spawned> = sleeper): Promise<Herd> {
    const started = await Promise.allSettled(Array.from({ length: count }, () => start()));
    const members = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed === undefined) return new Herd(members);
    // Only this function knows those that did start.
    for (const member of members) member[Symbol.dispose]();
    throw failed.reason;
  }

  get pids(): number[] {
    return this.members.map(({ pid }) => pid);
  }

  [Symbol.dispose](): void {
    for (const member of this.members) member[Symbol.dispose]();
  }
}

/** A PID that no process has: it is larger than any that the kernel assigns. */
export const UNUSED_PID = 2 ** 22 + 1;

/**
 * A process that sleeps, whose PID is not reused when it has ended: it leads a process group, whose other member keeps
 * the number from the kernel. For tests that ask for a number and mean a process that has gone.
 */
export class Mortal implements Disposable {
  readonly #spawned: Spawned;

  private constructor(spawned: Spawned) {
    this.#spawned = spawned;
  }

  static async start(): Promise<Mortal> {
    const script = 'sleep 300 >/dev/null 2>&1 & exec sleep 300';
    return new Mortal(await sleeping(new Spawned(['sh', '-c', script], { detached: true, stdio: QUIET })));
  }

  get pid(): number {
    return this.#spawned.pid;
  }

  /** Ends it; resolves when it has been waited for. */
  end(): Promise<void> {
    return this.#spawned.end();
  }

  [Symbol.dispose](): void {
    process.kill(-this.pid, 'SIGKILL');
  }
}
