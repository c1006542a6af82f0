/** A soft and a hard resource limit; `Infinity` is no limit. Units are those of getrlimit(2). */
export interface Limits {
  /** The limit that holds now. */
  soft: number;
  /** The value to which the process itself may raise the soft limit. */
  hard: number;
}

/** As {@link Limits}, exact beyond 2⁵³; `constants.RLIM_INFINITY` is no limit. */
export interface BigIntLimits {
  /** The limit that holds now. */
  soft: bigint;
  /** The value to which the process itself may raise the soft limit. */
  hard: bigint;
}

/** New limits: whole numbers from 0 on, bigints, or `Infinity` for no limit. Units are those of getrlimit(2). */
export interface NewLimits {
  /** The limit that shall hold; at most `hard`. */
  readonly soft: number | bigint;
  /** The value to which the process itself may raise the soft limit. To raise it requires a privilege: CAP_SYS_RESOURCE on Linux. */
  readonly hard: number | bigint;
}

/** The resources of all platforms; a call with one that this platform lacks is rejected. */
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
