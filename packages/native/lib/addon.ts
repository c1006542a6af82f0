import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nameOf, thisHost } from './host.js';
import { type Attempt, notLoaded } from './not-loaded.js';
import type { Reader } from './operation.js';
import { type Failure, FIELDS, type FieldBits, type FieldRow, type Named, type Numbering } from './protocol/index.js';

/** What `src/binding/addon.cc` exports. */
export interface Addon {
  /** {@link INTERFACE} of the sources from which it was built. */
  readonly interface: number;
  readonly Reader: new (procRoot: string, stallTimeout?: number) => Reader;
  /** Calls `ready` when `take()` has something to report. Not on every system: {@link Capabilities.waits}. */
  readonly ExitWatcher: new (
    procRoot: string,
    ready: () => void,
  ) => ExitWatcher;
  /**
   * Holds the process that has a PID now by a descriptor, without blocking: a wait that another thread begins later is for this
   * process. The caller releases it, unless a wait has begun with it. It is EMFILE when few descriptors are left.
   */
  readonly holdProcess: (pid: number) => number | Failure;
  readonly releaseProcess: (held: number) => void;
  readonly EventReader: new () => EventReader;
  /** False if the last reader of a pipe or a socket has closed it: nothing that is written to it is read any more. */
  readonly hasReader: (fd: number) => boolean;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly capabilities: Capabilities;
  /**
   * Why a walk cannot read every process here, as far as that is known without trying it; null if it can. With `ofPrivileges`
   * it makes one system call, and checks only the privileges that the calling thread may gain and lose.
   */
  readonly refusalOfWalk: (ofPrivileges?: boolean) => Failure | null;
}

/** Waits for processes to end, in the thread's own event loop, which it does not keep alive. */
export interface ExitWatcher {
  /**
   * The number of a new wait for a process; `start` is `ANY_START`, or the start that it must have; `held`
   * is from {@link Addon.holdProcess}, and the watcher's from then on, also where there is a failure; or −1.
   */
  begin(pid: number, start: number, held: number): number | Failure;
  /** Ends a wait. */
  cancel(wait: number): void;
  /**
   * The waits that are over, whose numbers are free then: 1 if it is to be called again after 20 ms, else 0; then of each its
   * number and its status as wait(2) encodes it, −1 if that is not known. Or why no wait is ever over any more.
   */
  take(): Int32Array | Failure;
}

export interface Capabilities extends Numbering {
  /** Which backend was compiled: `linux`, `freebsd`, …, or `unsupported`. */
  readonly backend: string;
  /** The interface of the system that it reads: `procfs`, `sysctl`, … */
  readonly reading: string;
  /** The fields that it supports. */
  readonly fields: FieldBits;
  /** The fields that one system call returns for every process: see `ReadTable`. */
  readonly bulk: FieldBits;
  /** Which members of `SignalSets` it supports, a bit each. */
  readonly signalSets: number;
  /** Whether it can list every PID. */
  readonly list: boolean;
  /** Whose limits it can read. */
  readonly getRlimit: Reach;
  /** Whose limits it can set. */
  readonly setRlimit: Reach;
  /** The names of the sources that a frame counts. */
  readonly sources: readonly string[];
  /** A faster way to read every process, which a machine may lack or refuse: `bpf`. See `ReadCursor`. */
  readonly walk: string | null;
  /** Whether a `ReadCursor` with `ReadFlag.listed` is supported. */
  readonly readsList: boolean;
  /** Its sources of events of processes, in the order in which they are tried: `bpf`, `netlink`. None where it has none. */
  readonly eventSources: readonly string[];
  /** A bit for each `ActionKind`, except `rlimit`, that it performs on any process. */
  readonly actions: number;
  /** Whether it waits for processes to end. */
  readonly waits: boolean;
}

/** Beside the sources of `EventReader.open`: for the main thread. */
export const WITHOUT_WAITING = 0x80;

/** Events of processes from the kernel. It belongs to one thread, whose event loop it uses. */
export interface EventReader {
  /**
   * Opens the first of the sources that works, a bit each in the order of `Capabilities.eventSources`. Calls `onReadable` from
   * the event loop while there are events. Returns which source it is, or why each does not work. With
   * {@link WITHOUT_WAITING} only a source that opens at once.
   */
  open(sources: number, onReadable: () => void): { readonly source: number } | readonly (Failure | null)[];
  /** What there is now, or as much as a message shall have: `ProcessEvents` reads it. It does not wait. */
  read(): ArrayBuffer | Failure;
  /** Whether `onReadable` is called. */
  listen(wanted: boolean): void;
  /** Whether the new name of a process is an event. */
  wantRenames(wanted: boolean): void;
  close(): void;
}

