/** What a group's processes have counted. The order is that of the numbers in {@link Totals}. */
export const COUNTERS = [
  'cpuUser',
  'cpuSystem',
  'minorFaults',
  'majorFaults',
  'voluntarySwitches',
  'involuntarySwitches',
  'readBytes',
  'writeBytes',
] as const;
export type Counter = (typeof COUNTERS)[number];

/** States as they are exported: each of the kernel's is one of them. */
export const STATES = ['running', 'sleeping', 'disk-sleep', 'stopped', 'zombie'] as const;
export type ExportedState = (typeof STATES)[number];

/** Processes of one name: what they have now, and what they and those before them have counted. */
export class Group {
  readonly name: string;
  /** When it last had a process, in milliseconds of a clock that is never set. */
  lastSeen = 0;
  /** How many processes have come since the first reading: they have begun, or executed what makes them one of the group. */
  starts = 0;
  now: Present = none();
  /** They only grow, while the group is there: the increases of processes are added, and stay when the processes have ended. */
  readonly #totals = new Float64Array(COUNTERS.length);
  /** Whether any process had that number: one that could not be read is not zero. */
  readonly #isKnown = new Uint8Array(COUNTERS.length);

  constructor(name: string) {
    this.name = name;
  }

  /** Adds what a process has counted since it was read before. */
  add(counter: number, increase: number): void {
    (this.#totals[counter] as number) += increase;
    this.#isKnown[counter] = 1;
  }

  /** The sum over all processes, also over those that have ended; `undefined` if none could be read. */
  total(counter: Counter): number | undefined {
    const at = COUNTERS.indexOf(counter);
    return this.#isKnown[at] === 1 ? this.#totals[at] : undefined;
  }

  /** Before the processes of another reading are added up. */
  clear(): void {
    this.now = none();
  }
}

/** What the processes of a group have at the time of a reading. */
export interface Present {
  processes: number;
  readonly states: Record<ExportedState, number>;
  memory: number;
  virtual: number;
  threads: number;
  /** When the oldest one began, in milliseconds since the epoch. */
  oldest: number;
  /** Of what is read at a slow pace: `undefined` as long as it could be read of no process. */
  descriptors: number | undefined;
  /** The lowest soft limit of open descriptors. */
  softLimit: number | undefined;
  /** Open descriptors as a part of the soft limit, of the process that is nearest to it. */
  worstUse: number | undefined;
  oomScore: number | undefined;
  deleted: number | undefined;
}

function none(): Present {
  return {
    processes: 0,
    states: { running: 0, sleeping: 0, 'disk-sleep': 0, stopped: 0, zombie: 0 },
    memory: 0,
    virtual: 0,
    threads: 0,
    oldest: Number.POSITIVE_INFINITY,
    descriptors: undefined,
    softLimit: undefined,
    worstUse: undefined,
    oomScore: undefined,
    deleted: undefined,
  };
}
