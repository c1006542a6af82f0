import type { IoPriority, Scheduler } from '../schema/fields.generated.js';
import type { NewIoPriority, NewScheduler } from '../schema/scheduling.js';
import type { CallOptions, SetterOptions } from '../support/call-options.js';

/**
 * Methods that set a field of a process and resolve with the value before. Only Linux supports them, and only in the caller's
 * own `/proc`; elsewhere they reject with `NotSupportedError`, as `supports()` says.
 *
 * Reads of the process that were called before return the old value, those called after it the new one. The nice value, I/O
 * priority, affinity and scheduler are a thread's on Linux: a call sets those of the main thread, and those of every thread
 * with `allThreads`. With a `Process` its identity is checked before and after the system call; between the check and the call
 * is a window of microseconds in which only the PID counts.
 */
export interface BoundSetters {
  /**
   * Sets the nice value, from −20, the highest priority, to 19: setpriority(2). It rejects with `AccessDeniedError` if it lowers
   * the value further than RLIMIT_NICE allows, or changes another user's process, without CAP_SYS_NICE.
   */
  setNice(nice: number, options?: SetterOptions): Promise<number>;
  /**
   * Sets the I/O priority: ioprio_set(2). It rejects with `AccessDeniedError` if it sets the class `'realtime'`, or changes
   * another user's process, without CAP_SYS_NICE.
   */
  setIoPriority(ioPriority: NewIoPriority, options?: SetterOptions): Promise<IoPriority>;
  /**
   * Sets the processors on which it may run: sched_setaffinity(2). The kernel leaves out those that are not there and those
   * that its cpuset excludes, and rejects with `EINVAL` if none is left. It rejects with `AccessDeniedError` if it changes
   * another user's process without CAP_SYS_NICE.
   */
  setAffinity(cpus: Iterable<number>, options?: SetterOptions): Promise<number[]>;
  /**
   * Sets the scheduling policy and the real-time priority: sched_setscheduler(2). The policy `'deadline'` rejects with
   * `NotSupportedError`, because it takes more numbers. It rejects with `AccessDeniedError` if it sets a higher priority than
   * RLIMIT_RTPRIO allows, or changes another user's process, without CAP_SYS_NICE.
   */
  setScheduler(scheduler: NewScheduler, options?: SetterOptions): Promise<Scheduler>;
  /**
   * Sets what is added to the score by which the kernel chooses a process to end when memory runs out: from −1000, never,
   * to 1000. It is written beneath the directory of the process, so with a `Process` no other process can be changed.
   * It rejects with `AccessDeniedError` if it lowers the value without CAP_SYS_RESOURCE, or if another user's process is changed.
   */
  setOomScoreAdj(oomScoreAdj: number, options?: CallOptions): Promise<number>;
}
