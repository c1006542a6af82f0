import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { checkInteger, checkOptions, invalidType, invalidValue } from './arguments.js';

/** How a client is made. */
export interface ClientOptions {
  /** Worker threads, started at the first call. Default: available parallelism − 1, at least 1. */
  readonly threads?: number;
  /**
   * Where the proc filesystem is. Default `/proc`. Another root, such as a host's `/proc` mounted in a
   * container, is read through files alone.
   */
  readonly procRoot?: string;
  /** Calls that may wait for an answer at the same time. Default: any number. */
  readonly maxQueue?: number;
  /**
   * How a scan of every process reads on Linux. `'bpf'` asks the kernel's own iterator, which needs CAP_BPF and
   * CAP_PERFMON, and rejects where it cannot be had; `'auto'`, the default, takes it where it can.
   */
  readonly source?: Source;
}

/** How a scan of every process reads on Linux. */
export type Source = 'auto' | 'procfs' | 'bpf';

/** What every call takes last. */
export interface CallOptions {
  /** Rejects the call with the signal's reason. Other calls, also for the same process, go on. */
  readonly signal?: AbortSignal | undefined;
}

export type CheckedOptions = Required<ClientOptions>;

export const DEFAULT_ROOT = '/proc';
const SOURCES: readonly Source[] = ['auto', 'procfs', 'bpf'];
const MOST_THREADS = 1024;

/** Fills in defaults. Throws what is wrong. */
export function checkClientOptions(options: ClientOptions | undefined): CheckedOptions {
  checkOptions(options);
  const {
    threads = Math.max(1, availableParallelism() - 1),
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
