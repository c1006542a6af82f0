import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The oneshot scopes that the running code is in: they follow its async context, and nest.
 *
 * Everything that is started in a scope (a timer, a server, the scope of the next round) keeps the context of the scope for
 * as long as it lives. So a level drops its scope when that ends, and levels that have ended are removed from the chain.
 */
export class OneshotContext<S extends Nested> {
  readonly #storage = new AsyncLocalStorage<Level<S>>();
  #running = 0;

  /** A level for a scope, within those that are open here. The caller runs it and leaves it. */
  level(scope: S): Level<S> {
    return new Level(scope, this.#current());
  }

  /** Calls `work` inside a level. */
  run<A, T>(level: Level<S>, work: (argument: A) => T, argument: A): T {
    this.#running++;
    return this.#storage.run(level, work, argument);
  }

  /** To be called once the level's scope has ended. */
  leave(level: Level<S>): void {
    level.end();
    // Before Node 24 every promise of the program costs five times as much while an async context is followed. Code that
    // still runs in the context of an ended scope is outside any scope, so nothing is lost.
    if (--this.#running === 0) this.#storage.disable();
  }

  /** The innermost open scope of this PID; a scope of exactly this process goes first. */
  find(pid: number, start: number): S | undefined {
    let found: S | undefined;
    for (let level = this.#current(); level !== undefined; level = level.outer) {
      const scope = level.scope as S;
      // A scope ends before its level does.
      if (scope.pid !== pid || scope.ended) continue;
      if (scope.start === start) return scope;
      found ??= scope;
    }
    return found;
  }

  #current(): Level<S> | undefined {
    return Level.open(this.#storage.getStore());
  }
}

/** What the context reads of a scope. */
interface Nested {
  readonly pid: number;
  readonly start: number;
  readonly ended: boolean;
}

/** A scope within others. */
export class Level<S extends Nested> {
  /** `undefined` once it has ended. */
  scope: S | undefined;
  #outer: Level<S> | undefined;

  constructor(scope: S, outer: Level<S> | undefined) {
    this.scope = scope;
    this.#outer = outer;
  }

  /** The next open level outside. */
  get outer(): Level<S> | undefined {
    this.#outer = Level.open(this.#outer);
    return this.#outer;
  }

  end(): void {
    this.scope = undefined;
    this.#outer = Level.open(this.#outer);
  }

  /** This level, or the first around it that has not ended. Removes those between from the chain. */
  static open<S extends Nested>(level: Level<S> | undefined): Level<S> | undefined {
    let found = level;
    while (found !== undefined && found.scope === undefined) found = found.#outer;
    for (let at = level; at !== undefined && at !== found; ) {
      const next: Level<S> | undefined = at.#outer;
      at.#outer = found;
      at = next;
    }
    return found;
  }
}