/** The processes of which something can be read or changed, permissions aside. */
export type Reach = 'none' | 'own' | 'any';

export type { Named };

/** Counts up whenever what the addon exports, or writes into a frame, changes: `kInterface` in `src/binding/addon.cc`. */
export const INTERFACE = 10;

/**
 * Loads the addon that the environment variable `PSUTIL_EXTRA_ADDON` names by its path, or else one that was built
 * here, or else the one from the package of this platform.
 *
 * @throws an error that says what to do, what was tried, and why each failed.
 */
export function loadAddon(): Addon {
  return loadFirst(placesToLook());
}

/** A place from which the addon may be loaded. */
export interface Candidate {
  /** Its name in the error. */
  readonly name: string;
  readonly load: () => unknown;
}

/** The first addon that loads. */
export function loadFirst(candidates: Iterable<Candidate>): Addon {
  const tried: Attempt[] = [];
  for (const { name, load } of candidates) {
    try {
      return ofTheseSources(load());
    } catch (error) {
      tried.push({ name, error });
    }
  }
  const gyp = GYP_FOLDERS.find((each) => existsSync(join(each, 'binding.gyp')));
  throw notLoaded(tried, { host: nameOf(thisHost()), folder: PACKAGE, gyp });
}

/** An addon of another version would fail at the first function that it lacks, far from here. */
function ofTheseSources(addon: unknown): Addon {
  const { interface: found, fields } = addon as Partial<Addon>;
  if (found !== INTERFACE) {
    throw new Error(
      `it was built of ${found === undefined || found < INTERFACE ? 'older' : 'newer'} sources: its interface is ${found ?? 'none'}, this package's ${INTERFACE}. Rebuild it, or remove it`,
    );
  }
  const difference = differenceOf(fields);
  if (difference === undefined) return unchangeable(addon as Addon);
  throw new Error(`it was built of other sources: ${difference}. Rebuild it, or remove it`);
}

/** The addon's description is shared by all of a thread: no caller may change it for the others. */
function unchangeable(addon: Addon): Addon {
  freeze(addon.fields);
  freeze(addon.capabilities);
  return addon;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const each of Object.values(value)) freeze(each);
  Object.freeze(value);
}

/** The first difference between the addon's table of fields and {@link FIELDS}: columns would be mixed up. */
function differenceOf(fields: unknown): string | undefined {
  if (!Array.isArray(fields)) return 'it has no table of fields';
  for (let bit = 0; bit < Math.max(fields.length, FIELDS.length); bit++) {
    const row: FieldRow | undefined = FIELDS[bit];
    const [its, ours] = [described(fields[bit]), described(row && { name: row.name, type: row.signature })];
    if (its !== ours) return `field ${bit} is ${its} there, and ${ours} in this package`;
  }
  return undefined;
}

function described(field: { name: string; type: string } | undefined): string {
  return field === undefined ? 'nothing' : `${field.name} (${field.type})`;
}

/** Lazily, because finding this platform's package takes milliseconds. */
function* placesToLook(): Iterable<Candidate> {
  const named = process.env['PSUTIL_EXTRA_ADDON'];
  if (named) {
    // If it is set, no other addon may replace it.
    yield { name: resolve(named), load: () => require(resolve(named)) };
    return;
  }
  for (const file of BUILT) yield { name: file, load: () => require(file) };
  const host = nameOf(thisHost());
  const { loadPrebuilt } = require('./prebuilt.cjs') as typeof import('./prebuilt.cjs');
  yield { name: `@psutil-extra/native-${host}`, load: () => loadPrebuilt(host) };
}

/** Where `binding.gyp` is: in a clone beside the sources, and in an installed package in a folder of its own. */
const PACKAGE = join(__dirname, '../');
const GYP_FOLDERS = [PACKAGE, join(PACKAGE, 'source/')];

const BUILT = GYP_FOLDERS.map((folder) => join(folder, 'build/Release/psutil_extra.node'));
