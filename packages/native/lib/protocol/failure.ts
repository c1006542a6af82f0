/** Why something could not be read or set: `Failure` in `src/core/failure.h`. */
export interface Failure {
  readonly kind: FailureKind;
  /** The errno on this system; 0 if no call failed. */
  readonly errno: number;
  /** The errno's name. */
  readonly code: string;
  /** The system call that failed. */
  readonly syscall: string;
  /** What to change, if that is known. */
  readonly about?: string;
  /** Whether it lasts as long as the program runs; set only for refused walks. */
  readonly lasts?: boolean;
}

/** The code of a read that has not ended: it must be requested again. No caller receives it. */
export const STALLED = 'ESTALLED';

export const FailureKind = Object.freeze({
  gone: 1,
  zombie: 2,
  denied: 3,
  unsupported: 4,
  system: 5,
} as const);
export type FailureKind = (typeof FailureKind)[keyof typeof FailureKind];
