import type { SampledField, State } from 'psutil-extra';
import type { ReadFacts, SlowFacts } from './facts.js';
import { COUNTERS, type ExportedState, type Group } from './group.js';
import { GroupSet, OTHER } from './group-set.js';
import type { Labels } from './labels.js';
import type { Rules } from './rules.js';

/** A reading of every process, as columns. */
export interface Table {
  readonly length: number;
  readonly pids: Int32Array;
  // biome-ignore lint/suspicious/noExplicitAny: each field has a column of its own type
  column(field: any): unknown;
}

/** What is read of every process each time. */
export const FIELDS = [
  'name',
  'ppid',
  'state',
  'startTime',
  'threads',
  'cpuTimes',
  'memory',
  'pageFaults',
] as const satisfies readonly SampledField[];

/** What is read of every process each time as well, if it is asked for. */
export const OPTIONAL_FIELDS = { contextSwitches: 'contextSwitches', io: 'io' } as const;
export type OptionalField = keyof typeof OPTIONAL_FIELDS;

/** The processes of the last reading, each with its group and what it had counted then. */
export class Processes {
  readonly groups: GroupSet;
  /** How many processes of the last reading did not let their I/O be read. */
  unreadIo = 0;
  readonly #rules: Rules;
  readonly #labels: Labels;
  readonly #optional: readonly OptionalField[];
  #known = new Map<number, Tracked>();
  #isFirst = true;

  constructor(rules: Rules, labels: Labels, settings: ProcessesSettings) {
    this.#rules = rules;
    this.#labels = labels;
    this.#optional = settings.optional;
    const fixed = new Set(rules.fixedNames.map((name) => labels.of(name)));
    fixed.delete(OTHER);
    this.groups = new GroupSet(settings.maxGroups, [...fixed], settings.forgetAfter);
  }

  /** Finds out which processes of a reading are new. Returns those of which the facts have to be read. */
  match(table: Table): readonly Tracked[] {
    const { pids } = table;
    const starts = table.column('startTime') as Float64Array;
    const names = table.column('name') as (string | null)[];
    const states = table.column('state') as (State | null)[];
    const parents = table.column('ppid') as Int32Array;
    const { vms } = table.column('memory') as { vms: Float64Array };
    const shift = this.#shiftOf(pids, starts);
    const known = new Map<number, Tracked>();
    const fresh: Tracked[] = [];
    for (let row = 0; row < table.length; row++) {
      const pid = pids[row] as number;
      const start = starts[row] as number;
      const name = names[row] ?? '';
      let process = this.#known.get(pid);
      if (process !== undefined && process.start + shift !== start && !Number.isNaN(start)) process = undefined;
      const isKernel = isKernelThread(pid, parents[row], vms[row], states[row]);
      if (process === undefined) {
        process = new Tracked(pid, start, name, isKernel, !this.#isFirst);
        fresh.push(process);
      } else {
        if (!Number.isNaN(start)) process.start = start;
        // It executes another program; or what it is chosen by could not be read when it was new.
        if (process.name !== name || !process.isPlaced) fresh.push(process);
        process.name = name;
      }
      process.isEnded = isEnded(states[row]);
      known.set(pid, process);
    }
    this.#known = known;
    this.#isFirst = false;
    return fresh;
  }

  /** Takes what was read of some processes: those that are new, or all. */
  learn(fresh: Iterable<Tracked>, read: ReadonlyMap<number, ReadFacts>): void {
    for (const process of fresh) {
      const answer = read.get(process.pid);
      // Another one may have the PID by now.
      if (answer !== undefined && answer.start === process.start) {
        process.facts = factsOf(process, answer.facts);
        process.slow = answer.slow;
      }
      const { name, isKernel, facts = UNKNOWN_FACTS } = process;
      const made = this.#rules.nameOf({ ...facts, name, isKernel });
      if (process.isPlaced && process.made === made) continue;
      process.made = made;
      const wanted = made === undefined ? undefined : this.#labels.of(made);
      // One that was seen between its fork and its exec had the name of its parent.
      if (process.isPlaced && process.wanted !== wanted) process.isStart = true;
      process.wanted = wanted;
      process.isPlaced = true;
    }
  }

  /** Adds up the groups anew. `time` is that of a clock that is never set. */
  account(table: Table, time: number): void {
    for (const group of this.groups) group.clear();
    const states = table.column('state') as (State | null)[];
    const threads = table.column('threads') as Float64Array;
    const { rss, vms } = table.column('memory') as { rss: Float64Array; vms: Float64Array };
    const counters = this.#countersOf(table);
    const rows = Array.from(table.pids, (pid) => this.#known.get(pid));
    this.unreadIo = 0;
    for (let row = 0; row < table.length; row++) {
      const process = rows[row];
      const group = process?.wanted === undefined ? undefined : this.groups.of(process.wanted);
      if (process === undefined || group === undefined) continue;
      if (process.isStart) {
        group.starts++;
        process.isStart = false;
      }
      count(process, group, counters, row);
      const { now } = group;
      now.processes++;
      now.states[EXPORTED[states[row] ?? 'sleeping']]++;
      now.memory += atLeastZero(rss[row]);
      now.virtual += atLeastZero(vms[row]);
      now.threads += atLeastZero(threads[row]);
      if (process.start < now.oldest) now.oldest = process.start;
      addSlow(group, process.slow);
      if (Number.isNaN(counters[READ_BYTES]?.[row])) this.unreadIo++;
    }
    this.groups.forget(time);
  }

  /** Every process of the last reading. */
  all(): Iterable<Tracked> {
    return this.#known.values();
  }

  #countersOf(table: Table): (Float64Array | undefined)[] {
    const { user, system } = table.column('cpuTimes') as Columns<'user' | 'system'>;
    const { minor, major } = table.column('pageFaults') as Columns<'minor' | 'major'>;
    const switches = this.#optional.includes('contextSwitches')
      ? (table.column('contextSwitches') as Columns<'voluntary' | 'involuntary'>)
      : undefined;
    const io = this.#optional.includes('io') ? (table.column('io') as Columns<'readBytes' | 'writeBytes'>) : undefined;
    return [user, system, minor, major, switches?.voluntary, switches?.involuntary, io?.readBytes, io?.writeBytes];
  }

  /**
   * By how much all start times have moved: the system counts them from its boot, and that moves when the clock is set. It is the
   * median, because some PIDs are another process's by now.
   */
  #shiftOf(pids: Int32Array, starts: Float64Array): number {
    const shifts: number[] = [];
    let moved = 0;
    for (let row = 0; row < pids.length; row++) {
      const process = this.#known.get(pids[row] as number);
      if (process === undefined) continue;
      const shift = (starts[row] as number) - process.start;
      shifts.push(shift);
      if (shift !== 0) moved++;
    }
    if (moved * 2 <= shifts.length) return 0;
    return shifts.sort((a, b) => a - b)[shifts.length >> 1] as number;
  }
}

