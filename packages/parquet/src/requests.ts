import type { TableParts } from 'psutil-extra/arrow';

/** Where a recording goes, and when a file ends. */
export interface RecordingTarget {
  readonly kind: 'directory';
  /** Absolute: the program may change its own. */
  readonly directory: string;
  readonly host: string;
  /** Milliseconds between readings. */
  readonly interval: number;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  /** How many files of the host are left; undefined for all. */
  readonly keep: number | undefined;
  readonly redact: readonly RegExp[];
}

/** One file, which is written as a whole. */
export interface FileTarget {
  readonly kind: 'file';
  /** Absolute. */
  readonly file: string;
  readonly host: string;
  readonly redact: readonly RegExp[];
  /** In memory that threads share: not 0 if the file is not wanted any more. */
  readonly cancelled: Int32Array;
}

/** A part of a reading. */
export interface Append {
  readonly parts: TableParts;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly rows?: Uint32Array | undefined;
  /** Whether it is the last part: a reading is in a file as a whole, or not at all. */
  readonly isLast: boolean;
}

/** What has been written. */
export interface Counts {
  /** Readings in files. */
  readings: number;
  /** Rows in files: a process in a reading. */
  rows: number;
  /** Files, of those that a recording before had left among them. */
  files: number;
  /** Their bytes. */
  bytes: number;
  /** Files that a recording had left open when it died, and that this one has finished. */
  recovered: number;
  /** Journals of which not all readings are in a file, though they were written. Most were left by a recording that had died. */
  damaged: readonly Damaged[];
}

/** A journal of which some readings cannot be read, or none. Those that can be read are in a file. */
export interface Damaged {
  /** Its path: it has been given a name that ends in `.bad`, unless this user may not rename it. */
  readonly journal: string;
  /** Why, and how many readings and bytes cannot be read. */
  readonly reason: string;
}

/** What the thread is asked for. Each request is answered before the next is sent. */
export type Request =
  | { readonly do: 'open'; readonly target: RecordingTarget | FileTarget; readonly id: string }
  | { readonly do: 'append'; readonly part: Append }
  /** Finishes what is open. A file is left out if `keep` is false. */
  | { readonly do: 'close'; readonly keep: boolean };

/** Its answer. An error crosses as what it has, because a clone of it has no code. */
export type Answer = { readonly counts: Counts } | { readonly error: ThreadError };

export interface ThreadError {
  readonly message: string;
  readonly code: string | undefined;
  readonly errno: number | undefined;
  readonly syscall: string | undefined;
  readonly path: string | undefined;
}
