import { FIELD_INDEX, FieldSet, type Frame } from '@psutil-extra/native/protocol';
import { rowValue } from '../schema/decode.js';
import { failureIn } from '../schema/field-source.js';
import type { Identified } from '../schema/identity.js';

const NAME = FIELD_INDEX.name;
const PPID = FIELD_INDEX.ppid;
const START_TIME = FIELD_INDEX.startTime;

/** A process as one scan has found it. */
export interface Found {
  readonly pid: number;
  readonly ppid: number;
  /** When it began, as the system counts and without what distinguishes two processes of one tick. */
  readonly start: number;
  /** Where its other fields are. */
  readonly frame: Frame;
  readonly row: number;
}

/**
 * Every process, by one scan, and who is whose child. The scan is no snapshot: PIDs are reused while it runs, so a process whose
 * parent began after it is not that parent's child.
 */
export class ProcessMap {
  readonly #processes = new Map<number, Found>();
  readonly #children = new Map<number, Found[]>();

  constructor(frames: readonly Frame[]) {
    for (const frame of frames) {
      const ppids = frame.column(PPID).numbers;
      const starts = frame.column(START_TIME).numbers;
      for (let row = 0; row < frame.rows; row++) {
        if (failureIn(frame, row, PPID) !== undefined || isOwnReader(frame, row)) continue;
        const pid = frame.pids[row] as number;
        const start = tickOf(starts[row] as number);
        this.#processes.set(pid, { pid, ppid: ppids[row] as number, start, frame, row });
      }
    }
    for (const process of this.#processes.values()) {
      const parent = this.parentOf(process);
      if (parent === undefined) continue;
      const siblings = this.#children.get(parent.pid);
      if (siblings === undefined) this.#children.set(parent.pid, [process]);
      else siblings.push(process);
    }
  }

  get(pid: number): Found | undefined {
    return this.#processes.get(pid);
  }

  all(): IterableIterator<Found> {
    return this.#processes.values();
  }

  parentOf({ pid, ppid, start }: Found): Found | undefined {
    const parent = this.#processes.get(ppid);
    return parent !== undefined && parent.pid !== pid && parent.start <= start ? parent : undefined;
  }

  /** The parent first, then its parent, up to the root. */
  ancestorsOf(process: Found): Found[] {
    const ancestors = new Set<Found>();
    for (let at = this.parentOf(process); at !== undefined && !ancestors.has(at); at = this.parentOf(at))
      ancestors.add(at);
    return [...ancestors];
  }

  childrenOf({ pid }: Found): readonly Found[] {
    return this.#children.get(pid) ?? NONE;
  }

  /** All descendants of these processes, from the top down, without the processes themselves. */
  descendantsOf(processes: Iterable<Found>): Found[] {
    const reached = new Set(processes);
    const count = reached.size;
    // A set is iterated over in the order of insertion, with what is added meanwhile.
    for (const process of reached) for (const child of this.childrenOf(process)) reached.add(child);
    return [...reached].slice(count);
  }
}

/** Reads such maps. */
export class ProcessMaps {
  readonly #scan: FrameScan;

  constructor(scan: FrameScan) {
    this.#scan = scan;
  }

  /** Of every process, or of some, with these fields and what relations need. */
  async read(fields: FieldSet, signal: AbortSignal | undefined, procs?: Iterable<unknown>): Promise<ProcessMap> {
    return new ProcessMap((await this.#scan(fields.union(RELATIONS), signal, procs)) ?? []);
  }
}

/** One scan. */
type FrameScan = (
  fields: FieldSet,
  signal: AbortSignal | undefined,
  procs: Iterable<unknown> | undefined,
) => Promise<Frame[] | undefined>;

/** The name comes from the file that has the others. */
const RELATIONS = FieldSet.of(PPID, START_TIME, NAME);

/**
 * Whether a process reads for this program what may block, see docs/blocking-reads.md. It shares the memory and the descriptors
 * of the program, so it has the same command line and the same sockets; to a caller it is a part of the program, as a thread is.
 */
function isOwnReader(frame: Frame, row: number): boolean {
  return frame.column(PPID).numbers[row] === process.pid && rowValue(NAME, frame, row) === READER;
}

const READER = 'psutil-reader';

/** Finds out which of the processes of a scan are still there. */
export interface Confirming {
  confirm(found: readonly Found[], signal: AbortSignal | undefined): Promise<Identified[]>;
}

/** The tick of a start, without the fraction that distinguishes processes. */
export function tickOf(start: number): number {
  return Math.floor(start);
}

const NONE: readonly Found[] = [];
