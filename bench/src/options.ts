import { parseArgs } from 'node:util';

export const SUITES = [
  'scan',
  'bpf',
  'calls',
  'first',
  'loop',
  'peers',
  'usage',
  'memory',
  'server',
  'acting',
  'sample',
  'metrics',
  'fleet',
] as const;
export type Suite = (typeof SUITES)[number];

/** What a run measures, and how thoroughly. */
export interface Options {
  readonly quick: boolean;
  readonly suites: readonly Suite[];
  /** Whether this run's numbers are those that the project shows: only a full one's are. */
  readonly full: boolean;
  /** Processes of the herd for most of what is measured. */
  readonly processes: number;
  /** Sizes of the herd for what is measured over them. */
  readonly sizes: readonly number[];
  /** How often each comparison is made. */
  readonly rounds: number;
  /** How often what takes seconds is done: loads on an event loop, a server, memory. */
  readonly turns: number;
  /** How long each load on an event loop or a server lasts. */
  readonly seconds: number;
}

/** Throws with a usage where the command line is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
    strict: true,
  });
  const named = (values.only ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '');
  const unknown = named.filter((name) => !(SUITES as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new RangeError(`no suite is called ${unknown.join(', ')}; there are ${SUITES.join(', ')}`);
  const suites = named.length === 0 ? SUITES : SUITES.filter((suite) => named.includes(suite));
  const { quick } = values;
  const full = !quick && suites.length === SUITES.length;
  return quick
    ? { quick, full, suites, processes: 1000, sizes: [250, 1000], rounds: 3, turns: 1, seconds: 0.5 }
    : { quick, full, suites, processes: 10_000, sizes: [1000, 5000, 10_000, 25_000], rounds: 11, turns: 3, seconds: 3 };
}
