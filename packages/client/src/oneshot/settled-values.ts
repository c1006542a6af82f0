import { type FieldSet, ONLY } from '@psutil-extra/native/protocol';
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
  readonly #promises: (Promise<unknown> | undefined)[] = [];

  constructor(calls: CallState, scope: Scope) {
    this.#calls = calls;
    this.#scope = scope;
  }

  /** The field's value for a caller who means this start; `undefined` if a call has to be made. */
  get(field: number, start: number): Promise<unknown> | undefined {
    const { isClosed, counters } = this.#calls;
    const scope = this.#scope;
    if (isClosed || !scope.answers(ONLY[field] as FieldSet, start)) return undefined;
    if (this.#calls.isWriting(scope.pid) || callsAreTraced()) return undefined;
    const promise = this.#promises[field] ?? this.#make(field);
    if (promise === undefined) return undefined;
    counters.calls++;
    counters.cacheHits++;
    return promise;
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
