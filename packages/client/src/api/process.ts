import { inspect } from 'node:util';
import type { Failure } from '@psutil-extra/native/protocol';
import type { Engine, Identified } from '../calls/engine.js';
import type { Field } from '../schema/fields.js';
import { NoSuchProcessError, processError } from '../support/errors.js';
import type { CallOptions } from '../support/options.js';
import { Bound, type BoundMethods } from './process-methods.js';

/** A PID, or a process. */
export type Proc = number | Process;

/**
 * One process, and not a number: a PID, the moment its process began and, on Linux 6.9 and newer, the number that the
 * kernel has given to no other process. Once that process is gone, every read and every set through it rejects with
 * `NoSuchProcessError`, also where the system has given the PID to another. Made by `client.process(pid)`; it holds no
 * resources. Every field is a method, but for `startTime`, which is at hand.
 */
export interface Process extends BoundMethods<Exclude<Field, 'startTime'>> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Process extends Bound {
  /**
   * When it began: milliseconds since the epoch. Where that cannot be said, for want of `stat` in the `procRoot`, it
   * throws a `NotSupportedError`; the process is known all the same.
   */
  declare readonly startTime: number;
  readonly #engine: Engine;
  readonly #startTime: number | Failure;

  /** @internal Made by `client.process()`. */
  constructor(engine: Engine, { pid, start, startTime }: Identified) {
    super(engine, pid, start);
    this.#engine = engine;
    this.#startTime = startTime;
    if (typeof startTime === 'number') Object.defineProperty(this, 'startTime', { value: startTime, enumerable: true });
    else {
      Object.defineProperty(this, 'startTime', {
        get: () => {
          throw processError(startTime, pid, 'startTime', engine.origin.root);
        },
      });
    }
  }

  /** Whether this very process still has its PID; a zombie has (on NetBSD, OpenBSD, DragonFly and illumos it has not). */
  async isRunning(options?: CallOptions): Promise<boolean> {
    try {
      await this.#engine.identify(this, options);
      return true;
    } catch (error) {
      if (error instanceof NoSuchProcessError) return false;
      throw error;
    }
  }

  /** PID and start time, which distinguish it from others but for those of the same clock tick; `null` where that is not known. */
  toJSON(): { pid: number; startTime: number | null } {
    return { pid: this.pid, startTime: typeof this.#startTime === 'number' ? this.#startTime : null };
  }

  [inspect.custom](): string {
    const began = typeof this.#startTime === 'number' ? new Date(this.#startTime).toISOString() : 'not supported';
    return `Process { pid: ${this.pid}, startTime: ${began} }`;
  }
}
