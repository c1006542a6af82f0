import type { WireError } from '@psutil-extra/worker';
import { type CallSite, CallSites } from '../observe/call-site.js';
import type { Counters } from '../observe/stats.js';
import { callsAreTraced, tracedCall } from '../observe/tracing.js';
import type { ReadOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { ClientClosedError, errorFromWire, isOurs } from '../support/errors.js';
import { AdmissionControl } from './admission-control.js';

/** What all calls of a client have in common: each is counted, traced, admitted, and its errors have the caller's stack. */
export class CallRunner {
  readonly counters: Counters;
  readonly sites = new CallSites();
  readonly admission: AdmissionControl;
  readonly #origin: Origin;
  #isClosed = false;

  constructor(counters: Counters, maxQueue: number, origin: Origin) {
    this.counters = counters;
    this.admission = new AdmissionControl(counters, maxQueue);
    this.#origin = origin;
  }

  /** Checks the options of a call, then makes it. `proc` is published with the call, and not checked here. */
  run<O, R extends ReadOptions, T>(
    method: string,
    proc: unknown,
    options: O,
    read: (options: O) => R,
    work: (options: R) => Promise<T>,
  ): Promise<T> {
    if (!callsAreTraced()) return this.start(options, read, work);
    return tracedCall(method, proc, this.counters, () => this.start(options, read, work));
  }

  /** As {@link run}, of a call that waits for an event, perhaps for days: it is not counted among those that wait for a thread. */
  runLong<O, R extends ReadOptions, T>(
    method: string,
    proc: unknown,
    options: O,
    read: (options: O) => R,
    work: (options: R) => Promise<T>,
  ): Promise<T> {
    this.counters.calls++;
    const make = () => this.#make(options, read, work, false);
    return callsAreTraced() ? tracedCall(method, proc, this.counters, make) : make();
  }

  /** As {@link run}, without tracing: the start of a call of several steps, such as `scanBatches()`. */
  start<O, R extends ReadOptions, T>(
    options: O,
    read: (options: O) => R,
    work: (options: R) => Promise<T>,
  ): Promise<T> {
    this.counters.calls++;
    return this.#make(options, read, work, true);
  }

  /**
   * A step of a call that was started before: traced, and not counted again.
   *
   * @param waitsForThread whether it is counted among the calls that wait for a thread meanwhile
   */
  step<T>(
    method: string,
    options: ReadOptions,
    work: (options: ReadOptions) => Promise<T>,
    waitsForThread = true,
  ): Promise<T> {
    const make = () => this.#make(options, checked, work, waitsForThread);
    return callsAreTraced() ? tracedCall(method, undefined, this.counters, make) : make();
  }

  async #make<O, R extends ReadOptions, T>(
    options: O,
    read: (options: O) => R,
    work: (options: R) => Promise<T>,
    // Of one function with few frames: the caller's stand behind them, and V8 keeps ten.
    waitsForThread: boolean,
  ): Promise<T> {
    const site = this.sites.capture();
    let signal: AbortSignal | undefined;
    try {
      const values = read(options);
      signal = values.signal;
      this.checkOpen(signal);
      if (!waitsForThread) return await work(values);
      this.admission.enter();
      try {
        return await work(values);
      } finally {
        this.admission.leave();
      }
    } catch (error) {
      throw this.attachCallerStack(error, signal, site);
    }
  }

  /** Throws if the client is closed, or if the signal is aborted. */
  checkOpen(signal: AbortSignal | undefined): void {
    if (this.#isClosed) throw new ClientClosedError();
    signal?.throwIfAborted();
  }

  /** Gives an error of this library the caller's stack. The reason of a signal is never changed: it belongs to the caller. */
  attachCallerStack(error: unknown, signal: AbortSignal | undefined, site: CallSite | undefined): unknown {
    if (!isOurs(error) || (signal?.aborted === true && error === signal.reason)) return error;
    return this.sites.attachCallerStack(error, site);
  }

  /** The error of a thread's reply. Once the client is closed, the end of a thread is reported as `ClientClosedError`. */
  errorFromWire(error: WireError, pid: number, what: string): Error {
    if (this.#isClosed && 'code' in error && error.code === 'ERR_WORKER_DIED') return new ClientClosedError();
    return errorFromWire(error, pid, what, this.#origin);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Rejects calls from now on. Resolves when no call waits, or after so many milliseconds. */
  close(milliseconds: number): Promise<void> {
    this.#isClosed = true;
    return this.admission.idle(milliseconds);
  }
}

/** Options that have been checked before. */
function checked(options: ReadOptions): ReadOptions {
  return options;
}
