import { type Dictionary, FIELD_INDEX, FIELDS, type FieldMask, type Frame, STATES } from '@psutil-extra/worker';
import { invalidType, invalidValue, isIterable } from './arguments.js';
import { didYouMean } from './nearest.js';
import { type BigIntLimits, type Limits, limitNumber, RESOURCES, type ResourceName } from './resources.js';
import { type SignalMasks, signalSet } from './signals.js';

/** What a process is doing: the letter of `State` in proc_pid_status(5) as a word. */
export type State =
  | 'running'
  | 'sleeping'
  | 'disk-sleep'
  | 'stopped'
  | 'tracing-stop'
  | 'zombie'
  | 'dead'
  | 'idle'
  | 'parked';

/** Real, effective and saved user or group id. */
export interface Ids {
  /** Of who started it. */
  real: number;
  /** The one that permissions are checked by. */
  effective: number;
  /** The one that it may become again. */
  saved: number;
}

/**
 * Every field: its name is the method, the scan's column and the snapshot's key; its type is the value.
 */
export interface FieldValues {
  /** What the process is called, at most 15 bytes on Linux (63 for kernel threads) and illumos, 19 on FreeBSD, 16 on NetBSD, macOS and DragonFly, 23 on OpenBSD; bytes that are not UTF-8 become U+FFFD. */
  name: string;
  /** PID of the parent; 0 where it has none, or none in this PID namespace. */
  ppid: number;
  /**
   * macOS does not tell who sleeps from who runs: both are `'running'`. DragonFly finds no zombie by its PID: there, one
   * is seen in a scan of every process alone, and not with `rlimits`.
   */
  state: State;
  /** User ids: getresuid(2). */
  uids: Ids;
  /** Group ids: getresgid(2). */
  gids: Ids;
  /** Supplementary group ids: getgroups(2). On BSDs and macOS the list begins with the effective group id; macOS tells at most 16 of other processes. */
  groups: number[];
  /** File mode creation mask, such as `0o022`: umask(2). A zombie has none (`ZombieProcessError`). */
  umask: number;
  /** What it does with signals, of its main thread on Linux: `SigPnd` and the like in proc_pid_status(5). */
  sigmasks: SignalMasks;
  /** Process group: getpgid(2). */
  pgid: number;
  /** Session: getsid(2). A zombie has none on macOS. */
  sid: number;
  /** How many threads it has. macOS tells it of processes of one's own user, and root of all. */
  threads: number;
  /** When it began: milliseconds since the epoch, exact to a clock tick (10 ms on Linux and NetBSD, 1 µs elsewhere). */
  startTime: number;
  /** Every resource limit: prlimit(2). Of one's own process alone on macOS; of others on DragonFly where procfs is mounted. */
  rlimits: Partial<Record<ResourceName, Limits>>;
}

/** A field's name: the method, the column, the key of a snapshot. */
export type Field = keyof FieldValues;

/** What may be named among fields: `'pid'` too, which is there anyhow. */
export type NamedField = Field | 'pid';
/** The fields that are named. */
export type Fields<F extends readonly NamedField[]> = Exclude<F[number], 'pid'>;

/** Every field's name. */
export const FIELD_NAMES: readonly Field[] = Object.freeze(FIELDS.map(({ name }) => name));

/** The fields that `snapshot()` and `scan()` bring where none are named: those of psutil-extra. */
export const DEFAULT_FIELDS = Object.freeze([
  'umask',
  'groups',
  'sigmasks',
  'pgid',
  'sid',
] as const) satisfies readonly Field[];
/** The fields that are brought where none are named. */
export type DefaultField = (typeof DEFAULT_FIELDS)[number];

/** The field's position. */
export function fieldIndex(name: unknown): number | undefined {
  return typeof name === 'string' && Object.hasOwn(FIELD_INDEX, name) ? FIELD_INDEX[name as Field] : undefined;
}

/** @internal Named fields, each once and in the order in which they were named, and their bits. */
export interface FieldList {
  readonly names: readonly Field[];
  readonly mask: FieldMask;
}

/** @internal The fields of `options.fields`, checked. */
export function fieldList(fields: unknown): FieldList {
  if (!isIterable(fields)) throw invalidType('options.fields', 'an array of field names', fields);
  const names = new Set<Field>();
  let mask = 0;
  let position = 0;
  for (const name of fields) {
    const index = fieldIndex(name);
    if (index !== undefined) {
      names.add(name as Field);
      mask |= 1 << index;
    } else if (name !== 'pid') {
      const hint = didYouMean(name, FIELD_NAMES);
      throw invalidValue(`options.fields[${position}]`, `must be one of ${FIELD_NAMES.join(', ')}${hint}`, name);
    }
    position++;
  }
  return { names: [...names], mask };
}

/** @internal Where a client's values come from. */
export interface Origin {
  /** The proc root. */
  readonly root: string;
}

/** @internal The value of a field whose column holds this cell. */
export function value(field: number, frame: Frame, cell: number): unknown {
  return (DECODE[field] as Decode)(frame, cell);
}

