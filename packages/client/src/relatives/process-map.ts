import { FIELD_INDEX, FieldSet, type Frame } from '@psutil-extra/native/protocol';
import { rowValue } from '../schema/decode.js';
import { failureIn } from '../schema/field-source.js';
import type { Identified } from '../schema/identity.js';
import { Slices } from '../support/slices.js';

const NAME = FIELD_INDEX.name;
const PPID = FIELD_INDEX.ppid;
const START_TIME = FIELD_INDEX.startTime;

/** A process as one scan has found it. */
export class Found {
  readonly pid: number;
  /** When it began, as the system counts and without what distinguishes two processes of one tick. */
  readonly start: number;
  /** Where its other fields are. */
  readonly frame: Frame;
  readonly row: number;
  /** Its parent, if that is known for certain. No process is its own ancestor. */
  parent: Found | undefined;
  /** In the order of the scan. */
  children: readonly Found[] = NONE;
  /** The search for circles that has come here. */
  search = 0;

  constructor(pid: number, start: number, frame: Frame, row: number) {
    this.pid = pid;
    this.start = start;
    this.frame = frame;
    this.row = row;
  }
}

/**
 * Every process, by one scan, and who is whose child. The scan is no snapshot: PIDs are reused while it runs, so a process whose
 * parent began after it is not that parent's child.
 */
export class ProcessMap {
  readonly #processes = new Map<number, Found>();

  private constructor() {}

  /** `reader` is the program that has read them. */
  static async of(frames: readonly Frame[], slices: Slices, reader = process.pid): Promise<ProcessMap> {
    const map = new ProcessMap();
    for (const frame of frames) {
      for (let row = 0; row < frame.rows; row++) {
        if (slices.areOver) await slices.next();
        if (!isOwnReader(frame, row, reader)) map.#processes.set(frame.pids[row] as number, foundIn(frame, row));
      }
    }
    for (const process of map.all()) {
      if (slices.areOver) await slices.next();
      process.parent = map.#parentOf(process);
    }
    let search = 0;
    for (const process of map.all()) {
      if (slices.areOver) await slices.next();
      if (isOfTickOfParent(process) && process.search === 0) breakCircle(process, ++search);
    }
    for (const process of map.all()) {
      if (slices.areOver) await slices.next();
      const { parent } = process;
      if (parent === undefined) continue;
      if (parent.children === NONE) parent.children = [process];
      else (parent.children as Found[]).push(process);
    }
    return map;
  }

  get(pid: number): Found | undefined {
    return this.#processes.get(pid);
  }

  all(): IterableIterator<Found> {
    return this.#processes.values();
  }

  #parentOf(process: Found): Found | undefined {
    const { frame, row, pid, start } = process;
    if (failureIn(frame, row, PPID) !== undefined) return undefined;
    const parent = this.#processes.get(frame.column(PPID).numbers[row] as number);
    return parent !== undefined && parent.pid !== pid && parent.start <= start ? parent : undefined;
  }

  /** The parent first, then its parent, up to the root. */
  ancestorsOf(process: Found): Found[] {
    const ancestors: Found[] = [];
    for (let at = process.parent; at !== undefined; at = at.parent) ancestors.push(at);
    return ancestors;
  }

  /** All descendants of these processes, from the top down, without the processes themselves. */
  descendantsOf(processes: Iterable<Found>): Found[] {
    const reached = new Set(processes);
    const count = reached.size;
    // A set is iterated over in the order of insertion, with what is added meanwhile.
    for (const process of reached) for (const child of process.children) reached.add(child);
    return [...reached].slice(count);
  }
}

function foundIn(frame: Frame, row: number): Found {
  return new Found(frame.pids[row] as number, tickOf(frame.column(START_TIME).numbers[row] as number), frame, row);
}

function isOfTickOfParent({ parent, start }: Found): boolean {
  return parent?.start === start;
}

/**
 * PIDs that are reused during the scan might make a circle of processes, which then began in one tick. The one with the lowest
 * PID is without a parent then. Each process is visited by one search.
 */
function breakCircle(process: Found, search: number): void {
  let at: Found | undefined = process;
  for (; at !== undefined && at.search === 0; at = isOfTickOfParent(at) ? at.parent : undefined) at.search = search;
  if (at?.search !== search) return;
  let lowest = at;
  for (let each = at.parent; each !== undefined && each !== at; each = each.parent) {
    if (each.pid < lowest.pid) lowest = each;
  }
  lowest.parent = undefined;
}

/** Reads such maps. */
export class ProcessMaps {
  readonly #scan: FrameScan;
  /** The program that reads. */
  readonly #reader: number | undefined;

  constructor(scan: FrameScan, reader?: number) {
    this.#scan = scan;
    this.#reader = reader;
  }

  /** Of every process, or of some, with these fields and what relations need. */
  async read(fields: FieldSet, signal: AbortSignal | undefined, procs?: Iterable<unknown>): Promise<ProcessMap> {
    return ProcessMap.of(await this.#frames(fields, signal, procs), new Slices(signal), this.#reader);
  }

  /** The same processes without their relations: those that match. */
  async matching(
    fields: FieldSet,
    matches: (frame: Frame, row: number) => boolean,
    signal: AbortSignal | undefined,
    procs?: Iterable<unknown>,
  ): Promise<Found[]> {
    const frames = await this.#frames(fields, signal, procs);
    const slices = new Slices(signal);
    const found: Found[] = [];
    for (const frame of frames) {
      for (let row = 0; row < frame.rows; row++) {
        if (slices.areOver) await slices.next();
        if (matches(frame, row) && !isOwnReader(frame, row, this.#reader)) found.push(foundIn(frame, row));
      }
    }
    return found;
  }

  async #frames(
    fields: FieldSet,
    signal: AbortSignal | undefined,
    procs: Iterable<unknown> | undefined,
  ): Promise<readonly Frame[]> {
    return (await this.#scan(fields.union(RELATIONS), signal, procs)) ?? [];
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
function isOwnReader(frame: Frame, row: number, reader = process.pid): boolean {
  return frame.column(PPID).numbers[row] === reader && rowValue(NAME, frame, row) === READER;
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
