import type { WireError } from '@psutil-extra/worker';
import type { KillTreeCall } from '../actions/kill-tree-call.js';
import type { ActionCall } from '../calls/action-call.js';
import type { CallRunner } from '../calls/call-runner.js';
import type { FieldReader } from '../calls/field-reader.js';
import type { IdentifyCall } from '../calls/identify-call.js';
import type { LimitCall } from '../calls/limit-call.js';
import type { ListCall } from '../calls/list-call.js';
import type { ReadCall } from '../calls/read-call.js';
import type { SnapshotCall } from '../calls/snapshot-call.js';
import type { Counters } from '../observe/stats.js';
import type { FindCall } from '../relatives/find-call.js';
import type { RelativesCall } from '../relatives/relatives-call.js';
import type { TreeCall } from '../relatives/tree-call.js';
import type { CpuPercentCall } from '../sample/cpu-percent-call.js';
import type { TopCall } from '../sample/top-call.js';
import type { ScanStrategy } from '../scan/scan-strategy.js';
import type { Machine, Origin } from '../support/capabilities.js';
import { setImmediate } from '../support/timers.js';
import type { Backend, ScopePorts } from '../threads/backend.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import { Pool } from '../threads/pool.js';
import type { WaitCall } from '../watch/wait-call.js';
import type { CallContext, CallParts } from './call-parts.js';
import { type CheckedOptions, DEFAULT_ROOT } from './client-options.js';
import type { LazyParts } from './lazy-parts.js';
import type { OneshotCall } from './oneshot.js';
import type { TableCall } from './table-call.js';

/**
 * The parts of a client: made, connected and closed here. The client, its processes and its oneshots share one.
 *
 * What is imported here a program loads before it can make a client. What calls go through is loaded for the first call, after its
 * thread has been started: a thread takes as long to start as all of this takes to load, and the main thread has nothing to do
 * meanwhile.
 */
export class Runtime implements CallContext {
  readonly options: CheckedOptions;
  readonly origin: Origin;
  /** Whether system calls by PID mean the processes of the proc root. */
  readonly isOwnRoot: boolean;
  readonly pool: Backend;
  readonly #threads: Pool;
  readonly #elsewhere: Elsewhere | undefined;
  #parts: CallParts | undefined;
  #lazy: LazyParts | undefined;
  #closing: Promise<void> | undefined;

  /** `elsewhere`: another machine, which reads instead of threads. */
  constructor(options: CheckedOptions, elsewhere?: Elsewhere) {
    const { procRoot: root } = options;
    this.options = options;
    this.origin = { root, machine: elsewhere?.machine };
    this.isOwnRoot = elsewhere?.isOwnRoot ?? root === DEFAULT_ROOT;
    // No thread starts before its first use.
    this.#threads = new Pool(options.threads, root, options.stallTimeout);
    this.#elsewhere = elsewhere;
    this.pool = elsewhere?.backend ?? this.#threads;
  }

  /** What calls go through. Of each package the files that are loaded together are one file: this module is in another one. */
  get #calls(): CallParts {
    return this.#parts ?? this.#make();
  }

  #make(): CallParts {
    const { CallParts } = require('./call-parts.js') as typeof import('./call-parts.js');
    this.#parts = new CallParts(this);
    return this.#parts;
  }

  /** Loads them in the next turn of the event loop, if no call has been made by then: later there may be no descriptor for a file. */
  loadSoon(): void {
    setImmediate(() => {
      try {
        if (this.#parts === undefined && !this.isClosed) this.#make();
      } catch {
        // The first call meets it.
      }
    });
  }

  /** The same, for a call that reads. */
  get #reading(): CallParts {
    if (this.#parts === undefined && this.#elsewhere === undefined) this.#threads.begin();
    return this.#calls;
  }

  /** What no single read needs. */
  get lazy(): LazyParts {
    if (this.#lazy === undefined) {
      const { LazyParts } = require('./lazy-parts.js') as typeof import('./lazy-parts.js');
      this.#lazy = new LazyParts(this, this.#threads, this.#elsewhere?.ports(this.counters));
      // Its calls are refused; nothing of it is left open.
      if (this.isClosed) void this.#lazy.close(CLOSED);
    }
    return this.#lazy;
  }

  get counters(): Counters {
    return this.#calls.counters;
  }

  get dispatcher(): Dispatcher {
    return this.#calls.dispatcher;
  }

  get strategy(): ScanStrategy {
    return this.#calls.strategy;
  }

  get calls(): CallRunner {
    return this.#calls.calls;
  }

  get reader(): FieldReader {
    return this.#calls.reader;
  }

  get reads(): ReadCall {
    return this.#reading.reads;
  }

  get limits(): LimitCall {
    return this.#reading.limits;
  }

  get actions(): ActionCall {
    return this.#reading.actions;
  }

  get snapshots(): SnapshotCall {
    return this.#reading.snapshots;
  }

  get identities(): IdentifyCall {
    return this.#reading.identities;
  }

  get lists(): ListCall {
    return this.#reading.lists;
  }

  get tables(): TableCall {
    return this.#reading.tables;
  }

  get oneshots(): OneshotCall {
    return this.#calls.oneshots;
  }

  get waits(): WaitCall {
    return this.lazy.waits;
  }

  get relatives(): RelativesCall {
    return this.lazy.relatives;
  }

  get finds(): FindCall {
    return this.lazy.finds;
  }

  get trees(): TreeCall {
    return this.lazy.trees;
  }

  get treeKills(): KillTreeCall {
    return this.lazy.treeKills;
  }

  get cpuPercents(): CpuPercentCall {
    return this.lazy.cpuPercents;
  }

  get tops(): TopCall {
    return this.lazy.tops;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  isWriting(pid: number): boolean {
    return this.#calls.isWriting(pid);
  }

  errorFromWire(error: WireError, pid: number, what: string): Error {
    return this.calls.errorFromWire(error, pid, what);
  }

  supports(name: string): boolean {
    return this.#calls.supports(name);
  }

  /** Waits at most a second for the answers to pending calls, and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // What may last for days would keep the calls from becoming idle.
    await Promise.all([this.calls.close(CLOSING_MS), this.#lazy?.close(CLOSED)]);
    this.#calls.abandon(CLOSED);
    this.#lazy?.ports.close();
    await this.pool.destroy();
  }
}

/** Another machine, as a client reads it. */
export interface Elsewhere {
  readonly machine: Machine;
  /** Whether what reads there reads its own `/proc`. */
  readonly isOwnRoot: boolean;
  readonly backend: Backend;
  readonly ports: (counters: Counters) => ScopePorts;
}

const CLOSING_MS = 1000;
const CLOSED: WireError = { name: 'Error', message: 'closed', code: 'ERR_WORKER_DIED', stack: '' };
