import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nameOf, thisHost } from './host.js';
import { type Attempt, notLoaded } from './not-loaded.js';
import { loadPrebuilt } from './prebuilt.cjs';
import { type Failure, FIELDS, type FieldBits, type FieldRow, type Single } from './protocol/index.js';

/** What `src/binding/addon.cc` exports. */
export interface Addon {
  /** {@link INTERFACE} of the sources that it was built of. */
  readonly interface: number;
  readonly Reader: new (procRoot: string) => Reader;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly capabilities: Capabilities;
  /**
   * Why every process cannot be read by a walk here, as far as that is known without trying; null where it can. With
   * `ofPrivileges`, only what the calling thread may gain and lose while it runs, by one system call.
   */
  readonly refusalOfWalk: (ofPrivileges?: boolean) => Failure | null;
}

export interface Capabilities {
  /** Which backend was compiled: `linux`, `freebsd`, …, or `unsupported`. */
  readonly backend: string;
  /** What it reads: `procfs`, `sysctl`, … */
  readonly reading: string;
  /** The fields that it supports. */
  readonly fields: FieldBits;
  /** The fields that one system call returns for every process: see {@link Reader.read}. */
  readonly bulk: FieldBits;
  /** Which members of `SignalSets` it supports, a bit each. */
  readonly signalSets: number;
  /** Whether it can list every PID. */
  readonly list: boolean;
  /** Whose limits it can read. */
  readonly getRlimit: Reach;
  /** Whose limits it can set. */
  readonly setRlimit: Reach;
  /** The resources of the system's own headers. Of several names of a number, the first is the usual one. */
  readonly resources: readonly Named[];
  /** Its signals, likewise. `SIGRTMIN` and `SIGRTMAX` are among them where it has real-time signals. */
  readonly signals: readonly Named[];
  /** What a frame's read counts count. */
  readonly sources: readonly string[];
  /** A quicker way to read every process that a machine need not offer or permit: `bpf`. See {@link Reader.read}. */
  readonly walk: string | null;
  /** Whether it goes through the list of PIDs itself, as another walk: {@link Reader.read} with `ReadFlag.listed`. */
  readonly readsList: boolean;
}

/** Of which processes something can be read or changed, permissions aside. */
export type Reach = 'none' | 'own' | 'any';

export interface Named {
  readonly name: string;
  readonly number: number;
}

/** Blocking reads. One belongs to one thread. A wrong argument is a TypeError that names it. */
export interface Reader {
  /**
   * A row for each PID, in their order, as a {@link Frame}'s buffer. `starts` and `masks` may give each
   * process's start and fields; `fields` is the union of the masks. While `hurry[0]` is not 0, it stops after
   * a few processes, and the frame's `taken` says how many of the PIDs it covers. One whole number of one process is
   * answered with that number alone, unless flags are given. Where `pids` is null, it is a row for every process,
   * read by one call of the system; the fields must be among those in bulk. Where that call fails, so does the whole.
   * Or it is a part of a walk, by `Capabilities.walk` or with `ReadFlag.listed` over the list of PIDs: about `most`
   * processes `from` a place on, 0 at first; the frame's `next` is where the next part begins, below 0 behind the last.
   * `walk` is the same number for all parts of one.
   */
  read(
    pids: Int32Array | null,
    starts: Float64Array | null,
    fields: FieldBits,
    masks: Float64Array | null,
    flags: number,
    hurry?: Int32Array | null,
    walk?: number,
    from?: number,
    most?: number,
  ): ArrayBuffer | Single | Failure;
  /** About `most` PIDs from a cursor on (0 at first), and the cursor behind them (−1 at the end). */
  list(cursor: number, most: number, hurry?: Int32Array | null): { pids: Int32Array; cursor: number } | Failure;
  /** Sets one limit; answers with the one before. `start` is {@link ANY_START}, or the process must have it. */
  setRlimit(
    pid: number,
    start: number,
    resource: number,
    soft: bigint,
    hard: bigint,
  ): { soft: bigint; hard: bigint } | Failure;
}

/** Counts up whenever what the addon exports, or writes into a frame, changes: `kInterface` in `src/binding/addon.cc`. */
export const INTERFACE = 4;

/**
 * Loads the addon that the environment variable `PSUTIL_EXTRA_ADDON` names by its path, or else one that was built
 * here, or else the one from the package of this platform.
 *
 * @throws an error that says what to do, what was tried, and why each failed.
 */
export function loadAddon(): Addon {
  return loadFirst(placesToLook());
}

/** Somewhere that the addon may come from. */
export interface Candidate {
  /** What it is called in the error. */
  readonly name: string;
  readonly load: () => unknown;
}

/** The first that loads. */
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
    // Only this one: if it is set, no other addon may replace it.
    yield { name: resolve(named), load: () => require(resolve(named)) };
    return;
  }
  for (const file of BUILT) yield { name: file, load: () => require(file) };
  const host = nameOf(thisHost());
  yield { name: `@psutil-extra/native-${host}`, load: () => loadPrebuilt(host) };
}

/** Where `binding.gyp` is: in a clone beside the sources, and in an installed package in a folder of its own. */
const PACKAGE = join(__dirname, '../');
const GYP_FOLDERS = [PACKAGE, join(PACKAGE, 'source/')];

const BUILT = GYP_FOLDERS.map((folder) => join(folder, 'build/Release/psutil_extra.node'));
