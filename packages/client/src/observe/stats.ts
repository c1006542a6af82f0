import { type Frame, type Single, sourcesOf } from '@psutil-extra/native/protocol';
import { capabilities } from '../support/capabilities.js';

/** What a client has done so far. */
export interface Stats {
  /** Calls made: a scan is one, and so is scanBatches(), however many tables are taken. Opening a oneshot scope is none. */
  readonly calls: number;
  /** Calls that were answered by what a oneshot scope held, without a message. */
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
  readonly #reads: number[] = [];

  /** Adds what was read for a frame. */
  count(frame: Frame): void {
    for (const [source, reads] of frame.reads) this.#reads[source] = (this.#reads[source] ?? 0) + reads;
  }

  /** Adds what was read for a single number. */
  countSingle(single: Single): void {
    for (let sources = sourcesOf(single), source = 0; sources > 0; sources >>= 1, source++) {
      if (sources & 1) this.#reads[source] = (this.#reads[source] ?? 0) + 1;
    }
  }

  stats(): Stats {
    const sources = capabilities().sources;
    return {
      calls: this.calls,
      cacheHits: this.cacheHits,
      messages: this.messages,
      pending: this.pending,
      reads: Object.fromEntries(sources.map((name, source) => [name, this.#reads[source] ?? 0])),
    };
  }
}
