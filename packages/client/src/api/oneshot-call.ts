import type { ScopeOpener } from '../calls/scope-opener.js';
import type { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import { abortable } from '../support/abort.js';
import { invalidType } from '../support/arguments.js';
import type { CallOptions } from '../support/call-options.js';
import { Oneshot } from './oneshot.js';
import type { ProcessCalls } from './process-methods.js';

/** Opens oneshots, and runs the functions that use them. */
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
