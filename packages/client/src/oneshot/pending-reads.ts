import { type Failure, type FieldSet, NO_FIELDS } from '@psutil-extra/native/protocol';
import type { WireError } from '@psutil-extra/worker';
import type { Conditional, Entry } from '../batch/batcher.js';
import type { FieldSource } from '../schema/field-source.js';
import type { Scope } from './scope.js';

/** What a scope answers a read with. */
export interface Answer {
  /** What was asked for, or nothing where there is an error. */
  readonly cells: FieldSource | undefined;
  readonly error: WireError | undefined;
  /** Fields whose failure does not last. */
  readonly passing?: Passing;
}

export type Passing = Map<number, Failure>;

/** What is asked in one turn of the event loop: one read. */
export interface Turn {
  readonly fields: FieldSet;
  readonly done: Promise<Answer>;
}

/** A read that rides with a batch. */
export class Ride implements Turn, Conditional {
  fields = NO_FIELDS;
  readonly left = false;
  entry!: Entry;
  answer: Answer | undefined;
  /** Unbound reads up to this one. */
  readonly reads: number;
  readonly #scope: Scope;
  #done: Promise<Answer> | undefined;

  constructor(scope: Scope, reads: number) {
    this.#scope = scope;
    this.reads = reads;
  }

  get chunk(): Entry['chunk'] {
    return this.entry.chunk;
  }

  /** Whether it is too late to ask for more. */
  get isSent(): boolean {
    return this.entry.isSent;
  }

  get done(): Promise<Answer> {
    this.#done ??= this.#land();
    return this.#done;
  }

  async #land(): Promise<Answer> {
    await this.chunk.done;
    return this.#scope.landed(this);
  }
}

/** A read from the thread of the scope. */
export class Request implements Turn {
  fields = NO_FIELDS;
  done!: Promise<Answer>;
  /** Whether it is too late to ask for more. */
  isSent = false;
}
