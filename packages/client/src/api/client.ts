import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD_INDEX } from '@psutil-extra/native/protocol';
import { SETTER_NAMES } from '../calls/setter-names.js';
import type { Snapshot, SnapshotOptions } from '../calls/snapshot-call.js';
import type { Stats } from '../observe/stats.js';
import { type DefaultField, FIELD_NAMES, type Fields, type NamedField } from '../schema/fields.js';
import type { BigIntLimits, Limits, NewLimits, Resource } from '../schema/limits.js';
import type { CallOptions, LimitsOptions, SetterOptions } from '../support/call-options.js';
import type { ProcessTable } from '../table/process-table.js';
import { bundledError } from './bundled-error.js';
import type { FieldMethodsOf, SetterMethodsOf } from './client-methods.js';
import { type ClientOptions, checkClientOptions } from './client-options.js';
import { ClientWatching } from './client-watching.js';
import type { Oneshot } from './oneshot.js';
import { type Proc, Process } from './process.js';
import { Runtime } from './runtime.js';
import type { Supported } from './supports.js';

/** Options of `scan()`. */
export interface ScanOptions<F extends readonly NamedField[]> extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
  /** Which processes. Default: every one. */
  readonly pids?: Iterable<Proc> | undefined;
}

/** Options of `scanBatches()`. */
export interface ScanBatchesOptions<F extends readonly NamedField[]> extends ScanOptions<F> {
  /** The most processes in a table. Default 1024. */
  readonly batchSize?: number | undefined;
}

/** Every field as a method that takes a process. */
export type FieldMethods = FieldMethodsOf<Proc>;

/** The setters, each with the process as its first argument. */
export type SetterMethods = SetterMethodsOf<Proc>;

/**
 * Reads processes in worker threads: no method blocks the event loop.
 *
 * Calls made in the same turn of the event loop travel together, and equal ones share one read. Every method takes
 * `options` with `signal` as its last argument. It rejects bad arguments with Node's own error codes, and rejects with a
 * {@link ProcessError} whose class says what failed.
 */
export interface Client extends FieldMethods, SetterMethods {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods of fields and the setters are made from their tables
export class Client extends ClientWatching<Process> implements AsyncDisposable {
  readonly #runtime: Runtime;

  /** @internal Made by {@link createClient}. */
  constructor(runtime: Runtime) {
    super(runtime, (identified) => new Process(runtime, identified));
    this.#runtime = runtime;
    runtime.loadSoon();
  }

  /** @internal The parts of a client; `undefined` if it is none. */
  static runtimeOf(client: unknown): Runtime | undefined {
    return typeof client === 'object' && client !== null && #runtime in client ? client.#runtime : undefined;
  }

  static {
    for (const name of FIELD_NAMES) {
      const field = FIELD_INDEX[name];
      Object.defineProperty(Client.prototype, name, {
        value(this: Client, proc: Proc, options?: LimitsOptions) {
          try {
            return this.#runtime.reads.field(field, proc, options);
          } catch (error) {
            // The code of calls cannot be loaded now.
            return Promise.reject(error);
          }
        },
        configurable: true,
        writable: true,
      });
    }
    for (const name of SETTER_NAMES) {
      Object.defineProperty(Client.prototype, name, {
        async value(this: Client, proc: Proc, value: unknown, options?: SetterOptions) {
          return this.#runtime.actions.set(name, proc, value, options);
        },
        configurable: true,
        writable: true,
      });
    }
  }

  /**
   * One resource limit: prlimit(2), or on Linux `/proc/PID/limits` where that is denied. Units are those of getrlimit(2);
   * `Infinity` is no limit, and `constants.RLIM_INFINITY` with `bigint`.
   */
  getrlimit(proc: Proc, resource: Resource, options: LimitsOptions & { bigint: true }): Promise<BigIntLimits>;
  getrlimit(proc: Proc, resource: Resource, options?: LimitsOptions): Promise<Limits>;
  async getrlimit(proc: Proc, resource: Resource, options?: LimitsOptions): Promise<Limits | BigIntLimits> {
    return this.#runtime.limits.get(proc, resource, options);
  }

  /**
   * Sets a resource limit and resolves with the one before; without new limits, reads it.
   *
   * Reads of the process that were called before return the old limit, those called after it the new one. It rejects with
   * `AccessDeniedError` if it raises a hard limit, or changes another user's process, without CAP_SYS_RESOURCE. With a
   * `Process` its identity is checked before and after the system call; between the check and the call is a window of
   * microseconds in which only the PID counts.
   */
  rlimit(
    proc: Proc,
    resource: Resource,
    newLimits: NewLimits | undefined,
    options: LimitsOptions & { bigint: true },
  ): Promise<BigIntLimits>;
  rlimit(proc: Proc, resource: Resource, newLimits?: NewLimits, options?: LimitsOptions): Promise<Limits>;
  async rlimit(
    proc: Proc,
    resource: Resource,
    newLimits?: NewLimits,
    options?: LimitsOptions,
  ): Promise<Limits | BigIntLimits> {
    return newLimits === undefined
      ? this.#runtime.limits.get(proc, resource, options)
      : this.#runtime.actions.setLimit(proc, resource, newLimits, options);
  }

