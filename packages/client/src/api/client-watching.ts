import type { DefaultSampled, SampledField } from '../sample/sample-fields.js';
import type { SampleOptions, TopOptions } from '../sample/sample-options.js';
import type { TopRow } from '../sample/sample-table.js';
import type { Samples } from '../sample/samples.js';
import type { TopCall } from '../sample/top-call.js';
import type { Identified } from '../schema/identity.js';
import type { ProcessRef } from '../schema/process-ref.js';
import type { EventsOptions } from '../support/call-options.js';
import type { LiveField } from '../watch/live-fields.js';
import type { LiveOptions, LiveTable } from '../watch/live-table.js';
import type { ProcessEvents } from '../watch/process-events.js';
import { type ActionCalls, ClientActions } from './client-actions.js';
import type { LazyParts } from './lazy-parts.js';

/** The methods of a client that follow all processes over time. `P` is `Process`. */
export class ClientWatching<P extends ProcessRef> extends ClientActions<P> {
  readonly #calls: WatchingCalls;

  /** @internal */
  constructor(calls: WatchingCalls, make: (identified: Identified) => P) {
    super(calls, make);
    this.#calls = calls;
  }

  /**
   * Every process that begins, executes another program, or ends, from now on and in order. The kernel reports it, through BPF
   * or netlink's process connector. If neither is available, the first `next()` rejects with `NotSupportedError` or
   * `AccessDeniedError`, unless `poll` allows comparing listings.
   *
   * It ends with `break`, with its signal, and with the client. Until then events wait for the loop that takes them: if it
   * is too slow, some are lost, and an event of the kind `lost` says how many. All loops of a client share one thread.
   */
  events(options?: EventsOptions): ProcessEvents {
    return this.#calls.lazy.events(options);
  }

  /**
   * A table of every process that the same events keep current: reads are answered from memory. Its fields are those that
   * change only with an event: `name`, `ppid`, `startTime`, and of the last exec `exe` and `cmdline`. It emits `change`,
   * `resync` if events were lost and it has read everything again, and `error`. It does not keep the program alive.
   */
  async live<const F extends readonly (LiveField | 'pid')[] = readonly LiveField[]>(
    options?: LiveOptions<F>,
  ): Promise<LiveTable<Exclude<F[number], 'pid'>>> {
    return this.#calls.lazy.live(options);
  }

  /**
   * Every process at regular intervals, as tables of what they have done in between: `cpuPercent`, and with `ioRates` the bytes
   * that they read and wrote a second; and the other fields of a scan, but of `memory` only `rss` and `vms`. A table has `elapsed`, and the
   * PIDs that have `started` and `ended`. The first comes after the first interval.
   *
   * A process is read while a `next()` waits and the interval is over. A loop that takes longer than the interval gets the next
   * sample that is due, of all the time since its last one. It ends with `break`, with its signal, and with the client.
   */
  sample<const F extends readonly SampledField[] = readonly DefaultSampled[]>(
    options?: SampleOptions<F>,
  ): Samples<Exclude<F[number], 'pid'>> {
    return this.#calls.lazy.sample(options);
  }

  /** The processes that have most of processor time, memory or input and output, by one sample: the first has most. */
  async top(options?: TopOptions): Promise<TopRow[]> {
    return this.#calls.tops.top(options);
  }
}

/** @internal The calls that these methods make. */
interface WatchingCalls extends ActionCalls {
  readonly tops: TopCall;
  readonly lazy: LazyParts;
}
