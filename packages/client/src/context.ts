import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scope } from './scope.js';

/** The oneshot scopes that the running code is in: they follow its async context, and nest. */
export class OneshotContext {
  readonly #storage = new AsyncLocalStorage<Level>();
  #running = 0;

  /** Calls `work` inside a scope, which whoever calls leaves once that has ended. */
  enter<A, T>(scope: Scope, work: (argument: A) => T, argument: A): T {
    this.#running++;
    return this.#storage.run({ scope, outer: this.#storage.getStore() }, work, argument);
  }

  leave(): void {
    // Before Node 24 an async context that is followed makes every promise of the program five times as
    // dear. What still runs in the context of an ended scope is outside any scope, so nothing is lost.
    if (--this.#running === 0) this.#storage.disable();
  }

  /** The innermost open scope of this PID: one for this very process if there is one. */
  find(pid: number, start: number): Scope | undefined {
    let found: Scope | undefined;
    for (let level = this.#storage.getStore(); level !== undefined; level = level.outer) {
      const { scope } = level;
      if (scope.pid !== pid || scope.ended) continue;
      if (scope.start === start) return scope;
      found ??= scope;
    }
    return found;
  }
}

interface Level {
  readonly scope: Scope;
  readonly outer: Level | undefined;
}
