import type { WireError } from '@psutil-extra/worker';
import type { KillTreeCall } from '../actions/kill-tree-call.js';
import { Batcher } from '../batch/batcher.js';
import { ActionCall } from '../calls/action-call.js';
import { CallRunner } from '../calls/call-runner.js';
import { FieldReader } from '../calls/field-reader.js';
import { IdentifyCall } from '../calls/identify-call.js';
import { LimitCall } from '../calls/limit-call.js';
import { ListCall } from '../calls/list-call.js';
import { ReadCall } from '../calls/read-call.js';
import { ScopeOpener } from '../calls/scope-opener.js';
import { SnapshotCall } from '../calls/snapshot-call.js';
import { WriteBarriers } from '../calls/write-barriers.js';
import { Counters } from '../observe/stats.js';
import type { Scope } from '../oneshot/scope.js';
import { OneshotContext } from '../oneshot/scope-context.js';
import type { CallState } from '../oneshot/settled-values.js';
import type { FindCall } from '../relatives/find-call.js';
import type { RelativesCall } from '../relatives/relatives-call.js';
import type { TreeCall } from '../relatives/tree-call.js';
import type { CpuPercentCall } from '../sample/cpu-percent-call.js';
import type { TopCall } from '../sample/top-call.js';
import { everyFrame } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { ScanStrategy } from '../scan/scan-strategy.js';
import type { Machine, Origin } from '../support/origin.js';
import type { Backend, ScopePorts } from '../threads/backend.js';
import { Dispatcher } from '../threads/dispatcher.js';
import { Pool } from '../threads/pool.js';
import type { WaitCall } from '../watch/wait-call.js';
import { type CheckedOptions, DEFAULT_ROOT } from './client-options.js';
import type { LazyParts } from './lazy-parts.js';

/** The parts of a client: made, connected and closed here. The client, its processes and its oneshots share one. */
export class Runtime implements ScanContext, CallState {
  readonly options: CheckedOptions;
  readonly origin: Origin;
  /** Whether system calls by PID mean the processes of the proc root. */
  readonly isOwnRoot: boolean;
  readonly counters: Counters;
  readonly pool: Backend;
  readonly dispatcher: Dispatcher;
  readonly strategy: ScanStrategy;
  readonly context = new OneshotContext<Scope>();
  readonly calls: CallRunner;
  readonly reader: FieldReader;
  readonly reads: ReadCall;
  readonly limits: LimitCall;
  readonly actions: ActionCall;
  readonly snapshots: SnapshotCall;
  readonly identities: IdentifyCall;
  readonly lists: ListCall;
  readonly scopes: ScopeOpener;
  readonly #barriers = new WriteBarriers();
  readonly #batch: Batcher;
  readonly #loadLazy: () => LazyParts;
  #lazy: LazyParts | undefined;
  #closing: Promise<void> | undefined;

  /** `elsewhere`: another machine, which reads instead of threads. */
  constructor(options: CheckedOptions, elsewhere?: Elsewhere) {
    const { procRoot: root } = options;
    const { context } = this;
    const barriers = this.#barriers;
    this.options = options;
    this.origin = { root, machine: elsewhere?.machine };
    this.isOwnRoot = elsewhere?.isOwnRoot ?? root === DEFAULT_ROOT;
    const { origin } = this;
    const counters = new Counters(origin);
    this.counters = counters;
    this.strategy = new ScanStrategy(options.source, this.isOwnRoot, origin);
    // No thread starts before its first use.
    const pool = new Pool(options.threads, root, options.stallTimeout);
    this.pool = elsewhere?.backend ?? pool;
    this.dispatcher = new Dispatcher(this.pool);
    const { dispatcher, strategy } = this;
    const batch = new Batcher(dispatcher, counters, {
      paysFor: (requested) => strategy.paysFor(requested),
      read: (fields) => everyFrame(this, fields),
    });
    this.#batch = batch;
    const runner = new CallRunner(counters, options.maxQueue, origin);
    const reader = new FieldReader(runner, batch, context, barriers, origin);
    this.calls = runner;
    this.reader = reader;
    this.reads = new ReadCall(runner, reader, batch, context, barriers);
    this.limits = new LimitCall(runner, reader, origin);
    this.actions = new ActionCall(runner, batch, context, barriers, dispatcher, this.isOwnRoot, origin);
    this.snapshots = new SnapshotCall(runner, reader, origin);
    this.identities = new IdentifyCall(runner, reader, dispatcher);
    this.lists = new ListCall(runner, dispatcher, (processes) => strategy.learn(processes));
    this.scopes = new ScopeOpener(runner, reader, batch, context, () => this.lazy.ports);
    this.#loadLazy = () => {
      // Of each package the files that are loaded together are one file: this module and all that only it imports are another one.
      const { LazyParts } = require('./lazy-parts.js') as typeof import('./lazy-parts.js');
      return new LazyParts(this, pool, elsewhere?.ports(counters));
    };
  }

  /** What no single read needs. */
  get lazy(): LazyParts {
    if (this.#lazy === undefined) {
      this.#lazy = this.#loadLazy();
      // Its calls are refused; nothing of it is left open.
      if (this.isClosed) void this.#lazy.close(CLOSED);
    }
    return this.#lazy;
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
    return this.#barriers.isWriting(pid);
  }

  errorFromWire(error: WireError, pid: number, what: string): Error {
    return this.calls.errorFromWire(error, pid, what);
  }

  /** Waits at most a second for the answers to pending calls, and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // What may last for days would keep the calls from becoming idle.
    await Promise.all([this.calls.close(CLOSING_MS), this.#lazy?.close(CLOSED)]);
    this.#batch.abandon(CLOSED);
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
