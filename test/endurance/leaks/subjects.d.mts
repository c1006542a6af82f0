import type { Client, Oneshot, Process, ProcessTable } from 'psutil-extra';

/** What the calls are made on. */
export interface World {
  readonly client: Client;
  /** A process that lives, and one that has ended. */
  readonly held: Process;
  readonly dead: Process;
  /** Scopes of a process that lives, and of a PID that no process has. */
  readonly scope: Oneshot;
  readonly unusedScope: Oneshot;
  readonly table: ProcessTable;
  readonly signal: AbortSignal;
}

/** A method, called so that it works, and so that it fails where it can. */
export interface Subject {
  readonly works: (world: World) => unknown;
  readonly fails?: (world: World) => unknown;
  /** How many times fewer calls it is given, being so much slower. */
  readonly slower?: number;
  /** How many run beside one another, where that is not fifty. */
  readonly atOnce?: number;
}

export const SUBJECTS: Readonly<Record<string, Subject>>;
export function openWorld(): Promise<World>;
