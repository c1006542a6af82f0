import { LinuxWorld } from './linux/world.js';
import { SimulatedWorld } from './simulated-world.js';
import { simulated } from './simulation.js';
import type { Promised, World } from './world.js';

/** The world that these tests are run over: that of the addon which is loaded. */
export async function openWorld(): Promise<World> {
  const backend = simulated()?.capabilities.backend ?? 'linux';
  const { promised } = (await import(`./${backend}/promised.ts`)) as { promised: Promised };
  return backend === 'linux' ? new LinuxWorld(promised) : new SimulatedWorld(promised);
}