  /**
   * Several fields of a process at once, read as cheaply as the system allows: those of psutil-extra if none are named. It
   * rejects with `NoSuchProcessError` if there is no such process. A field that is denied, not supported, or that a zombie
   * has lost is `options.fallback`.
   */
  async snapshot<const F extends readonly NamedField[] = readonly DefaultField[], D = null>(
    proc: Proc,
    options?: SnapshotOptions<F, D>,
  ): Promise<Snapshot<Fields<F>, D>> {
    return this.#runtime.snapshots.get(proc, options) as Promise<Snapshot<Fields<F>, D>>;
  }

  /**
   * The process that has this PID now. Its start distinguishes it from processes that have the PID later: on Linux the start
   * time in `/proc/PID/stat`, and since Linux 6.9 also the inode of its pidfd, which distinguishes two processes of one
   * clock tick. It rejects with `NoSuchProcessError` if no process has the PID.
   */
  async process(proc: Proc, options?: CallOptions): Promise<Process> {
    return new Process(this.#runtime, await this.#runtime.identities.identify(proc, options));
  }

  /**
   * A scope in which each source of one process is read once, with all the fields that it has.
   *
   * With a function, the scope is the async context of that function: calls to the client about the same PID use it too.
   * Without a function, only the returned object uses it, until it is closed. To open a scope reads nothing.
   */
  oneshot<T>(proc: Proc, work: (process: Oneshot) => T | Promise<T>, options?: CallOptions): Promise<T>;
  oneshot(proc: Proc, options?: CallOptions): Promise<Oneshot>;
  async oneshot<T>(
    proc: Proc,
    workOrOptions?: ((process: Oneshot) => T | Promise<T>) | CallOptions,
    options?: CallOptions,
  ): Promise<T | Oneshot> {
    return this.#runtime.oneshots.open(proc, workOrOptions, options);
  }

  /** Every PID that the caller can see, in no particular order: on Linux the folders of `/proc`. */
  async pids(options?: CallOptions): Promise<Int32Array> {
    return this.#runtime.lists.pids(options);
  }

  /**
   * Fields of every process, or of `options.pids`, as columns. A process that ends meanwhile is left out. A field that
   * could not be read is `null` in its row, and `table.error(pid, field)` returns why.
   */
  scan<const F extends readonly NamedField[] = readonly DefaultField[]>(
    options?: ScanOptions<F>,
  ): Promise<ProcessTable<Fields<F>>> {
    try {
      return this.#runtime.tables.scan<F>(options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * As {@link Client.scan}, in tables of `batchSize` processes. It reads only a little further than the loop has come: a
   * slow loop slows the reading down, and `break` ends it.
   */
  async *scanBatches<const F extends readonly NamedField[] = readonly DefaultField[]>(
    options?: ScanBatchesOptions<F>,
  ): AsyncGenerator<ProcessTable<Fields<F>>, void, undefined> {
    yield* this.#runtime.tables.batches<F>(options);
  }

  /**
   * Whether this platform supports a field or a method, without a call: returns at once, and false for unknown names. A
   * kernel or a permission may still refuse a single call.
   */
  supports(name: Supported | (string & {})): boolean {
    return this.#runtime.supports(name);
  }

  /** What this client has done so far, for metrics. */
  stats(): Stats {
    return this.#runtime.counters.stats();
  }

  /**
   * Closes the client. A pending call gets its answer if that comes within a second, and rejects with `ClientClosedError` if
   * not. Later calls reject with that at once.
   */
  close(): Promise<void> {
    return this.#runtime.close();
  }

  /** As {@link Client.close}; `await using` calls it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Makes a client, synchronously. A thread starts at the first call, and others start while calls wait. Share one client
 * between all calls, because each client has its own threads.
 *
 * @throws TypeError or RangeError that names the wrong option.
 */
export function createClient(options?: ClientOptions): Client {
  if (!IS_INSTALLED) throw bundledError();
  return new Client(new Runtime(checkClientOptions(options)));
}

/** False in a bundle, whatever a bundler replaces `__dirname` with. */
const IS_INSTALLED = typeof __dirname === 'string' && existsSync(join(__dirname, '../api/bundled-error.js'));
