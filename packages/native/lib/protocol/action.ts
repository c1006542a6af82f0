import { type FieldBits, FieldSet } from './field-set.js';
import { FIELD_INDEX } from './schema.js';

/** The kinds of actions, and the order of their arguments: as in `src/platform/action.h`. */
export const ActionKind = Object.freeze({
  /** Resource, soft, hard. Returns the soft and the hard limit that it replaces. */
  rlimit: 0,
} as const);

/** A change to a process. */
export interface Action {
  /** One of {@link ActionKind}. */
  readonly kind: number;
  /** Whole numbers of 64 bits; a negative one is in two's complement. */
  readonly arguments: BigUint64Array;
  /** The fields whose values it may change: what was read of them before is out of date, also if the action fails. */
  readonly invalidates: FieldBits;
}

/** Sets one limit. */
export function rlimitAction(resource: number, soft: bigint, hard: bigint): Action {
  return { kind: ActionKind.rlimit, arguments: BigUint64Array.of(BigInt(resource), soft, hard), invalidates: RLIMITS };
}

const RLIMITS = FieldSet.of(FIELD_INDEX.rlimits).bits;
