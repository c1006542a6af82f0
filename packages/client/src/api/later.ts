import type { FieldSet, Frame } from '@psutil-extra/native/protocol';
import type { WireError } from '@psutil-extra/worker';
import { DescendantLists } from '../actions/descendant-lists.js';
import { ForkEvents } from '../actions/fork-watch.js';
import { KillTreeCall } from '../actions/kill-tree-call.js';
import { Kills } from '../actions/kills.js';
import type { Batcher } from '../batch/batcher.js';
import type { CallRunner } from '../calls/call-runner.js';
import type { FieldReader } from '../calls/field-reader.js';
import type { IdentifyCall } from '../calls/identify-call.js';
import { ScopeOpener } from '../calls/scope-opener.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import { FindCall } from '../relatives/find-call.js';
import { ProcessMaps } from '../relatives/process-map.js';
import { RelativesCall } from '../relatives/relatives-call.js';
import { TreeCall } from '../relatives/tree-call.js';
import { CpuPercentCall } from '../sample/cpu-percent-call.js';
import type { SampledField } from '../sample/sample-fields.js';
import type { SampleOptions } from '../sample/sample-options.js';
import { Samples } from '../sample/samples.js';
import { Sampling } from '../sample/sampling.js';
import { TopCall } from '../sample/top-call.js';
import { everyFrame, ONE_BATCH, SampledProcesses, Scan } from '../scan/scan.js';
import { type EventsOptions, readLiveOptions } from '../support/call-options.js';
import { capabilities } from '../support/capabilities.js';
import { ThreadPorts } from '../threads/thread-ports.js';
import { ExitWaits } from '../watch/exit-waits.js';
import { KernelEvents } from '../watch/kernel-events.js';
import { listProcesses } from '../watch/list-processes.js';
import type { LiveField } from '../watch/live-fields.js';
import { readProcesses } from '../watch/live-reader.js';
import { type LiveOptions, LiveTable } from '../watch/live-table.js';
import { ProcessEvents } from '../watch/process-events.js';
import { WaitCall } from '../watch/wait-call.js';
import { CLOSED } from './closed.js';
import { type Scanning, TableScan } from './table-scan.js';
import { Watcher } from './watcher.js';

/** The parts of a client that are there from its first call on, as far as the others use them. */
export interface EarlyParts extends Scanning {
  readonly calls: CallRunner;
  readonly reader: FieldReader;
  readonly identities: IdentifyCall;
  readonly batch: Batcher;
  readonly context: OneshotContext<Scope>;
  /** What may last for days: it is closed before the calls are waited for. */
  readonly closedFirst: (() => void | Promise<void>)[];
  errorFromWire(error: WireError, pid: number, what: string): Error;
}

/**
 * The parts of a client that reads of single processes do not need. They are half of the library: `runtime.ts` loads them when
 * one of them is used, so that a program gets its first answer earlier.
 */
export class LaterParts {
  /** No function makes them: its frame would be one less of the caller's. */
  readonly TableScan = TableScan;
  readonly scopes: ScopeOpener;
  readonly ports: ThreadPorts;
  readonly waits: WaitCall;
  readonly relatives: RelativesCall;
  readonly finds: FindCall;
  readonly trees: TreeCall;
  readonly treeKills: KillTreeCall;
  readonly kernelEvents: KernelEvents;
  readonly cpuPercents: CpuPercentCall;
  readonly tops: TopCall;
  readonly #early: EarlyParts;
  readonly #sampling: Sampling;
  readonly #watcher: Watcher;

  constructor(early: EarlyParts) {
    const { calls: runner, counters, dispatcher, identities, isOwnRoot, pool, reader, strategy } = early;
    this.#early = early;
    this.ports = new ThreadPorts(pool, counters);
    this.scopes = new ScopeOpener(runner, reader, early.batch, early.context, this.ports);
    const exits = new ExitWaits(pool, counters);
    this.waits = new WaitCall(runner, exits, isOwnRoot);
    const maps = new ProcessMaps((fields, signal, procs) => new Scan(early, fields, procs, signal, ONE_BATCH).batch());
    this.relatives = new RelativesCall(runner, reader, identities, maps);
    this.finds = new FindCall(runner, maps, this.relatives);
    this.trees = new TreeCall(runner, maps);
    this.kernelEvents = new KernelEvents(early);
    const kills = new Kills(runner, dispatcher, counters);
    const listsDescendants = () => capabilities().readsList && isOwnRoot && !strategy.usesIterator();
    this.treeKills = new KillTreeCall(runner, identities, {
      maps,
      descendants: new DescendantLists(dispatcher, counters, listsDescendants),
      isOwnRoot,
      relatives: this.relatives,
      exits,
      kills,
      forks: new ForkEvents(this.kernelEvents, identities, kills),
    });
    const { maxDescriptors } = early.options;
    this.#sampling = new Sampling(runner, new SampledProcesses(early), { origin: early.origin, maxDescriptors });
    this.cpuPercents = new CpuPercentCall(this.#sampling, reader);
    this.tops = new TopCall(this.#sampling);
    early.closedFirst.push(
      () => this.treeKills.close(),
      () => this.#sampling.close(),
      () => exits.close(CLOSED),
    );
    this.#watcher = new Watcher(early, this.kernelEvents, {
      listProcesses: () => listProcesses(early),
      readProcesses: (fields, pids) => readProcesses(early, fields, pids),
    });
  }

  everyFrame(fields: FieldSet): Promise<Frame[] | undefined> {
    return everyFrame(this.#early, fields);
  }

  events(options: EventsOptions | undefined): ProcessEvents {
    return new ProcessEvents(this.#watcher, options);
  }

  live<N extends LiveField>(options: LiveOptions<readonly (LiveField | 'pid')[]> | undefined): Promise<LiveTable<N>> {
    return this.#early.calls.run('live', undefined, options, readLiveOptions, (read) =>
      LiveTable.open<N>(this.#watcher, read),
    );
  }

  samples<N extends Exclude<SampledField, 'pid'>>(
    options: SampleOptions<readonly SampledField[]> | undefined,
  ): Samples<N> {
    return new Samples<N>(this.#sampling, options);
  }
}
