import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Source } from '../scan/source-option.js';
import { checkInteger, checkMaxDescriptors, invalidType, invalidValue, outOfRange } from '../support/arguments.js';
import { checkOptions } from '../support/check-options.js';

/** Options of `createClient()`. */
export interface ClientOptions {
  /**
   * The most worker threads. One starts at the first call, others while calls wait. Default: available parallelism − 1, at
   * least 1 and at most 4.
   */
  readonly threads?: number | undefined;
  /**
   * Where the proc filesystem is. Default `/proc`. Another root, such as a host's `/proc` mounted in a
   * container, is read only through files.
   */
  readonly procRoot?: string | undefined;
  /** How many calls may wait for an answer at the same time. Default: any number. */
  readonly maxQueue?: number | undefined;
  /**
   * How a scan of every process reads on Linux. `'bpf'` asks the kernel's own iterator, which needs CAP_BPF and
   * CAP_PERFMON, and rejects where that fails; `'auto'`, the default, uses it where it works.
   */
  readonly source?: Source | undefined;
  /**
   * Milliseconds until a call rejects with `ETIMEDOUT` that reads a process whose memory map is locked: its command line,
   * environment, memory maps or footprint, on Linux. Default 2000. Other calls, and the other rows of a scan, do not wait.
   */
  readonly stallTimeout?: number | undefined;
  /**
   * How many descriptors `sample()` keeps open between two readings, if it has no `maxDescriptors` of its own. Default: a quarter of
   * those that the program may have (`RLIMIT_NOFILE`).
   */
  readonly maxDescriptors?: number | undefined;
}

export type CheckedOptions = {
  readonly [K in keyof Omit<ClientOptions, 'maxDescriptors'>]-?: Exclude<ClientOptions[K], undefined>;
} & { readonly maxDescriptors: number | undefined };

export const DEFAULT_ROOT = '/proc';
const CLIENT = [
  'threads',
  'procRoot',
  'maxQueue',
  'source',
  'stallTimeout',
  'maxDescriptors',
] as const satisfies readonly (keyof ClientOptions)[];
const SOURCES: readonly Source[] = ['auto', 'procfs', 'bpf'];
const MAX_THREADS = 1024;
const STALL_MS = 2000;
/** A thread takes about 10 MB, and a container may see the processors of its whole host. */
const MAX_BY_DEFAULT = 4;

/** Checks the options and fills in defaults. */
export function checkClientOptions(options: ClientOptions | undefined): CheckedOptions {
  if (options !== undefined) checkOptions(options, CLIENT);
  const {
    threads = Math.max(1, Math.min(MAX_BY_DEFAULT, availableParallelism() - 1)),
    procRoot = DEFAULT_ROOT,
    maxQueue = Number.POSITIVE_INFINITY,
    source = 'auto',
    stallTimeout = STALL_MS,
    maxDescriptors,
  } = options ?? {};
  checkInteger('options.threads', threads, 1, MAX_THREADS);
  if (typeof procRoot !== 'string') throw invalidType('options.procRoot', 'of type string', procRoot);
  if (procRoot === '' || procRoot.includes('\0')) {
    throw invalidValue('options.procRoot', 'must be a path without null bytes', procRoot);
  }
  if (maxQueue !== Number.POSITIVE_INFINITY) checkInteger('options.maxQueue', maxQueue, 1, Number.MAX_SAFE_INTEGER);
  if (!SOURCES.includes(source)) throw invalidValue('options.source', `must be one of ${SOURCES.join(', ')}`, source);
  if (typeof stallTimeout !== 'number') throw invalidType('options.stallTimeout', 'of type number', stallTimeout);
  if (!(stallTimeout > 0)) throw outOfRange('options.stallTimeout', '> 0', stallTimeout);
  return {
    threads,
    procRoot: resolve(procRoot),
    maxQueue,
    source,
    stallTimeout,
    maxDescriptors: checkMaxDescriptors(maxDescriptors),
  };
}
