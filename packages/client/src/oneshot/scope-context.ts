import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scope } from './scope.js';

/**
 * The oneshot scopes that the running code is in: they follow its async context, and nest.
 *
 * Whatever is begun in a scope (a timer, a server, the scope of the next round) holds its context for as long as that
 * lives. So a level lets go of its scope when that ends, and levels that have ended are taken out of the chain.
 */
export class OneshotContext {
  readonly #storage = new AsyncLocalStorage<Level>();
  #running = 0;

  /** A level for a scope, within those that are open here. Whoever makes it runs and leaves it. */
  level(scope: Scope): Level {
    return new Level(scope, this.#current());
  }

  /** Calls `work` inside a level. */
  run<A, T>(level: Level, work: (argument: A) => T, argument: A): T {
    this.#running++;
    return this.#storage.run(level, work, argument);
  }

  /** Once its scope has ended. */
  leave(level: Level): void {
    level.end();
    // Before Node 24 an async context that is followed makes every promise of the program five times as
    // dear. What still runs in the context of an ended scope is outside any scope, so nothing is lost.
    if (--this.#running === 0) this.#storage.disable();
  }

  /** The innermost open scope of this PID: one for this very process if there is one. */
  find(pid: number, start: number): Scope | undefined {
    let found: Scope | undefined;
    for (let level = this.#current(); level !== undefined; level = level.outer) {
      const scope = level.scope as Scope;
      // Between the end of a scope and that of its level.
      if (scope.pid !== pid || scope.ended) continue;
      if (scope.start === start) return scope;
      found ??= scope;
    }
    return found;
  }

  #current(): Level | undefined {
    return Level.open(this.#storage.getStore());
  }
}

/** A scope within others. */
export class Level {
  /** Nothing once it has ended. */
  scope: Scope | undefined;
  #outer: Level | undefined;

  constructor(scope: Scope, outer: Level | undefined) {
    this.scope = scope;
    this.#outer = outer;
  }

  /** The next one outside that is open. */
  get outer(): Level | undefined {
    this.#outer = Level.open(this.#outer);
    return this.#outer;
  }

  end(): void {
    this.scope = undefined;
    this.#outer = Level.open(this.#outer);
  }

  /** This level, or the first around it that has not ended; those between are taken out of the chain. */
  static open(level: Level | undefined): Level | undefined {
    let found = level;
    while (found !== undefined && found.scope === undefined) found = found.#outer;
    for (let at = level; at !== undefined && at !== found; ) {
      const next: Level | undefined = at.#outer;
      at.#outer = found;
      at = next;
    }
    return found;
  }
}
