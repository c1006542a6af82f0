import type { KillTreeCall, KillTreeOptions } from '../actions/kill-tree-call.js';
import type { KilledProcess } from '../actions/tree-kill.js';
import type { ActionCall } from '../calls/action-call.js';
import type { Criteria } from '../relatives/criteria.js';
import type { FindCall } from '../relatives/find-call.js';
import type { TreeCall, TreeRow } from '../relatives/tree-call.js';
import type { DefaultField, Fields, NamedField } from '../schema/fields.js';
import type { Identified } from '../schema/identity.js';
import type { ProcessRef } from '../schema/process-ref.js';
import type { SignalName } from '../schema/signal-masks.js';
import type { CallOptions } from '../support/call-options.js';
import type { ExitStatus } from '../watch/exit-status.js';
import type { WaitCall } from '../watch/wait-call.js';

/** Options of `tree()`. */
export interface TreeOptions<F extends readonly NamedField[]> extends CallOptions {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
}

/** The methods of a client that act on processes, wait for them and find them. `P` is `Process`. */
export class ClientActions<P extends ProcessRef> {
  readonly #calls: ActionCalls;
  readonly #make: (identified: Identified) => P;

  /** @internal */
  constructor(calls: ActionCalls, make: (identified: Identified) => P) {
    this.#calls = calls;
    this.#make = make;
  }

  /**
   * Sends a signal, by its name, such as `'SIGTERM'` or `'SIGRTMIN+1'`, or its number, and resolves with `true`; 0 asks only
   * whether the process is there and may be signalled. On Linux the signal goes through a pidfd, so that it never reaches
   * another process that has the PID by now. A PID of 0 or less, which kill(2) takes for a group, is refused on every system.
   *
   * It rejects with `NoSuchProcessError` if there is no such process, and with `AccessDeniedError` if it is another user's. A
   * zombie takes any signal.
   */
  async kill(proc: number | P, signal: SignalName | number = 'SIGTERM', options?: CallOptions): Promise<true> {
    return this.#calls.actions.kill(proc, signal, options);
  }

  /**
   * Resolves when a process has ended, whether or not it is a child of this program, and before its parent has waited for it. On
   * Linux a thread waits by a pidfd, so that a wait takes a descriptor and neither a thread nor polling; `EMFILE` rejects this
   * wait alone. A `Process` that has ended already resolves at once; a PID that no process has rejects with
   * `NoSuchProcessError`. A pending wait keeps the program alive. `signal: AbortSignal.timeout(ms)` limits the time.
   *
   * How it ended is known of a process that the caller may trace (its own user's, or all with CAP_SYS_PTRACE) and, since Linux
   * 6.15, of one whose parent waits for it within 100 ms. Otherwise `code` and `signal` are `null`.
   */
  async waitForExit(proc: number | P, options?: CallOptions): Promise<ExitStatus> {
    return this.#calls.waits.waitForExit(proc, options);
  }

  /**
   * Ends a process and all its descendants, also those that it starts meanwhile. They are stopped from the top down, get
   * `killSignal` and run on; what is left after `grace` milliseconds gets `SIGKILL`. Resolves with the status of each. If the tree
   * forks meanwhile, the kernel's events show those that leave it, and they are ended, too, where there are such events.
   *
   * Handlers for SIGCONT are run, and the parent of a stopped child may learn of that. Only descendants are signalled, each as
   * by `kill()`. It rejects if this program is one of them. An abort lets processes run on that have been stopped.
   */
  async killTree(proc: number | P, options?: KillTreeOptions): Promise<KilledProcess[]> {
    return this.#calls.treeKills.killTree(proc, options);
  }

  /**
   * The processes that match all criteria; there must be one. A string matches a whole text, a RegExp a part of it. A process
   * whose field the caller may not read does not match by it.
   */
  async find(criteria: Criteria, options?: CallOptions): Promise<P[]> {
    return (await this.#calls.finds.find(criteria, options)).map(this.#make);
  }

  /** All processes by one scan, as trees: those without a parent, with these fields and their `children`. */
  async tree<const F extends readonly NamedField[] = readonly DefaultField[]>(
    options?: TreeOptions<F>,
  ): Promise<TreeRow<Fields<F>>[]> {
    return this.#calls.trees.tree(options) as Promise<TreeRow<Fields<F>>[]>;
  }
}

/** @internal The calls that these methods make. */
export interface ActionCalls {
  readonly actions: ActionCall;
  readonly waits: WaitCall;
  readonly treeKills: KillTreeCall;
  readonly finds: FindCall;
  readonly trees: TreeCall;
}
