import { inspect } from 'node:util';
import type { Scope } from '../oneshot/scope.js';
import { SettledValues } from '../oneshot/settled-values.js';
import type { Field } from '../schema/fields.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type BoundMethods, type ProcessCalls, ProcessMethods } from './process-methods.js';

/**
 * A process inside a oneshot scope: each field is read once, and has the same value from then on, whatever happens to the
 * process. Once the scope has ended, each call reads anew.
 */
export interface Oneshot extends BoundMethods<Field> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Oneshot extends ProcessMethods implements AsyncDisposable {
  readonly #scope: Scope | undefined;

  /** @internal Made by `client.oneshot()`; `owned` is the scope that ends with it. */
  constructor(calls: ProcessCalls, ref: ProcessRef, scope: Scope, owned: Scope | undefined) {
    const start = ProcessRef.startOf(ref);
    super(calls, ref.pid, start, scope, new SettledValues(calls, scope, start));
    this.#scope = owned;
  }

  /** Ends the scope, as `await using` does. It reads nothing. */
  close(): Promise<void> {
    this.#scope?.end();
    return Promise.resolve();
  }

  /** As {@link Oneshot.close}; `await using` calls it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [inspect.custom](): string {
    return `Oneshot { pid: ${this.pid} }`;
  }
}
