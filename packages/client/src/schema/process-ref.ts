import { ANY_START } from '@psutil-extra/native/protocol';
import { invalidType, outOfRange } from '../support/arguments.js';

/** Which process is meant: a PID and, where it is not the number alone that counts, the tick of its start. */
export class Target {
  /** Of the process that is asked, in the numbers of the caller's PID namespace, or of `procRoot`. */
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
      // Not −0, which is another value to whoever compares what comes back with Object.is().
      return proc | 0;
    }
    if (Target.#is(proc)) return proc.pid;
    throw invalidType('proc', 'of type number or an instance of Process', proc);
  }

  /** @internal The start that the argument's process must have. */
  static startOf(proc: unknown): number {
    return Target.#is(proc) ? proc.#start : ANY_START;
  }

  /** By what only the constructor can give: the prototype alone makes no Target, and a proxy is not asked. */
  static #is(proc: unknown): proc is Target {
    return typeof proc === 'object' && proc !== null && #start in proc;
  }
}
