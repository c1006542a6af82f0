import type { WireError } from '@psutil-extra/worker';
import { DescendantLists } from '../actions/descendant-lists.js';
import { ForkEvents } from '../actions/fork-watch.js';
import { KillTreeCall } from '../actions/kill-tree-call.js';
import { Kills } from '../actions/kills.js';
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
import { FindCall } from '../relatives/find-call.js';
import { ProcessMaps } from '../relatives/process-map.js';
import { RelativesCall } from '../relatives/relatives-call.js';
import { TreeCall } from '../relatives/tree-call.js';
import { CpuPercentCall } from '../sample/cpu-percent-call.js';
import { Sampling } from '../sample/sampling.js';
import { TopCall } from '../sample/top-call.js';
import { everyFrame, ONE_BATCH, SampledProcesses, Scan } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { ScanStrategy } from '../scan/scan-strategy.js';
import { capabilities } from '../support/capabilities.js';
import type { Machine, Origin } from '../support/origin.js';
import type { Backend, ScopePorts } from '../threads/backend.js';
import { Dispatcher } from '../threads/dispatcher.js';
import { Pool } from '../threads/pool.js';
import { ThreadPorts } from '../threads/thread-ports.js';
import { ExitWaits } from '../watch/exit-waits.js';
import { KernelEvents } from '../watch/kernel-events.js';
import { WaitCall } from '../watch/wait-call.js';
import { type CheckedOptions, DEFAULT_ROOT } from './client-options.js';

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
  readonly reads: ReadCall;
  readonly limits: LimitCall;
  readonly actions: ActionCall;
  readonly snapshots: SnapshotCall;
  readonly identities: IdentifyCall;
  readonly lists: ListCall;
  readonly scopes: ScopeOpener;
  readonly waits: WaitCall;
  readonly relatives: RelativesCall;
  readonly finds: FindCall;
  readonly trees: TreeCall;
  readonly treeKills: KillTreeCall;
  readonly kernelEvents: KernelEvents;
  readonly sampling: Sampling;
  readonly cpuPercents: CpuPercentCall;
  readonly tops: TopCall;
  /** What may last for days: it is closed before the calls are waited for. */
  readonly closedFirst: (() => void | Promise<void>)[] = [];
  readonly #barriers = new WriteBarriers();
  readonly #batch: Batcher;
  readonly #ports: ScopePorts;
  readonly #exits: ExitWaits;
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
    this.#ports = elsewhere?.ports(counters) ?? new ThreadPorts(pool, counters);
    const batch = new Batcher(dispatcher, counters, {
      paysFor: (requested) => strategy.paysFor(requested),
      read: (fields) => everyFrame(this, fields),
    });
    this.#batch = batch;
    const runner = new CallRunner(counters, options.maxQueue, origin);
    const reader = new FieldReader(runner, batch, context, barriers, origin);
    this.calls = runner;
    this.reads = new ReadCall(runner, reader, batch, context, barriers);
    this.limits = new LimitCall(runner, reader, origin);
    this.actions = new ActionCall(runner, batch, context, barriers, dispatcher, this.isOwnRoot, origin);
    this.snapshots = new SnapshotCall(runner, reader, origin);
    this.identities = new IdentifyCall(runner, reader, dispatcher);
    this.lists = new ListCall(runner, dispatcher, (processes) => strategy.learn(processes));
    this.scopes = new ScopeOpener(runner, reader, batch, context, this.#ports);
    this.#exits = new ExitWaits(pool, counters);
    this.waits = new WaitCall(runner, this.#exits, this.#refusalOf('a process is not waited for'), origin);
    const maps = new ProcessMaps(
      (fields, signal, procs) => new Scan(this, fields, procs, signal, ONE_BATCH).batch(),
      elsewhere?.machine.reader,
    );
    this.relatives = new RelativesCall(runner, reader, this.identities, maps);
    this.finds = new FindCall(runner, maps, this.relatives);
    this.trees = new TreeCall(runner, maps);
    this.kernelEvents = new KernelEvents(this);
    const refusal = this.#refusalOf('a tree of processes is not ended');
    const kills = new Kills(runner, dispatcher, counters);
    this.treeKills = new KillTreeCall(runner, this.identities, {
      maps,
      descendants: new DescendantLists(
        dispatcher,
        counters,
        () => capabilities().readsList && this.isOwnRoot && !strategy.usesIterator(),
      ),
      refusal: refusal === undefined ? undefined : { why: refusal, origin },
      relatives: this.relatives,
      exits: this.#exits,
      kills,
      forks: new ForkEvents(this.kernelEvents, this.identities, kills),
    });
    const { maxDescriptors } = options;
    this.sampling = new Sampling(runner, new SampledProcesses(this), { origin: this.origin, maxDescriptors });
    this.cpuPercents = new CpuPercentCall(this.sampling, reader);
    this.tops = new TopCall(this.sampling);
    this.closedFirst.push(
      () => this.treeKills.close(),
      () => this.sampling.close(),
      () => this.#exits.close(CLOSED),
    );
  }

  /** Why what takes more than requests is not done where the client reads. */
  #refusalOf(what: string): string | undefined {
    if (this.origin.machine !== undefined) return `${what} from another machine`;
    return this.isOwnRoot ? undefined : `${what} through another procRoot`;
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
    // Those in closedFirst would keep the calls from becoming idle.
    await Promise.all([this.calls.close(CLOSING_MS), ...this.closedFirst.map((close) => close())]);
    this.#batch.abandon(CLOSED);
    this.#ports.close();
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
