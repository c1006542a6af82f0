import { ANY_START } from '@psutil-extra/native/protocol';
import { invalidType, outOfRange } from '../support/arguments.js';

/** A reference to a process: its PID and, unless the number alone is meant, the tick of its start. */
export class ProcessRef {
  /** The PID, in the caller's PID namespace or that of `procRoot`. */
  readonly pid: number;
  readonly #start: number;

  /** @internal */
  constructor(pid: number, start: number) {
    this.pid = pid;
    this.#start = start;
  }

  /** @internal The PID of an argument, checked. */
  static pidOf(proc: unknown): number {
    if (typeof proc === 'number') {
      if (proc !== (proc | 0)) throw outOfRange('proc', `an integer >= ${-(2 ** 31)} and <= ${2 ** 31 - 1}`, proc);
      // Never −0, which Object.is() distinguishes from 0.
      return proc | 0;
    }
    if (ProcessRef.#is(proc)) return proc.pid;
    throw invalidType('proc', 'of type number or an instance of Process', proc);
  }

  /** @internal The start that the argument's process must have. */
  static startOf(proc: unknown): number {
    return ProcessRef.#is(proc) ? proc.#start : ANY_START;
  }

  /** By the private field that only the constructor adds: an object with the same prototype has none, and a proxy is not called. */
  static #is(proc: unknown): proc is ProcessRef {
    return typeof proc === 'object' && proc !== null && #start in proc;
  }
}
