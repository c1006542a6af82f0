import { type FieldSet, ONLY } from '@psutil-extra/native/protocol';
import type { Engine } from '../calls/engine.js';
import { callsAreTraced } from '../observe/tracing.js';
import { value } from '../schema/decode.js';
import type { Scope } from './scope.js';

/**
 * Answers calls of a scope's process that need no reading, for the price of a promise: what is no object is told by the
 * same one each time. Whatever is not as simple (an error, options, a set under way) is left to the engine.
 */
export class Told {
  readonly #engine: Engine;
  readonly #scope: Scope;
  readonly #promises: (Promise<unknown> | undefined)[] = [];

  constructor(engine: Engine, scope: Scope) {
    this.#engine = engine;
    this.#scope = scope;
  }

  /** The field's value for a caller who means this start; nothing where the engine is to be asked. */
  tell(field: number, start: number): Promise<unknown> | undefined {
    const { closed, order, counters } = this.#engine;
    const scope = this.#scope;
    if (closed || !scope.answers(ONLY[field] as FieldSet, start) || order.isSetting(scope.pid) || callsAreTraced())
      return undefined;
    const promise = this.#promises[field] ?? this.#make(field);
    if (promise === undefined) return undefined;
    counters.calls++;
    counters.cacheHits++;
    return promise;
  }

  #make(field: number): Promise<unknown> | undefined {
    const scope = this.#scope;
    try {
      if (scope.failure(field) !== undefined) return undefined;
      const found = value(field, scope);
      const promise = Promise.resolve(found);
      if (typeof found !== 'object') this.#promises[field] = promise;
      return promise;
    } catch {
      // A reply that cannot be read.
      return undefined;
    }
  }
}
