import type { Field } from 'psutil-extra';

/** What changes from one read to the next, also of a process that sleeps. */
export const UNSTEADY: readonly Field[] = [
  'cpuTimes',
  'memory',
  'memoryDetail',
  'memoryFootprint',
  'pageFaults',
  'contextSwitches',
  'io',
  'threadList',
  'memoryMaps',
  'processor',
  'oomScore',
  'wchan',
];
