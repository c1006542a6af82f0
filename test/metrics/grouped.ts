import {
  exportToPrometheus,
  type GroupOptions,
  groupProcesses,
  type ProcessGroups,
} from '../../packages/metrics/dist/index.js';
import { groupsOf, samplesOf } from './scrape.js';
import type { World } from './world.js';

/** The groups that a test has made. They are closed behind it. */
export const opened: ProcessGroups[] = [];

export async function closeGroups(): Promise<void> {
  for (const groups of opened.splice(0)) await groups.close();
}

interface Grouped {
  readonly groups: ProcessGroups;
  readonly registry: ReturnType<typeof exportToPrometheus>;
  readonly scrape: () => Promise<string>;
  readonly read: () => Promise<void>;
  readonly names: () => Promise<ReturnType<typeof groupsOf>>;
  readonly value: (series: string) => Promise<number | undefined>;
}

/** Groups of a world's processes, and what a scrape says. */
export async function grouped(
  world: World,
  options: GroupOptions = {},
  unsupported: readonly string[] = [],
): Promise<Grouped> {
  const groups = groupProcesses(world.client(unsupported), { interval: 50, ...options });
  opened.push(groups);
  await groups.ready();
  const registry = exportToPrometheus(groups);
  const scrape = () => registry.metrics();
  return {
    groups,
    registry,
    scrape,
    read: () => world.read(groups),
    names: async () => groupsOf(await scrape()),
    value: async (series: string) => samplesOf(await scrape()).get(`process_group_${series}`),
  };
}
