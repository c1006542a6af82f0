import type { Counters } from '../observe/stats.js';
import { callsAreTraced } from '../observe/tracing.js';
import { value } from '../schema/decode.js';
import type { Scope } from './scope.js';

/**
 * Answers calls of a oneshot's process from the scope's cache, for the price of a promise. A value that is no object is
 * always returned in the same promise. Everything else (an error, options, a write that is under way) is left to the call.
 */
export class SettledValues {
  readonly #calls: CallState;
  readonly #scope: Scope;
  readonly #start: number;
  readonly #promises: (Promise<unknown> | undefined)[] = [];
  /** Of the cache when they were made. */
  #version = 0;

  /** For callers who mean the process with this start. */
  constructor(calls: CallState, scope: Scope, start: number) {
    this.#calls = calls;
    this.#scope = scope;
    this.#start = start;
  }

  /** The field's value; `undefined` if a call has to be made. */
  get(field: number): Promise<unknown> | undefined {
    const calls = this.#calls;
    const scope = this.#scope;
    if (calls.isClosed || callsAreTraced() || !scope.hasValue(field, this.#start) || calls.isWriting(scope.pid)) {
      return undefined;
    }
    if (this.#version !== scope.cache.version) this.#restart();
    const promise = this.#promises[field] ?? this.#make(field);
    if (promise === undefined) return undefined;
    const { counters } = calls;
    counters.calls++;
    counters.cacheHits++;
    return promise;
  }

  /** A value was forgotten: the next read may have found another. */
  #restart(): void {
    this.#promises.length = 0;
    this.#version = this.#scope.cache.version;
  }

  #make(field: number): Promise<unknown> | undefined {
    const { cache } = this.#scope;
    try {
      if (cache.failure(field) !== undefined) return undefined;
      const found = value(field, cache);
      const promise = Promise.resolve(found);
      if (typeof found !== 'object') this.#promises[field] = promise;
      return promise;
    } catch {
      // The answer is damaged.
      return undefined;
    }
  }
}

/** What the calls of a client have in common, as far as it decides whether a cached value may be returned. */
export interface CallState {
  readonly isClosed: boolean;
  readonly counters: Counters;
  /** Whether a write to this PID is under way. */
  isWriting(pid: number): boolean;
}
