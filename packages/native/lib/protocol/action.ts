import { type FieldBits, FieldSet } from './field-set.js';
import { FIELD_INDEX } from './schema.js';

/**
 * The kinds of actions, and the order of their arguments: as in `src/platform/action.h`. `all` is 1 for every thread of the
 * process, and 0 for its main thread. Each returns the values that it replaces.
 */
export const ActionKind = Object.freeze({
  /** Resource, soft, hard. Returns the soft and the hard limit. */
  rlimit: 0,
  /** All, nice value. Returns the nice value. */
  nice: 1,
  /** All, class (its position in the field's type), level. Returns class and level. */
  ioPriority: 2,
  /** All, and a mask with a bit for each processor, in words of 64. Returns such a mask. */
  affinity: 3,
  /** All, policy (its position in the field's type), priority. Returns policy and priority. */
  scheduler: 4,
  /** Score. Returns the score. */
  oomScoreAdj: 5,
  /** Signal, 0 to ask only. Returns nothing. */
  kill: 6,
} as const);

/** How many words the mask of processors of an `affinity` action has at most. */
export const MAX_MASK_WORDS = 256;

/** A change to a process. */
export interface Action {
  /** One of {@link ActionKind}. */
  readonly kind: number;
  /** Whole numbers of 64 bits; a negative one is in two's complement. */
  readonly arguments: BigUint64Array;
  /** The fields whose values it may change. Earlier values of them are out of date, even if the action fails. */
  readonly invalidates: FieldBits;
}

/** Sets one limit. */
export function rlimitAction(resource: number, soft: bigint, hard: bigint): Action {
  return { kind: ActionKind.rlimit, arguments: BigUint64Array.of(BigInt(resource), soft, hard), invalidates: RLIMITS };
}

/** Changes what Linux keeps for each thread: of the main thread, or of all of a process. */
export function threadAction(kind: ThreadActionKind, all: boolean, values: readonly bigint[]): Action {
  const words = values.map((value) => BigInt.asUintN(64, value));
  return { kind: ActionKind[kind], arguments: BigUint64Array.of(all ? 1n : 0n, ...words), invalidates: CHANGED[kind] };
}

export type ThreadActionKind = 'nice' | 'ioPriority' | 'affinity' | 'scheduler';

/** Sets the number that the kernel adds to the score by which it chooses a process to end. */
export function oomScoreAdjAction(score: bigint): Action {
  const words = BigUint64Array.of(BigInt.asUintN(64, score));
  return { kind: ActionKind.oomScoreAdj, arguments: words, invalidates: SCORES };
}

/** Sends a signal. */
export function killAction(signal: number): Action {
  return { kind: ActionKind.kill, arguments: BigUint64Array.of(BigInt(signal)), invalidates: SIGNALLED };
}

const RLIMITS = FieldSet.of(FIELD_INDEX.rlimits).bits;
const SCORES = FieldSet.of(FIELD_INDEX.oomScore, FIELD_INDEX.oomScoreAdj).bits;

const SIGNALLED = FieldSet.of(FIELD_INDEX.state, FIELD_INDEX.sigmasks).bits;

const CHANGED: { readonly [kind in ThreadActionKind]: FieldBits } = {
  // Some kernels derive the I/O priority of class none from the nice value and the policy.
  nice: FieldSet.of(FIELD_INDEX.nice, FIELD_INDEX.ioPriority).bits,
  ioPriority: FieldSet.of(FIELD_INDEX.ioPriority).bits,
  affinity: FieldSet.of(FIELD_INDEX.affinity, FIELD_INDEX.processor).bits,
  scheduler: FieldSet.of(FIELD_INDEX.scheduler, FIELD_INDEX.ioPriority).bits,
};
