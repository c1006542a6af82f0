import type { Client, SetterMethods } from 'psutil-extra';
import { chrt, ionice, niceOf, oomScoreAdjOf, taskset } from '../processes/scheduling.js';

/**
 * A method that sets a field, with two values for it. Every user may set the first, and the second after it, also where the
 * tests themselves run with a raised nice value.
 */
export interface SetterCase {
  readonly method: keyof SetterMethods;
  readonly field: 'nice' | 'ioPriority' | 'affinity' | 'scheduler' | 'oomScoreAdj';
  readonly values: readonly [unknown, unknown];
  /** What another program shows of a process. */
  readonly shown: (pid: number) => string;
  /** What it shows of both values. */
  readonly words: readonly [string, string];
}

/** Which processors this program may use, by another program. */
const [CPU, OTHER_CPU] = firstAndLast(taskset(process.pid));

export const SETTERS: readonly SetterCase[] = [
  { method: 'setNice', field: 'nice', values: [17, 18], shown: niceOf, words: ['17', '18'] },
  {
    method: 'setIoPriority',
    field: 'ioPriority',
    values: [
      { class: 'best-effort', level: 6 },
      { class: 'idle', level: 0 },
    ],
    shown: ionice,
    words: ['best-effort: prio 6', 'idle'],
  },
  {
    method: 'setAffinity',
    field: 'affinity',
    values: [[CPU], [OTHER_CPU]],
    shown: taskset,
    words: [String(CPU), String(OTHER_CPU)],
  },
  {
    method: 'setScheduler',
    field: 'scheduler',
    values: [
      { policy: 'batch', priority: 0 },
      { policy: 'idle', priority: 0 },
    ],
    shown: chrt,
    words: ['SCHED_BATCH 0', 'SCHED_IDLE 0'],
  },
  { method: 'setOomScoreAdj', field: 'oomScoreAdj', values: [700, 800], shown: oomScoreAdjOf, words: ['700', '800'] },
];

/** What is kept for each thread. */
export const OF_THREADS = SETTERS.filter(({ method }) => method !== 'setOomScoreAdj');

/** Sets a value as a program without types does. */
export function setValue(
  client: Client,
  setter: SetterCase,
  proc: unknown,
  value: unknown,
  options?: object,
): Promise<unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: one function for values of every type
  return (client as any)[setter.method](proc, value, options);
}

function firstAndLast(list: string): [number, number] {
  const numbers = list.split(/[,-]/).map(Number);
  return [numbers[0] as number, numbers.at(-1) as number];
}
