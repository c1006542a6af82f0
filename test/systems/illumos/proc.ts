import type { Field } from 'psutil-extra';
import type { SimulatedWorld } from '../simulated-world.js';
import { simulation } from '../simulation.js';
import { promised } from './promised.js';

const kernel = simulation();

export const PID = 77;

/** What psinfo holds, what cred holds, and what its owner alone may read. */
export const PSINFO = promised.shared['psinfo'] as readonly Field[];
export const CRED = promised.shared['cred'] as readonly Field[];
export const OWNERS = [...CRED, 'sigmasks'] as const;

/** A call fails. */
export function errors(call: string, error: string, more: object = {}): void {
  kernel.on({ call, kind: 'error', error, ...more });
}

/** What was opened since this was last asked, apart from the root. */
export function opens(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kernel.calls())
      .filter(([call]) => call.startsWith('open ') && call !== 'open root')
      .map(([call, count]) => [call.slice(5), count]),
  );
}

/** A process of another user, whose directory is closed with all but psinfo in it. */
export function putForeign(world: SimulatedWorld): void {
  world.put({ pid: PID });
  world.deny({ pid: PID }, 'groups');
  world.deny({ pid: PID }, 'sigmasks');
}
