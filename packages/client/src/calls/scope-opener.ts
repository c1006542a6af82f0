import type { Batcher } from '../batch/batcher.js';
import { Scope } from '../oneshot/scope.js';
import type { OneshotContext } from '../oneshot/scope-context.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import type { ScopePorts } from '../threads/backend.js';
import type { CallRunner } from './call-runner.js';
import type { FieldReader } from './field-reader.js';

/** Opens oneshot scopes. */
export class ScopeOpener {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;
  readonly #batch: Batcher;
  readonly #context: OneshotContext<Scope>;
  readonly #ports: () => ScopePorts;
  #opened = 0;

  constructor(
    runner: CallRunner,
    reader: FieldReader,
    batch: Batcher,
    context: OneshotContext<Scope>,
    ports: () => ScopePorts,
  ) {
    this.#runner = runner;
    this.#reader = reader;
    this.#batch = batch;
    this.#context = context;
    this.#ports = ports;
  }

  /** A new scope, or the scope of the same process that the caller is in. */
  open(proc: unknown, options: CallOptions | undefined): OpenedScope {
    const pid = ProcessRef.pidOf(proc);
    const start = ProcessRef.startOf(proc);
    const { signal } = readOptions(options);
    this.#runner.checkOpen(signal);
    const ref = new ProcessRef(pid, start);
    const outer = this.#context.find(pid, start);
    if (outer?.isFor(start)) return { signal, ref, scope: outer, owned: false };
    const { counters } = this.#runner;
    const { isAlive } = this.#reader;
    const scope = new Scope(pid, start, ++this.#opened, this.#batch, this.#ports(), counters, isAlive);
    return { signal, ref, scope, owned: true };
  }
}

/** A scope, and whether the caller ends it. */
export interface OpenedScope {
  readonly signal: AbortSignal | undefined;
  readonly ref: ProcessRef;
  readonly scope: Scope;
  readonly owned: boolean;
}
