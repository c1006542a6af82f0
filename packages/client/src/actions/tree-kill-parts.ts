import type { Confirming, ProcessMaps } from '../relatives/process-map.js';
import type { Identified } from '../schema/identity.js';
import type { Origin } from '../support/capabilities.js';
import type { Member } from './member.js';

/** @internal Waits until a process has ended. */
interface Waiting {
  wait(pid: number, start: number, signal: AbortSignal | undefined): Promise<unknown>;
}

/** @internal Lists processes with their descendants; `undefined` if that takes a listing of every process. */
interface Descending {
  of(pids: readonly number[]): Promise<Int32Array | undefined>;
}

/** Sends a signal to one process. */
export interface Killing {
  send(process: Pick<Identified, 'pid' | 'start'>, signal: number): Promise<'sent' | 'gone' | 'denied'>;
}

/** A process that is of the tree, as events show. */
export interface Adopted {
  readonly identified: Identified;
  /** Whether it has been sent SIGSTOP. */
  readonly isHeld: boolean;
}

/** Follows what the processes of a tree fork. */
export interface Following {
  /** Waits until events are reported or refused. True if they are reported since. */
  opening(): Promise<boolean>;
  /**
   * Learns which processes are members. A listing has found them that began at that time. `ask` finds out whether one is no
   * other process of its tick.
   */
  learn(began: number, ask: (member: Member) => Promise<void>): Promise<void>;
  /**
   * The processes that have been found to be of the tree since the last call, by all that has happened until now. It is not quiet
   * if there were any, also such as have ended at once: they may have forked others.
   */
  adopt(): Promise<{ readonly adopted: readonly Adopted[]; readonly isQuiet: boolean }>;
  /** Ends it, and lets those run on that it has stopped and that nobody has adopted. */
  end(): Promise<void>;
}

/** @internal Begins to follow what the processes of a tree fork; `undefined` where there are no events. */
interface Watching {
  watch(members: ReadonlyMap<number, Member>, isStopping: () => boolean): Following | undefined;
}

/** @internal What a {@link TreeKill} works with. */
export interface TreeKillParts {
  readonly maps: ProcessMaps;
  readonly descendants: Descending;
  readonly relatives: Confirming;
  /** Why it ends no tree. */
  readonly refusal: { readonly why: string; readonly origin: Origin } | undefined;
  readonly exits: Waiting;
  readonly kills: Killing;
  readonly forks: Watching;
}
