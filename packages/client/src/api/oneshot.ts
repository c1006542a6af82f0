import { inspect } from 'node:util';
import type { ScopeOpener } from '../calls/scope-opener.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import { SettledValues } from '../oneshot/settled-values.js';
import type { Field } from '../schema/fields.js';
import { ProcessRef } from '../schema/process-ref.js';
import { abortable } from '../support/abort.js';
import { invalidType } from '../support/arguments.js';
import type { CallOptions } from '../support/call-options.js';
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

/** @internal Opens oneshots, and runs the functions that use them. */
export class OneshotCall {
  readonly #calls: ProcessCalls;
  readonly #context: OneshotContext<Scope>;
  readonly #scopes: ScopeOpener;

  constructor(calls: ProcessCalls, context: OneshotContext<Scope>, scopes: ScopeOpener) {
    this.#calls = calls;
    this.#context = context;
    this.#scopes = scopes;
  }

  async open<T>(
    proc: unknown,
    workOrOptions: ((process: Oneshot) => T | Promise<T>) | CallOptions | undefined,
    options: CallOptions | undefined,
  ): Promise<T | Oneshot> {
    if (typeof workOrOptions !== 'function') {
      if (options !== undefined) throw invalidType('work', 'of type function', workOrOptions);
      const { ref, scope, owned } = this.#scopes.open(proc, workOrOptions);
      return new Oneshot(this.#calls, ref, scope, owned ? scope : undefined);
    }
    const context = this.#context;
    const { signal, ref, scope, owned } = this.#scopes.open(proc, options);
    const process = new Oneshot(this.#calls, ref, scope, undefined);
    const level = owned ? context.level(scope) : undefined;
    try {
      const done = level === undefined ? workOrOptions(process) : context.run(level, workOrOptions, process);
      return await (signal === undefined ? done : abortable(Promise.resolve(done), signal));
    } finally {
      if (level !== undefined) {
        scope.end();
        context.leave(level);
      }
    }
  }
}
