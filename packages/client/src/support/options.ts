import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { checkBoolean, checkInteger, checkOptions, checkSignal, invalidType, invalidValue } from './arguments.js';

/** How a client is made. */
export interface ClientOptions {
  /**
   * Worker threads, at most. One starts at the first call, others while calls wait. Default: available parallelism − 1, at
   * least 1 and at most 4.
   */
  readonly threads?: number | undefined;
  /**
   * Where the proc filesystem is. Default `/proc`. Another root, such as a host's `/proc` mounted in a
   * container, is read through files alone.
   */
  readonly procRoot?: string | undefined;
  /** Calls that may wait for an answer at the same time. Default: any number. */
  readonly maxQueue?: number | undefined;
  /**
   * How a scan of every process reads on Linux. `'bpf'` asks the kernel's own iterator, which needs CAP_BPF and
   * CAP_PERFMON, and rejects where it cannot be had; `'auto'`, the default, takes it where it can.
   */
  readonly source?: Source | undefined;
}

/** How a scan of every process reads on Linux. */
export type Source = 'auto' | 'procfs' | 'bpf';

/** What every call takes last. */
export interface CallOptions {
  /** Rejects the call with the signal's reason. Other calls, also for the same process, go on. */
  readonly signal?: AbortSignal | undefined;
}

export type CheckedOptions = { readonly [K in keyof ClientOptions]-?: Exclude<ClientOptions[K], undefined> };

export const DEFAULT_ROOT = '/proc';
const CLIENT = ['threads', 'procRoot', 'maxQueue', 'source'] as const satisfies readonly (keyof ClientOptions)[];
const SOURCES: readonly Source[] = ['auto', 'procfs', 'bpf'];
const MOST_THREADS = 1024;
/** Each takes some 10 MB, and a container may see the processors of its whole host. */
const MOST_BY_DEFAULT = 4;

/** Fills in defaults. Throws what is wrong. */
export function checkClientOptions(options: ClientOptions | undefined): CheckedOptions {
  if (options !== undefined) checkOptions(options, CLIENT);
  const {
    threads = Math.max(1, Math.min(MOST_BY_DEFAULT, availableParallelism() - 1)),
    procRoot = DEFAULT_ROOT,
    maxQueue = Number.POSITIVE_INFINITY,
    source = 'auto',
  } = options ?? {};
  checkInteger('options.threads', threads, 1, MOST_THREADS);
  if (typeof procRoot !== 'string') throw invalidType('options.procRoot', 'of type string', procRoot);
  if (procRoot === '' || procRoot.includes('\0')) {
    throw invalidValue('options.procRoot', 'must be a path without null bytes', procRoot);
  }
  if (maxQueue !== Number.POSITIVE_INFINITY) checkInteger('options.maxQueue', maxQueue, 1, Number.MAX_SAFE_INTEGER);
  if (!SOURCES.includes(source)) throw invalidValue('options.source', `must be one of ${SOURCES.join(', ')}`, source);
  return { threads, procRoot: resolve(procRoot), maxQueue, source };
}

/*
 * What is read of a call's options: each once, for what is read a second time may be another value, and before anything
 * else is done.
 */

/** What any call takes. */
export interface ReadOptions {
  readonly signal: AbortSignal | undefined;
}

/** What calls take that bring limits. */
export interface ReadLimitsOptions extends ReadOptions {
  readonly bigint: boolean;
}

/** What calls take that bring several fields. */
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

const CALL = ['signal'];
const LIMITS = ['signal', 'bigint'];
const SNAPSHOT = ['fields', 'fallback', 'signal'];
const SCAN = ['fields', 'pids', 'signal'];
const BATCHES = [...SCAN, 'batchSize'];
const NONE = {
  signal: undefined,
  bigint: false,
  fields: undefined,
  fallback: null,
  pids: undefined,
  batchSize: undefined,
};
