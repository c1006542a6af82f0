import type { WireError } from '@psutil-extra/worker';
import { DescendantLists } from '../actions/descendant-lists.js';
import { ForkEvents } from '../actions/fork-watch.js';
import { KillTreeCall } from '../actions/kill-tree-call.js';
import { Kills } from '../actions/kills.js';
import type { CallRunner } from '../calls/call-runner.js';
import type { FieldReader } from '../calls/field-reader.js';
import type { IdentifyCall } from '../calls/identify-call.js';
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
import { ONE_BATCH, SampledProcesses, Scan } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { type EventsOptions, readLiveOptions } from '../support/call-options.js';
import { capabilities } from '../support/capabilities.js';
import type { ScopePorts } from '../threads/backend.js';
import type { Pool } from '../threads/pool.js';
import { ThreadPorts } from '../threads/thread-ports.js';
import type { WatchContext } from '../watch/event-sources.js';
import { ExitWaits } from '../watch/exit-waits.js';
import { KernelEvents } from '../watch/kernel-events.js';
import { listProcesses } from '../watch/list-processes.js';
import type { LiveField } from '../watch/live-fields.js';
import { readProcesses } from '../watch/live-reader.js';
import { type LiveOptions, LiveTable } from '../watch/live-table.js';
import { ProcessEvents } from '../watch/process-events.js';
import { WaitCall } from '../watch/wait-call.js';
import type { CheckedOptions } from './client-options.js';

/** What these parts use of their client. */
export interface LazyContext extends ScanContext {
  readonly options: CheckedOptions;
  readonly calls: CallRunner;
  readonly reader: FieldReader;
  readonly identities: IdentifyCall;
}

/**
 * The parts of a client that no single read needs: the threads' ports of oneshots, waits, trees, samples and events. A client
 * loads this module, and all that only it imports, when it first needs one of them.
 */
export class LazyParts {
  readonly ports: ScopePorts;
  readonly waits: WaitCall;
  readonly relatives: RelativesCall;
  readonly finds: FindCall;
  readonly trees: TreeCall;
  readonly treeKills: KillTreeCall;
  readonly kernelEvents: KernelEvents;
  readonly cpuPercents: CpuPercentCall;
  readonly tops: TopCall;
  readonly #exits: ExitWaits;
  readonly #sampling: Sampling;
  readonly #watching: WatchContext;

  /** `ports`: of another machine. */
  constructor(context: LazyContext, pool: Pool, ports: ScopePorts | undefined) {
    const { calls, counters, dispatcher, identities, origin, reader, strategy } = context;
    this.ports = ports ?? new ThreadPorts(pool, counters);
    this.#exits = new ExitWaits(pool, counters);
    this.waits = new WaitCall(calls, this.#exits, refusalOf('a process is not waited for', context), origin);
    const maps = new ProcessMaps(
      (fields, signal, procs) => new Scan(context, fields, procs, signal, ONE_BATCH).batch(),
      origin.machine?.reader,
    );
    this.relatives = new RelativesCall(calls, reader, identities, maps);
    this.finds = new FindCall(calls, maps, this.relatives);
    this.trees = new TreeCall(calls, maps);
    this.kernelEvents = new KernelEvents(context);
    const refusal = refusalOf('a tree of processes is not ended', context);
    const kills = new Kills(calls, dispatcher, counters);
    this.treeKills = new KillTreeCall(calls, identities, {
      maps,
      descendants: new DescendantLists(
        dispatcher,
        counters,
        () => capabilities().readsList && context.isOwnRoot && !strategy.usesIterator(),
      ),
      refusal: refusal === undefined ? undefined : { why: refusal, origin },
      relatives: this.relatives,
      exits: this.#exits,
      kills,
      forks: new ForkEvents(this.kernelEvents, identities, kills),
    });
    const { maxDescriptors } = context.options;
    this.#sampling = new Sampling(calls, new SampledProcesses(context), { origin, maxDescriptors });
    this.cpuPercents = new CpuPercentCall(this.#sampling, reader);
    this.tops = new TopCall(this.#sampling);
    this.#watching = {
      calls,
      origin,
      isOwnRoot: context.isOwnRoot,
      options: context.options,
      kernelEvents: this.kernelEvents,
      listings: new Set(),
      listProcesses: () => listProcesses(context),
      readProcesses: (fields, pids) => readProcesses(context, fields, pids),
      errorFromWire: (error, pid, what) => calls.errorFromWire(error, pid, what),
    };
  }

  events(options: EventsOptions | undefined): ProcessEvents {
    return new ProcessEvents(this.#watching, options);
  }

  live<F extends readonly (LiveField | 'pid')[]>(
    options: LiveOptions<F> | undefined,
  ): Promise<LiveTable<Exclude<F[number], 'pid'>>> {
    return this.#watching.calls.run('live', undefined, options, readLiveOptions, (read) =>
      LiveTable.open<Exclude<F[number], 'pid'>>(this.#watching, read),
    );
  }

  sample<F extends readonly SampledField[]>(options: SampleOptions<F> | undefined): Samples<Exclude<F[number], 'pid'>> {
    return new Samples<Exclude<F[number], 'pid'>>(this.#sampling, options);
  }

  /** Ends what may last for days, such as waits, with this error. */
  close(error: WireError): Promise<void> {
    this.treeKills.close();
    this.#sampling.close();
    this.#exits.close(error);
    for (const listing of this.#watching.listings) listing.end();
    return this.kernelEvents.close();
  }
}

/** Why what takes more than requests is not done where the client reads. */
function refusalOf(what: string, { origin, isOwnRoot }: LazyContext): string | undefined {
  if (origin.machine !== undefined) return `${what} from another machine`;
  return isOwnRoot ? undefined : `${what} through another procRoot`;
}