export interface ProcessesSettings {
  readonly optional: readonly OptionalField[];
  readonly maxGroups: number;
  readonly forgetAfter: number;
}

/** A process that is there. */
export class Tracked {
  readonly pid: number;
  readonly isKernel: boolean;
  start: number;
  name: string;
  /** Whether it has begun since the first reading, or has become another program, and no group has counted that yet. */
  isStart: boolean;
  /** Whether it has been looked for a group of it. */
  isPlaced = false;
  /** Whether it has ended, and its parent has not waited for it. */
  isEnded = false;
  facts: ReadFacts['facts'] | undefined;
  slow: SlowFacts | undefined;
  /** The name of its group before secrets are taken out of it, and it is shortened. */
  made: string | undefined;
  /** The name of its group, whether or not that has a place; `undefined` if no rule holds for it. */
  wanted: string | undefined;
  /** What it had counted when it was read before: nothing before the first time. */
  readonly counted = new Float64Array(COUNTERS.length);

  constructor(pid: number, start: number, name: string, isKernel: boolean, isStart: boolean) {
    this.pid = pid;
    this.start = start;
    this.name = name;
    this.isKernel = isKernel;
    this.isStart = isStart;
  }
}

/** What a process is chosen by now. A zombie no longer has it, and a command line is not read each time. */
function factsOf({ facts: before, isEnded: wasEnded }: Tracked, now: ReadFacts['facts']): ReadFacts['facts'] {
  if (before === undefined || wasEnded) return before ?? now;
  const { cmdline, program } = now.cmdline === '' ? before : now;
  return { ...now, cmdline, program, exe: now.exe ?? before.exe, user: now.user ?? before.user };
}

type Columns<M extends string> = Readonly<Record<M, Float64Array>>;

function count(process: Tracked, group: Group, counters: readonly (Float64Array | undefined)[], row: number): void {
  for (let counter = 0; counter < counters.length; counter++) {
    const value = counters[counter]?.[row] ?? Number.NaN;
    // A number that could not be read is missing or negative.
    if (!(value >= 0)) continue;
    const before = process.counted[counter] as number;
    group.add(counter, Math.max(0, value - before));
    if (value > before) process.counted[counter] = value;
  }
}

function addSlow({ now }: Group, slow: SlowFacts | undefined): void {
  if (slow === undefined) return;
  const { descriptors, softLimit, oomScore, isDeleted } = slow;
  if (descriptors >= 0) now.descriptors = (now.descriptors ?? 0) + descriptors;
  if (softLimit >= 0) now.softLimit = Math.min(now.softLimit ?? Number.POSITIVE_INFINITY, softLimit);
  if (descriptors >= 0 && softLimit > 0) now.worstUse = Math.max(now.worstUse ?? 0, descriptors / softLimit);
  if (oomScore >= 0) now.oomScore = Math.max(now.oomScore ?? 0, oomScore);
  if (isDeleted !== null) now.deleted = (now.deleted ?? 0) + Number(isDeleted);
}

/** Nothing else has no memory at all, but what has ended. */
function isKernelThread(pid: number, parent: number | undefined, vms: number | undefined, state?: State | null) {
  return vms === 0 && !isEnded(state) && (pid === KTHREADD || parent === KTHREADD);
}

function isEnded(state: State | null | undefined): boolean {
  return state === 'zombie' || state === 'dead';
}

function atLeastZero(value: number | undefined): number {
  return value !== undefined && value > 0 ? value : 0;
}

const UNKNOWN_FACTS: ReadFacts['facts'] = {
  cmdline: '',
  program: undefined,
  exe: null,
  user: null,
  cgroup: null,
  container: null,
};
const EXPORTED: Readonly<Record<State, ExportedState>> = {
  running: 'running',
  sleeping: 'sleeping',
  idle: 'sleeping',
  parked: 'sleeping',
  'disk-sleep': 'disk-sleep',
  stopped: 'stopped',
  'tracing-stop': 'stopped',
  zombie: 'zombie',
  dead: 'zombie',
};
/** The parent of the kernel's own threads on Linux. */
const KTHREADD = 2;
const READ_BYTES = COUNTERS.indexOf('readBytes');
