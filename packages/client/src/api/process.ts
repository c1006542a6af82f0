import { inspect } from 'node:util';
import type { Failure } from '@psutil-extra/native/protocol';
import type { Identified, IdentifyCall } from '../calls/identify-call.js';
import type { Field, Origin } from '../schema/fields.js';
import type { CallOptions } from '../support/call-options.js';
import { NoSuchProcessError, processError } from '../support/errors.js';
import { type BoundMethods, type ProcessCalls, ProcessMethods } from './process-methods.js';

/** A PID, or a process. */
export type Proc = number | Process;

/**
 * One particular process: a PID, when its process began and, on Linux 6.9 and newer, a number that the kernel gives to no
 * other process. Once that process is gone, every read and write through it rejects with `NoSuchProcessError`, also if the
 * system has given the PID to another process. `client.process(pid)` returns it; it holds no resources. Every field is a
 * method except `startTime`, which is a property.
 */
export interface Process extends BoundMethods<Exclude<Field, 'startTime'>> {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Process extends ProcessMethods {
  /**
   * When it began: milliseconds since the epoch. If that is not known, because the `procRoot` has no `stat`, it throws a
   * `NotSupportedError`; everything else works.
   */
  declare readonly startTime: number;
  readonly #identities: IdentifyCall;
  readonly #startTime: number | Failure;

  /** @internal Made by `client.process()`. */
  constructor(calls: Calls, { pid, start, startTime }: Identified) {
    super(calls, pid, start);
    this.#identities = calls.identities;
    this.#startTime = startTime;
    if (typeof startTime === 'number') Object.defineProperty(this, 'startTime', { value: startTime, enumerable: true });
    else {
      Object.defineProperty(this, 'startTime', {
        get: () => {
          throw processError(startTime, pid, 'startTime', calls.origin.root);
        },
      });
    }
  }

  /** Whether this process still has its PID. A zombie still has it, except on NetBSD, OpenBSD, DragonFly and illumos. */
  async isRunning(options?: CallOptions): Promise<boolean> {
    try {
      await this.#identities.identify(this, options);
      return true;
    } catch (error) {
      if (error instanceof NoSuchProcessError) return false;
      throw error;
    }
  }

  /** PID and start time, which distinguish it from processes that began in another clock tick; `null` if the time is not known. */
  toJSON(): { pid: number; startTime: number | null } {
    return { pid: this.pid, startTime: typeof this.#startTime === 'number' ? this.#startTime : null };
  }

  [inspect.custom](): string {
    const began = typeof this.#startTime === 'number' ? new Date(this.#startTime).toISOString() : 'not supported';
    return `Process { pid: ${this.pid}, startTime: ${began} }`;
  }
}

/** The calls that a process makes. */
interface Calls extends ProcessCalls {
  readonly identities: IdentifyCall;
  readonly origin: Origin;
}
