import type { Failure, FieldMask, WireError } from '@psutil-extra/worker';
import type { Conditional, Entry } from './batch.js';
import type { Cells } from './cells.js';
import type { Scope } from './scope.js';

/** What a scope answers a read with. */
export interface Answer {
  /** What was asked for, or nothing where there is an error. */
  readonly cells: Cells | undefined;
  readonly error: WireError | undefined;
  /** Fields whose failure does not last. */
  readonly passing?: Passing;
}

export type Passing = Map<number, Failure>;

/** What is asked in one turn of the event loop: one read. */
export interface Turn {
  readonly fields: FieldMask;
  readonly done: Promise<Answer>;
}

/** A read that rides with a batch. */
export class Ride implements Turn, Conditional {
  fields: FieldMask = 0;
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
  fields: FieldMask = 0;
  done!: Promise<Answer>;
  /** Whether it is too late to ask for more. */
  isSent = false;
}
