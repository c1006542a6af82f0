import { types } from 'node:util';
import { DAMAGED, damageMessage, Frame } from '@psutil-extra/native/protocol';
import type { ListAnswer } from '@psutil-extra/worker';
import { WorkerError } from '../support/errors.js';
import type { BigIntLimits } from './limits.js';

/** The only functions that read a thread's answer: any damage becomes the same error. */

/** The frame in an answer; `rows` is how many it must have, if that is known. It has fewer if it has reached its bound in bytes. */
export function frameFrom(answer: unknown, rows?: number): Frame {
  // Another machine's frame has been made, and checked, where its answer was received.
  if (!types.isArrayBuffer(answer) && !(answer instanceof Frame)) throw damaged('there is no frame in it');
  const frame = answer instanceof Frame ? answer : new Frame(answer, damaged);
  const isPart = frame.isFull && frame.rows > 0 && frame.rows < (rows ?? 0);
  if (rows !== undefined && frame.rows !== rows && !isPart) {
    throw damaged(`the frame has ${frame.rows} rows, where ${rows} were asked for`);
  }
  return frame;
}

/** The frames in an answer to a share of a scan. */
export function framesFrom(answer: unknown): Frame[] {
  if (!Array.isArray(answer)) throw damaged('there are no frames in it');
  return answer.map((each) => frameFrom(each));
}

/** A listing of PIDs. */
export function listFrom(answer: ListAnswer): ListAnswer {
  if (types.isInt32Array(answer?.pids) && typeof answer.cursor === 'number') return answer;
  throw damaged('there are no PIDs in it');
}

/** The limits that an action has replaced. */
export function limitsFrom(answer: BigUint64Array): BigIntLimits {
  const [soft, hard] = valuesFrom(answer, 2, 'limits');
  return { soft, hard } as BigIntLimits;
}

/** The values that an action has replaced: this many, or more. */
export function valuesFrom(answer: BigUint64Array, count: number, what = 'values'): BigUint64Array {
  if (types.isBigUint64Array(answer) && answer.length >= count) return answer;
  throw damaged(`there are no ${what} in it`);
}

/** The name in this position. */
export function nameFrom<T extends string>(names: readonly T[], position: bigint): T {
  const name = names[Number(position)];
  if (name !== undefined) return name;
  throw damaged(`there is the value ${position} in it, where ${names.length} are known`);
}

/** The error for an answer that is not in the format of this version. */
export function damaged(what: string): WorkerError {
  return new WorkerError(damageMessage(what), DAMAGED);
}
