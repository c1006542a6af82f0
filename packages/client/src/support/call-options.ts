import { checkBoolean, checkInteger, checkSignal, invalidValue } from './arguments.js';
import { checkOptions } from './check-options.js';

/** The last argument of every call. */
export interface CallOptions {
  /** Rejects the call with the signal's reason. Other calls, also for the same process, go on. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of calls that return limits. */
export interface LimitsOptions extends CallOptions {
  /** Limits as bigints, exact beyond 2⁵³. */
  readonly bigint?: boolean | undefined;
}

/** Options of calls that return text of the process, which need not be UTF-8. */
export interface TextOptions extends CallOptions {
  /** `'buffer'` returns the bytes as they are, in `Buffer`s; otherwise those that are not UTF-8 become U+FFFD. */
  readonly encoding?: 'utf8' | 'buffer' | undefined;
}

/** Options of calls that set what Linux keeps for each thread. */
export interface SetterOptions extends CallOptions {
  /** Sets it of every thread of the process, and not of its main thread alone. */
  readonly allThreads?: boolean | undefined;
}

/** Options of `events()`. */
export interface EventsOptions extends CallOptions {
  /**
   * Where the kernel reports no events, or not to this program: compares listings, so many milliseconds apart. At least 10.
   * Processes that begin and end between two listings are not seen then, nor what is executed, nor exit codes.
   */
  readonly poll?: number | undefined;
}

/*
 * The functions below read the options of a call: before anything else, and each option once, because a getter may return
 * another value the second time.
 */

/** The options of any call. */
export interface ReadOptions {
  readonly signal: AbortSignal | undefined;
}

/** The options of calls that return limits. */
export interface ReadLimitsOptions extends ReadOptions {
  readonly bigint: boolean;
}

/** The options of calls that set what each thread has. */
export interface ReadSetterOptions extends ReadOptions {
  readonly allThreads: boolean;
}

/** The options of calls that return several fields. */
export interface ReadFieldsOptions extends ReadOptions {
  readonly fields: unknown;
}

export interface ReadSnapshotOptions extends ReadFieldsOptions {
  readonly fallback: unknown;
}

export interface ReadScanOptions extends ReadFieldsOptions {
  readonly pids: unknown;
}

export interface ReadBatchesOptions extends ReadScanOptions {
  readonly batchSize: unknown;
}

export interface ReadEventsOptions extends ReadOptions {
  readonly poll: number | undefined;
}

export interface ReadLiveOptions extends ReadEventsOptions {
  readonly fields: unknown;
}

export function readOptions(options: object | undefined): ReadOptions {
  if (options === undefined) return NONE;
  checkOptions(options, CALL);
  const { signal } = options as Partial<ReadOptions>;
  return { signal: checkSignal(signal) };
}

export function readLimitsOptions(options: object | undefined): ReadLimitsOptions {
  if (options === undefined) return NONE;
  checkOptions(options, LIMITS);
  const { signal, bigint } = options as Partial<ReadLimitsOptions>;
  return { signal: checkSignal(signal), bigint: checkBoolean('options.bigint', bigint) };
}

export function readSetterOptions(options: object | undefined): ReadSetterOptions {
  if (options === undefined) return NONE;
  checkOptions(options, SETTER);
  const { signal, allThreads } = options as Partial<ReadSetterOptions>;
  return { signal: checkSignal(signal), allThreads: checkBoolean('options.allThreads', allThreads) };
}

/** `exact` is whether bytes are to be returned. */
export function readTextOptions(options: object): ReadOptions & { readonly exact: boolean } {
  checkOptions(options, TEXT);
  const { signal, encoding = 'utf8' } = options as TextOptions;
  if (encoding !== 'utf8' && encoding !== 'buffer') {
    throw invalidValue('options.encoding', "must be 'utf8' or 'buffer'", encoding);
  }
  return { signal: checkSignal(signal), exact: encoding === 'buffer' };
}

export function readSnapshotOptions(options: object | undefined): ReadSnapshotOptions {
  if (options === undefined) return NONE;
  checkOptions(options, SNAPSHOT);
  const { signal, fields, fallback = null } = options as Partial<ReadSnapshotOptions>;
  return { signal: checkSignal(signal), fields, fallback };
}

export function readScanOptions(options: object | undefined): ReadScanOptions {
  if (options === undefined) return NONE;
  checkOptions(options, SCAN);
  const { signal, fields, pids } = options as Partial<ReadScanOptions>;
  return { signal: checkSignal(signal), fields, pids };
}

export function readBatchesOptions(options: object | undefined): ReadBatchesOptions {
  if (options === undefined) return NONE;
  checkOptions(options, BATCHES);
  const { signal, fields, pids, batchSize } = options as Partial<ReadBatchesOptions>;
  return { signal: checkSignal(signal), fields, pids, batchSize };
}

export function readChildrenOptions(options: object | undefined): ReadOptions & { readonly recursive: unknown } {
  if (options === undefined) return NONE;
  checkOptions(options, CHILDREN);
  const { signal, recursive } = options as { signal?: unknown; recursive?: unknown };
  return { signal: checkSignal(signal), recursive };
}

export function readTreeOptions(options: object | undefined): ReadFieldsOptions {
  if (options === undefined) return NONE;
  checkOptions(options, TREE);
  const { signal, fields } = options as Partial<ReadFieldsOptions>;
  return { signal: checkSignal(signal), fields };
}

export function readEventsOptions(options: object | undefined): ReadEventsOptions {
  if (options === undefined) return NONE;
  checkOptions(options, EVENTS);
  const { signal, poll } = options as Partial<ReadEventsOptions>;
  return { signal: checkSignal(signal), poll: checkPoll(poll) };
}

export function readLiveOptions(options: object | undefined): ReadLiveOptions {
  if (options === undefined) return NONE;
  checkOptions(options, LIVE);
  const { signal, poll, fields } = options as Partial<ReadLiveOptions>;
  return { signal: checkSignal(signal), poll: checkPoll(poll), fields };
}

function checkPoll(poll: number | undefined): number | undefined {
  return poll === undefined ? undefined : checkInteger('options.poll', poll, MIN_POLL, MAX_POLL);
}

/** Checked further by the call. */
export function readKillTreeOptions(
  options: object | undefined,
): ReadOptions & { readonly killSignal?: unknown; readonly grace?: unknown } {
  if (options === undefined) return NONE;
  checkOptions(options, KILL_TREE);
  const { signal, killSignal, grace } = options as { signal?: unknown; killSignal?: unknown; grace?: unknown };
  return { signal: checkSignal(signal), killSignal, grace };
}

const CALL = ['signal'];
const KILL_TREE = ['killSignal', 'grace', 'signal'];
const CHILDREN = ['recursive', 'signal'];
const TREE = ['fields', 'signal'];
const LIMITS = ['signal', 'bigint'];
const TEXT = ['signal', 'encoding'];
const SETTER = ['allThreads', 'signal'];
const SNAPSHOT = ['fields', 'fallback', 'signal'];
const SCAN = ['fields', 'pids', 'signal'];
const BATCHES = [...SCAN, 'batchSize'];
const EVENTS = ['signal', 'poll'];
const LIVE = ['fields', 'signal', 'poll'];
const MIN_POLL = 10;
const MAX_POLL = 2 ** 31 - 1;
const NONE = {
  signal: undefined,
  bigint: false,
  allThreads: false,
  fields: undefined,
  fallback: null,
  pids: undefined,
  batchSize: undefined,
  recursive: undefined,
  poll: undefined,
};
