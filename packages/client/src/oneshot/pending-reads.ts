import { type FieldSet, NO_FIELDS } from '@psutil-extra/native/protocol';
import type { WireError } from '@psutil-extra/worker';
import type { Conditional, Entry } from '../batch/chunk.js';
import type { FieldSource } from '../schema/field-source.js';
import type { TransientFailures } from './field-cache.js';

/** The answer of a read. */
export interface Answer {
  /** The fields, or `undefined` if there is an error. */
  readonly source: FieldSource | undefined;
  readonly error: WireError | undefined;
  readonly transientFailures?: TransientFailures;
}

/** A read of a scope that has not been answered: the requests of one turn of the event loop. */
export interface PendingRead {
  readonly fields: FieldSet;
  readonly done: Promise<Answer>;
}

/** A read that is part of a batch. */
export class BatchedRead implements PendingRead, Conditional {
  fields = NO_FIELDS;
  readonly left = false;
  entry!: Entry;
  answer: Answer | undefined;
  /** Unbound reads of the scope, this one included. */
  readonly unbound: number;
  readonly #scope: Completes;
  #done: Promise<Answer> | undefined;

  constructor(scope: Completes, unbound: number) {
    this.#scope = scope;
    this.unbound = unbound;
  }

  get chunk(): Entry['chunk'] {
    return this.entry.chunk;
  }

  /** Whether it is too late to add fields. */
  get isSent(): boolean {
    return this.entry.isSent;
  }

  get done(): Promise<Answer> {
    this.#done ??= this.#complete();
    return this.#done;
  }

  async #complete(): Promise<Answer> {
    await this.chunk.done;
    return this.#scope.complete(this);
  }
}

/** What a read needs of its scope. */
interface Completes {
  /** The answer of a read whose chunk is done. */
  complete(read: BatchedRead): Answer;
}

/** A read from the thread of the scope. */
export class ThreadRead implements PendingRead {
  fields = NO_FIELDS;
  done!: Promise<Answer>;
  /** Whether it is too late to add fields. */
  isSent = false;
}
