import type { Action } from '@psutil-extra/native/protocol';
import type { ReadOptions } from '../support/call-options.js';

/** A change that a method makes. */
export interface Change<T, R extends ReadOptions> {
  readonly method: string;
  /** What it does, in errors of the system. */
  readonly what: () => string;
  /** Why a client of another proc root does not do it. */
  readonly refused: string;
  readonly syscall: string;
  readonly readOptions: (options: object | undefined) => R;
  /** Checks the arguments. */
  readonly action: (options: R, pid: number) => Action;
  readonly previous: (answer: BigUint64Array, options: R) => T;
}
