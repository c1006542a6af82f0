import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD_INDEX, FieldSet, type Frame } from '@psutil-extra/native/protocol';
import type { Snapshot, SnapshotOptions } from '../calls/snapshot-call.js';
import { TracedEngine } from '../calls/traced-engine.js';
import { debugIfAsked } from '../observe/debug.js';
import type { Stats } from '../observe/stats.js';
import { DEFAULT_BATCH, ONE_BATCH, Scan, type ScanBatchesOptions, type ScanOptions } from '../scan/scan.js';
import {
  DEFAULT_FIELDS,
  type DefaultField,
  FIELD_NAMES,
  type Field,
  type Fields,
  type FieldValues,
  fieldIndex,
  fieldList,
  type NamedField,
} from '../schema/fields.js';
import type { BigIntLimits, Limits, NewLimits, Resource, ResourceName } from '../schema/resources.js';
import { abortable } from '../support/abort.js';
import { checkInteger, invalidType, isIterable } from '../support/arguments.js';
import { capabilities } from '../support/capabilities.js';
import { processError } from '../support/errors.js';
import {
  type CallOptions,
  type ClientOptions,
  checkClientOptions,
  type ReadOptions,
  type ReadScanOptions,
  readBatchesOptions,
  readScanOptions,
} from '../support/options.js';
import { ProcessTable } from '../table/process-table.js';
import { bundledError } from './bundled-error.js';
import { Oneshot } from './oneshot.js';
import { type Proc, Process } from './process.js';
import type { LimitsOptions } from './process-methods.js';

/** How a field is asked of a client: a process, and options. */
export type FieldMethod<F extends Field> = F extends 'rlimits'
  ? {
      (proc: Proc, options: LimitsOptions & { bigint: true }): Promise<Partial<Record<ResourceName, BigIntLimits>>>;
      (proc: Proc, options?: LimitsOptions): Promise<FieldValues[F]>;
    }
  : (proc: Proc, options?: CallOptions) => Promise<FieldValues[F]>;

/**
 * Every field as a method, which resolves with what {@link FieldValues} says of it. `NoSuchProcessError` where there is
 * no such process, `AccessDeniedError` and `NotSupportedError` where it cannot be told.
 */
// Over the interface's own keys, so that editors show what stands there of each.
export type FieldMethods = { [F in keyof FieldValues]: FieldMethod<F> };

/** The names that `supports()` knows. */
export type Supported =
  | Field
  | 'rlimit'
  | 'getrlimit'
  | 'snapshot'
  | 'process'
  | 'oneshot'
  | 'pids'
  | 'scan'
  | 'scanBatches'
  | 'procfs'
  | 'bpf';

/**
 * Looks into processes from worker threads: nothing here blocks the event loop.
 *
 * Calls made in the same turn of the event loop travel together, and equal ones share one read. Every
 * method takes a last `options` with `signal`, rejects bad arguments with Node's own codes, and rejects
 * with a {@link ProcessError} of the class that says what went wrong.
 */
export interface Client extends FieldMethods {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Client implements AsyncDisposable {
  readonly #engine: TracedEngine;

  /** @internal Made by {@link createClient}. */
  constructor(options: ClientOptions | undefined) {
    this.#engine = new TracedEngine(checkClientOptions(options));
    debugIfAsked(process.env);
  }

  static {
    for (const name of FIELD_NAMES) {
      const field = FIELD_INDEX[name];
      Object.defineProperty(Client.prototype, name, {
        value(this: Client, proc: Proc, options?: LimitsOptions) {
          return this.#engine.field(field, proc, options);
        },
        configurable: true,
        writable: true,
      });
    }
  }

  /**
   * One resource limit: prlimit(2), or on Linux `/proc/PID/limits` where that is denied. Units are those of
   * getrlimit(2); `Infinity` is no limit, or with `bigint` `constants.RLIM_INFINITY`.
   */
  getrlimit(proc: Proc, resource: Resource, options: LimitsOptions & { bigint: true }): Promise<BigIntLimits>;
  getrlimit(proc: Proc, resource: Resource, options?: LimitsOptions): Promise<Limits>;
  getrlimit(proc: Proc, resource: Resource, options?: LimitsOptions): Promise<Limits | BigIntLimits> {
    return this.#engine.limit(proc, resource, options);
  }