/**
 * One limit, exactly. `cell` is that of `rlimits`, here and below. Nothing where the kernel has no such resource:
 * it may be older than the headers that the addon was compiled with.
 *
 * @internal
 */
export function bigIntLimit(frame: Frame, cell: number, resource: number): BigIntLimits | undefined {
  const raw = frame.dictionary(FIELD_INDEX.rlimits).u64(cell);
  const [soft, hard] = raw.subarray(resource * 2, resource * 2 + 2);
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

/** @internal One limit, as numbers. */
export function limit(frame: Frame, cell: number, resource: number): Limits | undefined {
  const numbers = limitNumbers(frame, cell);
  const soft = numbers[resource * 2];
  const hard = numbers[resource * 2 + 1];
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

/** @internal Every limit, exactly. */
export function bigIntLimits(frame: Frame, cell: number): Partial<Record<ResourceName, BigIntLimits>> {
  const made: Partial<Record<ResourceName, BigIntLimits>> = {};
  RESOURCES.forEach((name, resource) => {
    const found = bigIntLimit(frame, cell, resource);
    if (name !== undefined && found !== undefined) made[name] = found;
  });
  return made;
}

/**
 * @internal A start in milliseconds since the epoch, as the clock was when it was read: every thread and program has the same.
 * What is behind the point distinguishes processes, and is no time.
 */
export function milliseconds(start: number, frame: Frame): number {
  const { zero, perSecond } = frame.clock;
  return zero + (Math.floor(start) * 1000) / perSecond;
}

type Decode = (frame: Frame, cell: number) => unknown;

const DECODE: readonly Decode[] = FIELDS.map(({ name }) => {
  const table: { readonly [F in Field]: Decode } = {
    name: (frame, cell) => frame.made(FIELD_INDEX.name, cell, text),
    ppid: itself,
    state: stateOf,
    uids: (frame, cell) => ids(frame, FIELD_INDEX.uids, cell),
    gids: (frame, cell) => ids(frame, FIELD_INDEX.gids, cell),
    groups: (frame, cell) => list(frame.made(FIELD_INDEX.groups, cell, u32)),
    umask: itself,
    sigmasks: (frame, cell) => frame.made(FIELD_INDEX.sigmasks, cell, signalMasks),
    pgid: itself,
    sid: itself,
    threads: itself,
    startTime: (frame, cell) => milliseconds(cell, frame),
    rlimits: (frame, cell) => allLimits(limitNumbers(frame, cell)),
  };
  return table[name];
});

function itself(_: Frame, cell: number): number {
  return cell;
}

function stateOf(frame: Frame, cell: number): State {
  const state = STATES[cell];
  if (state === undefined) throw frame.damaged(`no state of a process: ${cell}`);
  return state;
}

const UTF8 = new TextDecoder();

function text(dictionary: Dictionary, entry: number): string {
  return UTF8.decode(dictionary.bytes(entry));
}

function u32(dictionary: Dictionary, entry: number): Uint32Array {
  return dictionary.u32(entry);
}

/** A copy that the caller may change. Quicker than Array.from, which asks for an iterator. */
function list(numbers: Uint32Array): number[] {
  const copy: number[] = [];
  for (let i = 0; i < numbers.length; i++) copy.push(numbers[i] as number);
  return copy;
}

function ids(frame: Frame, field: number, cell: number): Ids {
  const numbers = frame.made(field, cell, u32);
  return { real: numbers[0] as number, effective: numbers[1] as number, saved: numbers[2] as number };
}

/** The members of `SignalMasks` in the order of `SignalSets` in native's `src/core/field.h`. */
export const SIGNAL_SETS = ['pending', 'blocked', 'ignored', 'caught', 'processPending'] as const;

function signalMasks(dictionary: Dictionary, entry: number): SignalMasks {
  const words = dictionary.u32(entry);
  const known = words[0] as number;
  const masks: { -readonly [K in keyof SignalMasks]: SignalMasks[K] } = {};
  SIGNAL_SETS.forEach((name, set) => {
    // Of all rows that share the entry: nobody may change it for the others.
    if ((known >> set) & 1) masks[name] = Object.freeze(signalSet(words, 2 + set * 4));
  });
  return Object.freeze(masks);
}

/** @internal Soft and hard of each resource in turn, as numbers, made once for all rows that share them. */
export function limitNumbers(frame: Frame, cell: number): Float64Array {
  return frame.made(FIELD_INDEX.rlimits, cell, (dictionary, entry) => {
    const raw = dictionary.u64(entry);
    if (raw.length % 2 !== 0) throw frame.damaged(`entry ${entry} of the dictionary is damaged: half a limit`);
    return Float64Array.from(raw, limitNumber);
  });
}

function allLimits(numbers: Float64Array): Partial<Record<ResourceName, Limits>> {
  const made: Partial<Record<ResourceName, Limits>> = {};
  for (let resource = 0; resource < numbers.length / 2; resource++) {
    const name = RESOURCES[resource];
    if (name === undefined) continue;
    made[name] = { soft: numbers[resource * 2] as number, hard: numbers[resource * 2 + 1] as number };
  }
  return made;
}
