import { commAndState } from './proc.js';
import { Spawned } from './spawned.js';
import { until } from './until.js';

/**
 * A process that sleeps. `wrapper` is a command that becomes the one it is given: `['setpriv', '--clear-groups']`.
 * It sleeps long enough for any test, and not for ever where a test run itself is killed.
 */
export async function sleeper(wrapper: readonly string[] = []): Promise<Spawned> {
  const spawned = new Spawned([...wrapper, 'sleep', '300'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  spawned.child.stderr?.on('data', (data) => {
    complaint += data;
  });
  try {
    await until(`${wrapper.join(' ')} has become a sleep that sleeps`, () => {
      if (!spawned.running) throw new Error(`${[...wrapper, 'sleep'].join(' ')} failed: ${complaint}`);
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
    // Nobody else knows of those that did start.
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

/** A PID that nobody has, for it is beyond the largest that the kernel gives out. */
export const NOBODY = 2 ** 22 + 1;

/** The PID of a process that has ended and has been waited for. */
export async function endedPid(): Promise<number> {
  const spawned = await sleeper();
  await spawned.end();
  return spawned.pid;
}
