import { inspect } from 'node:util';
import type { Engine } from '../calls/engine.js';
import type { Scope } from '../oneshot/scope.js';
import type { Field } from '../schema/fields.js';
import { Target } from '../schema/process-ref.js';
import { Bound, type BoundMethods } from './process-methods.js';

/**
 * A process inside a oneshot scope: what is asked through it is read once, and answered the same from then
 * on, whatever becomes of the process. Once the scope has ended, each call reads anew.
 */
export interface Oneshot extends BoundMethods<Field> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Oneshot extends Bound implements AsyncDisposable {
  readonly #scope: Scope | undefined;

  /** @internal Made by `client.oneshot()`; `owned` is the scope that ends with it. */
  constructor(engine: Engine, target: Target, scope: Scope, owned: Scope | undefined) {
    super(engine, target.pid, Target.startOf(target), scope);
    this.#scope = owned;
  }

  /** Ends the scope, as `await using` does. It asks nothing of the process. */
  close(): Promise<void> {
    this.#scope?.end();
    return Promise.resolve();
  }

  /** As {@link Oneshot.close}: what `await using` calls. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [inspect.custom](): string {
    return `Oneshot { pid: ${this.pid} }`;
  }
}
