import { inspect } from 'node:util';
import { FIELD_INDEX } from '@psutil-extra/worker';
import { Bound, type BoundMethods } from './bound.js';
import type { Engine } from './engine.js';
import { NoSuchProcessError } from './errors.js';
import type { Field } from './fields.js';
import type { CallOptions } from './options.js';

/** A PID, or a process. */
export type Proc = number | Process;

/**
 * One process, and not a number: a PID and the moment its process began. Once that process is gone, every
 * read and every set through it rejects with `NoSuchProcessError`, also where the system has given the PID
 * to another. Made by `client.process(pid)`; it holds no resources. Every field is a method, but for
 * `startTime`, which is at hand.
 */
export interface Process extends BoundMethods<Exclude<Field, 'startTime'>> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Process extends Bound {
  /** When it began: milliseconds since the epoch. */
  readonly startTime: number;
  readonly #engine: Engine;

  /** @internal Made by `client.process()`. `start` is in the kernel's ticks, which no change of the clock moves. */
  constructor(engine: Engine, pid: number, start: number, startTime: number) {
    super(engine, pid, start);
    this.#engine = engine;
    this.startTime = startTime;
  }

  /** Whether this very process still has its PID; a zombie has (on NetBSD, OpenBSD, DragonFly and illumos it has not). */
  async isRunning(options?: CallOptions): Promise<boolean> {
    try {
      await this.#engine.field(FIELD_INDEX.startTime, this, options);
      return true;
    } catch (error) {
      if (error instanceof NoSuchProcessError) return false;
      throw error;
    }
  }

  /** PID and start time: what tells it from every other. */
  toJSON(): { pid: number; startTime: number } {
    return { pid: this.pid, startTime: this.startTime };
  }

  [inspect.custom](): string {
    return `Process { pid: ${this.pid}, startTime: ${new Date(this.startTime).toISOString()} }`;
  }
}
