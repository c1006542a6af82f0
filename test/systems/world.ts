import type { Field, Limits, ResourceName, SignalMasks } from 'psutil-extra';

/** What is promised of a system: the row of the platforms' table that its tests hold it to. */
export interface Promised {
  /** As the addon names its backend. */
  readonly backend: string;
  /** What `table.source` says. */
  readonly reading: string;
  /** The fields that it supports. */
  readonly supported: readonly Field[];
  readonly signalSets: readonly (keyof SignalMasks)[];
  /** Those that one call returns for every process. */
  readonly bulk: readonly Field[];
  /** Whose limits can be read and set. */
  readonly limits: { readonly get: Reach; readonly set: Reach };
  /** For each source, the fields that one read of it brings to a oneshot. */
  readonly shared: Readonly<Record<string, readonly Field[]>>;
  /** Whether a zombie is found by its PID. */
  readonly findsZombies: boolean;
  /** What a zombie no longer has, of the fields that the system supports. */
  readonly zombieLoses: readonly Field[];
  /** Some resources and signals, as its headers number them. */
  readonly numbers: Readonly<Record<string, number>>;
}

export type Reach = 'none' | 'own' | 'any';

/** What a process is made with; whatever is left out is the world's choice. */
export interface Facts {
  readonly name?: string;
  readonly umask?: number;
  readonly blocked?: readonly string[];
  readonly ignored?: readonly string[];
  readonly caught?: readonly string[];
  readonly limits?: Partial<Record<ResourceName, Limits>>;
  /** A session of its own, and so a group of its own. */
  readonly leads?: boolean;
}

/** What a process is, known without this library: the fields and sets that the world has a way to know. */
export interface Truth {
  readonly name: string;
  readonly ppid: number;
  readonly uids: { real: number; effective: number; saved: number };
  readonly gids: { real: number; effective: number; saved: number };
  readonly groups: number[];
  readonly umask: number;
  readonly pgid: number;
  readonly sid: number;
  readonly threads: number;
  readonly blocked: bigint;
  readonly ignored: bigint;
  readonly caught: bigint;
  readonly limits: Partial<Record<ResourceName, Limits>>;
}

/** A process of a world. */
export interface Member {
  readonly pid: number;
  truth(): Promise<Truth>;
  change(facts: Facts): Promise<void>;
  /** Resolves when no process has its PID. */
  end(): Promise<void>;
}

/** A place where processes are: this machine, or the table of a simulated kernel. */
export interface World {
  readonly promised: Promised;
  /** A PID that no process has. */
  readonly unusedPid: number;
  make(facts?: Facts): Promise<Member>;
  /** The process that the tests run in, with these of its facts where they can be chosen. */
  own(): Promise<{ readonly pid: number; readonly limits: Partial<Record<ResourceName, Limits>> }>;
  /** One that has ended and that its parent does not wait for. */
  zombie(): Promise<number>;
  /** A process, and a way to end it and give its PID to another; false where an unrelated process took the number. */
  recyclable(): Promise<{ readonly pid: number; recycle(): Promise<boolean> }>;
  /** Has the system refuse this from now on; `'set'` is setting limits. */
  deny(member: Member, what: Field | 'set'): void;
  /** What this world cannot do, and why. */
  readonly lacking: { readonly recyclable: [boolean, string]; readonly deny: [boolean, string] };
  close(): Promise<void>;
}
