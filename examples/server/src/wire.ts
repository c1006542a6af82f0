/** A process as the page gets it: short, for there may be thousands. `null` is what could not be read. */
export interface WireRow {
  readonly pid: number;
  readonly name: string | null;
  readonly state: string | null;
  readonly ppid: number | null;
  /** The effective user id. */
  readonly user: number | null;
  readonly umask: number | null;
  readonly threads: number | null;
  readonly pgid: number | null;
  readonly sid: number | null;
  /** Milliseconds since the epoch. */
  readonly began: number | null;
  readonly groups: readonly number[] | null;
  /** Pending, blocked, ignored and caught signals, each a mask in base 16, with a dot between. */
  readonly signals: string | null;
  /** Soft and hard limit of each of {@link RESOURCES}; `null` in a pair is no limit. */
  readonly limits: readonly (readonly [number | null, number | null])[] | null;
  /** Open file descriptors, where the server may read them. */
  readonly files: number | null;
  /** The limits of which it has used four fifths or more. */
  readonly near: readonly string[];
  /** One of the kernel's own threads, which have signal masks but receive no signal. */
  readonly kernel: boolean;
}

/** The event `table`: everything, sent first and to listeners that have missed something. */
export interface WireTable {
  readonly at: number;
  readonly took: number;
  readonly source: string;
  /** Names of the signals from 1 on. */
  readonly signals: readonly string[];
  readonly resources: readonly string[];
  readonly rows: readonly WireRow[];
}

/** The event `change`: what is new or other than before, and the PIDs that are gone. */
export interface WireChange {
  readonly at: number;
  readonly took: number;
  readonly rows: readonly WireRow[];
  readonly gone: readonly number[];
}
