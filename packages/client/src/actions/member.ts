import type { State } from '../schema/fields.js';
import type { Identified } from '../schema/identity.js';

/** A process of the tree. */
export class Member {
  readonly pid: number;
  readonly start: number;
  /** As the last listing found it; `undefined` if it is gone. */
  state: State | undefined;
  /** It has been stopped here, and not let run on. */
  isHeld = false;
  isDenied = false;
  isKilled = false;

  constructor({ pid, start }: Identified, state: State | undefined) {
    this.pid = pid;
    this.start = start;
    this.state = state;
  }

  get isStopped(): boolean {
    return this.state === 'stopped' || this.state === 'tracing-stop';
  }

  get isLeft(): boolean {
    return this.state !== undefined && this.state !== 'zombie' && this.state !== 'dead' && !this.isDenied;
  }
}
