/** Names of signals. Real-time ones count from either end; `SIG32` is one without a name of its own. */
export type SignalName =
  | NodeJS.Signals
  | 'SIGRTMIN'
  | 'SIGRTMAX'
  | `SIGRTMIN+${number}`
  | `SIGRTMAX-${number}`
  | `SIG${number}`;

/**
 * A set of signals, by number and by the names that this platform's headers give them: a `Set` of numbers, which is
 * cloned and compared as one, and which cannot be changed.
 *
 * On Linux a thread of the C library keeps signals 32 and 33 for itself, so `SIGRTMIN` is 34, as
 * signal(7) says; those two are named `SIG32` and `SIG33`.
 */
export interface SignalSet extends ReadonlySet<number> {
  /**
   * Whether it has a signal: `15`, `'SIGTERM'`, `'SIGRTMIN+2'`, `'SIGRTMAX-1'`.
   *
   * @throws TypeError with `ERR_INVALID_ARG_VALUE` for a name that no signal has: `'term'`.
   */
  // The last member of the union keeps completion, and accepts names that are known only at run time.
  has(signal: number | SignalName | (string & {})): boolean;
  /** The names in the order of the numbers; real-time signals as `SIGRTMIN+n`. */
  names(): string[];
  /** As bits: bit 0 is signal 1. */
  readonly mask: bigint;
  /** The names. */
  toJSON(): string[];
}

/**
 * What a process does with signals; a member that the platform does not report is absent.
 *
 * On Linux these are those of its main thread: `SigPnd`, `SigBlk`, `SigIgn`, `SigCgt` and `ShdPnd` in
 * proc_pid_status(5). On FreeBSD and DragonFly `pending` is what was sent to the process as a whole, and on DragonFly
 * `blocked` is that of one of its threads; on NetBSD `pending` and `blocked` are those of all its threads together,
 * on OpenBSD `pending` is of process and main thread, on illumos both are of the thread that stands for the process in
 * `/proc/PID/status`. macOS reports only `ignored` and `caught`.
 */
export interface SignalMasks {
  /** Sent and not yet delivered. */
  readonly pending?: SignalSet;
  /** Not delivered until they are unblocked: sigprocmask(2). */
  readonly blocked?: SignalSet;
  /** Ignored: `SIG_IGN`. */
  readonly ignored?: SignalSet;
  /** With a handler. */
  readonly caught?: SignalSet;
  /** Sent to the process as a whole and not yet delivered. */
  readonly processPending?: SignalSet;
}
