/** A soft and a hard resource limit; `Infinity` is none. Units are those of getrlimit(2). */
export interface Limits {
  /** What holds now. */
  soft: number;
  /** What the process itself may raise the soft one to. */
  hard: number;
}

/** As {@link Limits}, exact beyond 2⁵³; `constants.RLIM_INFINITY` is none. */
export interface BigIntLimits {
  /** What holds now. */
  soft: bigint;
  /** What the process itself may raise the soft one to. */
  hard: bigint;
}

/** New limits: whole numbers from 0 on, bigints, or `Infinity` for none. Units are those of getrlimit(2). */
export interface NewLimits {
  /** What shall hold; at most `hard`. */
  readonly soft: number | bigint;
  /** What the process itself may raise the soft one to. Raising it takes a privilege: CAP_SYS_RESOURCE on Linux. */
  readonly hard: number | bigint;
}

/** The resources of all platforms; one that this platform lacks is rejected. */
export type ResourceName =
  | 'RLIMIT_CPU'
  | 'RLIMIT_FSIZE'
  | 'RLIMIT_DATA'
  | 'RLIMIT_STACK'
  | 'RLIMIT_CORE'
  | 'RLIMIT_RSS'
  | 'RLIMIT_NPROC'
  | 'RLIMIT_NOFILE'
  | 'RLIMIT_MEMLOCK'
  | 'RLIMIT_AS'
  | 'RLIMIT_LOCKS'
  | 'RLIMIT_SIGPENDING'
  | 'RLIMIT_MSGQUEUE'
  | 'RLIMIT_NICE'
  | 'RLIMIT_RTPRIO'
  | 'RLIMIT_RTTIME'
  | 'RLIMIT_SBSIZE'
  | 'RLIMIT_VMEM'
  | 'RLIMIT_NPTS'
  | 'RLIMIT_SWAP'
  | 'RLIMIT_KQUEUES'
  | 'RLIMIT_UMTXP'
  | 'RLIMIT_PIPEBUF'
  | 'RLIMIT_NTHR'
  | 'RLIMIT_POSIXLOCKS';

/** A resource by name or by this platform's number. */
export type Resource = ResourceName | number;
