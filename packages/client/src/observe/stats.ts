import { type Frame, type PackedScalar, sourcesOf } from '@psutil-extra/native/protocol';
import { capabilitiesOf, type Origin } from '../support/capabilities.js';

/** What a client has done so far. */
export interface Stats {
  /** Calls made. A scan is one call, and so are scanBatches() and sample(), however many tables they return. To open a oneshot scope is no call. */
  readonly calls: number;
  /** Calls that a oneshot scope's cache answered, without a message. */
  readonly cacheHits: number;
  /** Messages sent to threads. */
  readonly messages: number;
  /** Calls that wait for their answer now. */
  readonly pending: number;
  /** How often each source was read: on Linux `status`, `stat`, `limits` (files), `prlimit64`, `getpgid`, `getsid`, `bpf`; on BSDs and macOS `kern.proc.*` and calls by PID; on illumos `psinfo`, `status`, `sigact`, `cred` (files), `getgroups`, `getrlimit`. See docs/architecture.md. */
  readonly reads: Readonly<Record<string, number>>;
}

/** @internal Counts for {@link Stats}. */
export class Counters {
  calls = 0;
  cacheHits = 0;
  messages = 0;
  pending = 0;
  readonly #origin: Origin;
  readonly #reads: number[] = [];

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** Adds the reads of a frame. */
  count(frame: Frame): void {
    for (const [source, reads] of frame.reads) this.#reads[source] = (this.#reads[source] ?? 0) + reads;
  }

  /** Adds the reads of a single number. */
  countScalar(scalar: PackedScalar): void {
    for (let sources = sourcesOf(scalar), source = 0; sources > 0; sources >>= 1, source++) {
      if (sources & 1) this.#reads[source] = (this.#reads[source] ?? 0) + 1;
    }
  }

  stats(): Stats {
    const { sources } = capabilitiesOf(this.#origin);
    return {
      calls: this.calls,
      cacheHits: this.cacheHits,
      messages: this.messages,
      pending: this.pending,
      reads: Object.fromEntries(sources.map((name, source) => [name, this.#reads[source] ?? 0])),
    };
  }
}
