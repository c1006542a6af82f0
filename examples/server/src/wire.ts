/** A process as the page gets it: short, for there may be thousands. `null` is what could not be read. */
export interface WireRow {
  readonly pid: number;
  readonly name: string | null;
  /** Its arguments with spaces between, cut where it is very long; empty for the kernel's own threads. */
  readonly command: string | null;
  readonly state: string | null;
  readonly ppid: number | null;
  /** The name of the effective user, or its number where it has no name. */
  readonly user: string | null;
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

/**
 * What a process uses: its PID, its processor time in percent of one processor, and its resident memory in bytes. These change
 * all the time and the row rarely does, so they travel without it.
 */
export type WireUse = readonly [pid: number, cpu: number | null, rss: number | null];

/** The machine. */
export interface WireHost {
  readonly name: string;
  /** Such as `Linux 6.18.2`. */
  readonly system: string;
  readonly processors: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes of memory that programs can still have. */
  readonly available: number;
  /** Of the last one, five and fifteen minutes. */
  readonly load: readonly number[];
  /** Seconds since it was started. */
  readonly up: number;
}

/** When and how processes were read. */
export interface WireReading {
  readonly at: number;
  readonly source: string;
  readonly host: WireHost;
  /** Milliseconds since the reading before, for which processor time was measured; `null` if there was none. */
  readonly elapsed: number | null;
}

/** The event `table`: everything, sent first and to listeners that have missed something. */
export interface WireTable extends WireReading {
  /** Milliseconds from one reading to the next. */
  readonly every: number;
  /** Names of the signals from 1 on. */
  readonly signals: readonly string[];
  readonly resources: readonly string[];
  readonly rows: readonly WireRow[];
  readonly uses: readonly WireUse[];
}

/** The event `change`: what is new or other than before, and the PIDs that are gone. */
export interface WireChange extends WireReading {
  readonly rows: readonly WireRow[];
  readonly uses: readonly WireUse[];
  readonly gone: readonly number[];
}

/** Something that has happened to a process. */
export type WireEvent =
  | {
      readonly kind: 'fork';
      readonly time: number;
      readonly pid: number;
      readonly parent: number;
      readonly command: string | null;
    }
  | {
      readonly kind: 'exec';
      readonly time: number;
      readonly pid: number;
      /** The path as it was executed, where the kernel reports it. */
      readonly exe: string | null;
      /** Its command line, if it still lived when the server asked. */
      readonly command: string | null;
    }
  | {
      readonly kind: 'exit';
      readonly time: number;
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
    }
  | { readonly kind: 'lost'; readonly time: number; readonly count: number };

/** The event `log`: what has happened since the last one, or lately, where `isWhole`. */
export interface WireLog {
  readonly isWhole: boolean;
  readonly events: readonly WireEvent[];
  /** Why there are none. */
  readonly trouble?: string;
}