  /**
   * Sets a resource limit and resolves with the one that stood before; without new limits, reads it.
   *
   * Reads of the process that were asked for before see the old limit, those asked for after see the new.
   * `AccessDeniedError` where a hard limit is raised, or another user's process changed, without
   * CAP_SYS_RESOURCE. Through a `Process` its identity is checked before and after the system call; between
   * the check and the call lies a window of microseconds in which the kernel knows the PID alone.
   */
  rlimit(
    proc: Proc,
    resource: Resource,
    newLimits: NewLimits | undefined,
    options: LimitsOptions & { bigint: true },
  ): Promise<BigIntLimits>;
  rlimit(proc: Proc, resource: Resource, newLimits?: NewLimits, options?: LimitsOptions): Promise<Limits>;
  rlimit(
    proc: Proc,
    resource: Resource,
    newLimits?: NewLimits,
    options?: LimitsOptions,
  ): Promise<Limits | BigIntLimits> {
    return newLimits === undefined
      ? this.#engine.limit(proc, resource, options)
      : this.#engine.setLimit(proc, resource, newLimits, options);
  }

  /**
   * Several fields of a process at once, read as cheaply as the system allows: those of psutil-extra where none are
   * named. `NoSuchProcessError` where there is no such process; what is denied, not supported or lost to a zombie is
   * `options.fallback`.
   */
  snapshot<const F extends readonly NamedField[] = readonly DefaultField[], D = null>(
    proc: Proc,
    options?: SnapshotOptions<F, D>,
  ): Promise<Snapshot<Fields<F>, D>> {
    return this.#engine.snapshot(proc, options, DEFAULT_FIELDS) as Promise<Snapshot<Fields<F>, D>>;
  }

  /**
   * The process that has this PID now. It is distinguished from those that have the PID later by when it began, on Linux
   * the start time in `/proc/PID/stat`, and since Linux 6.9 by the inode of its pidfd as well: two processes of one clock
   * tick differ in that alone. `NoSuchProcessError` where no process has the PID.
   */
  async process(proc: Proc, options?: CallOptions): Promise<Process> {
    return new Process(this.#engine, await this.#engine.identify(proc, options));
  }

  /**
   * A scope in which what is read of one process is read once, and as much as that read can give.
   *
   * With a function, the scope is that function's async context: calls to the client about the same PID are
   * in it too. Without, it is the object's alone, until that is closed. Opening a scope reads nothing.
   */
  oneshot<T>(proc: Proc, work: (process: Oneshot) => T | Promise<T>, options?: CallOptions): Promise<T>;
  oneshot(proc: Proc, options?: CallOptions): Promise<Oneshot>;
  async oneshot<T>(
    proc: Proc,
    workOrOptions?: ((process: Oneshot) => T | Promise<T>) | CallOptions,
    options?: CallOptions,
  ): Promise<T | Oneshot> {
    const engine = this.#engine;
    if (typeof workOrOptions !== 'function') {
      if (options !== undefined) throw invalidType('work', 'of type function', workOrOptions);
      const { target, scope, owned } = engine.openScope(proc, workOrOptions);
      return new Oneshot(engine, target, scope, owned ? scope : undefined);
    }
    const { signal, target, scope, owned } = engine.openScope(proc, options);
    const process = new Oneshot(engine, target, scope, undefined);
    const level = owned ? engine.context.level(scope) : undefined;
    try {
      const done = level === undefined ? workOrOptions(process) : engine.context.run(level, workOrOptions, process);
      return await (signal === undefined ? done : abortable(Promise.resolve(done), signal));
    } finally {
      if (level !== undefined) {
        scope.end();
        engine.context.leave(level);
      }
    }
  }

  /** Every PID that can be seen, in no promised order: on Linux the folders of `/proc`. */
  pids(options?: CallOptions): Promise<Int32Array> {
    return this.#engine.pids(options);
  }

  /**
   * Fields of every process, or of those named, as columns. A process that vanishes meanwhile is left out;
   * a field that could not be read is `null` in its row, and `table.error(pid, field)` says why.
   */
  scan<const F extends readonly NamedField[] = readonly DefaultField[]>(
    options?: ScanOptions<F>,
  ): Promise<ProcessTable<Fields<F>>> {
    return this.#engine.traced('scan', undefined, () =>
      this.#engine.call(options, readScanOptions, async (read) => {
        const { scan, table } = this.#scan<F>(read, ONE_BATCH);
        return table((await scan.batch()) ?? []);
      }),
    );
  }

  /**
   * The same in tables of `batchSize` processes. Reading goes on only as far as is asked for: a consumer
   * that takes its time holds it back, and one that breaks out ends it.
   */
  async *scanBatches<const F extends readonly NamedField[] = readonly DefaultField[]>(
    options?: ScanBatchesOptions<F>,
  ): AsyncGenerator<ProcessTable<Fields<F>>, void, undefined> {
    const { scan, table, signal } = await this.#engine.call(options, readBatchesOptions, async (read) => {
      const batchSize = checkInteger('options.batchSize', read.batchSize ?? DEFAULT_BATCH, 1, 2 ** 31 - 1);
      return { ...this.#scan<F>(read, batchSize), signal: read.signal };
    });
    for (;;) {
      const frames = await this.#engine.traced('scanBatches', undefined, () =>
        this.#engine.call({ signal }, itself, () => scan.batch(), false),
      );
      if (frames === undefined) return;
      if (frames.length > 0) yield table(frames);
    }
  }

  /**
   * Whether this platform can tell a field or carry out a method, without trying: answered at once, and
   * false for names that nobody knows. A kernel or a permission may still refuse a single call.
   */
  supports(name: Supported | (string & {})): boolean {
    if (typeof name !== 'string') throw invalidType('name', 'of type string', name);
    const { fields: bits, list, getRlimit, setRlimit, reading } = capabilities();
    const fields = FieldSet.fromBits(bits);
    // What asks the kernel without a file can only ask its own.
    if (reading !== 'procfs' && !this.#engine.ownRoot) return false;
    // In another root nobody is the caller.
    if ((name === 'rlimits' || name === 'getrlimit') && getRlimit === 'own' && !this.#engine.ownRoot) return false;
    const index = fieldIndex(name);
    if (index !== undefined) return fields.has(index);
    switch (name) {
      case 'rlimit':
        return setRlimit !== 'none' && this.#engine.ownRoot;
      case 'getrlimit':
        return fields.has(FIELD_INDEX.rlimits);
      case 'process':
        return fields.has(FIELD_INDEX.startTime);
      case 'snapshot':
      case 'oneshot':
        return !fields.isEmpty;
      case 'pids':
      case 'scan':
      case 'scanBatches':
        return list;
      case 'procfs':
        return reading === 'procfs';
      case 'bpf':
        return this.#engine.walks.refusal === null;
      default:
        return false;
    }
  }

  /** What this client has done so far, for one's own metrics. */
  stats(): Stats {
    return this.#engine.counters.stats();
  }

  /**
   * Ends the client. Calls that are pending get their answers if they come within a second, and
   * `ClientClosedError` if not; calls made from now on get that at once.
   */
  close(): Promise<void> {
    return this.#engine.close();
  }

  /** As {@link Client.close}: what `await using` calls. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #scan<F extends readonly NamedField[]>(
    { signal, fields = DEFAULT_FIELDS, pids }: ReadScanOptions,
    batchSize: number,
  ): { scan: Scan; table: (frames: readonly Frame[]) => ProcessTable<Fields<F>> } {
    const { names, set } = fieldList(fields);
    if (pids !== undefined && !isIterable(pids)) throw invalidType('options.pids', 'an iterable of PIDs', pids);
    const { walks, origin } = this.#engine;
    const refusal = pids === undefined && this.#engine.options.source === 'bpf' ? walks.foreseenRefusal : null;
    if (refusal !== null) throw processError(refusal, 0, 'scan', origin.root);
    const scan = new Scan(this.#engine, set, pids as Iterable<Proc> | undefined, signal, batchSize);
    return {
      scan,
      table: (frames) => new ProcessTable(names as readonly Fields<F>[], scan.source, frames, origin),
    };
  }
}

/**
 * Makes a client. Synchronous; a thread starts at the first call, and others while calls wait. Many calls can share one client, and
 * should: each client has threads of its own.
 *
 * @throws TypeError or RangeError that names the option which is wrong.
 */
export function createClient(options?: ClientOptions): Client {
  if (!IS_INSTALLED) throw bundledError();
  return new Client(options);
}

/** Options that have been read before. */
function itself(options: ReadOptions): ReadOptions {
  return options;
}

/** Not so in a bundle, whatever it makes of `__dirname`. */
const IS_INSTALLED = typeof __dirname === 'string' && existsSync(join(__dirname, 'bundled-error.js'));
