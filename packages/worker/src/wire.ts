import type { Failure, FieldBits, Single } from '@psutil-extra/native/protocol';

/**
 * What crosses threads. Types alone: the client makes requests and takes replies, the worker the reverse.
 * Stateless requests travel as piscina tasks, those of a oneshot scope over the thread's own port; both
 * are answered in the same {@link Reply}.
 */

/** Sent through the pool. */
interface Sent {
  /** Scans make way until a thread has taken it, see `ThreadData`. */
  hurried?: boolean;
}

/** Fields of processes, answered with the bytes of a `Frame`, or with one number where that is all. */
export interface ReadRequest extends Sent {
  readonly op: 'read';
  /** One PID as a number: an array takes longer to cross than to read. */
  readonly pids: Int32Array | number;
  /** The start each process must have; `ANY_START` or nothing where the PID alone is meant, or `IDENTIFY`. */
  readonly starts?: Float64Array;
  /** All fields that are asked of any process. */
  readonly fields: FieldBits;
  /** The fields asked of each process, where they differ. */
  readonly masks?: Float64Array;
  /** Bits of `ReadFlag`. */
  readonly flags: number;
}

/** A share of a scan, answered with frames: a new one begins wherever the thread made way for others. */
export interface ScanRequest extends Sent {
  readonly op: 'scan';
  /** Without: every process, of fields in bulk or by a walk, which with `ReadFlag.listed` is one over the list of PIDs. */
  readonly pids?: Int32Array;
  readonly walk?: WalkPart;
  readonly starts?: Float64Array;
  readonly fields: FieldBits;
  readonly flags: number;
}

/** A part of a walk: the last frame's `next` is where the next one begins. */
export interface WalkPart {
  /** The same for all parts of one. */
  readonly number: number;
  readonly from: number;
  /** Rows. */
  readonly most: number;
}

/** About `most` PIDs from a cursor on; fewer, where `yields` is set and others wait. */
export interface ListRequest extends Sent {
  readonly op: 'list';
  readonly cursor: number;
  readonly most: number;
  readonly yields?: boolean;
}

export interface ListAnswer {
  readonly pids: Int32Array;
  /** −1 behind the last. */
  readonly cursor: number;
}

/** A new limit, answered with the one that stood before. */
export interface SetRequest extends Sent {
  readonly op: 'set';
  readonly pid: number;
  readonly start: number;
  readonly resource: number;
  readonly soft: bigint;
  readonly hard: bigint;
}

export interface RawLimits {
  readonly soft: bigint;
  readonly hard: bigint;
}

/** A port to the thread that takes this task. */
export interface AttachRequest extends Sent {
  readonly op: 'attach';
}

export interface Attached {
  readonly threadId: number;
  readonly port: import('node:worker_threads').MessagePort;
}

export type Request = ReadRequest | ScanRequest | ListRequest | SetRequest | AttachRequest;

/** What a request of each kind is answered with. */
export interface AnswerOf {
  read: ArrayBuffer | Single;
  scan: ArrayBuffer[];
  list: ListAnswer;
  set: RawLimits;
  attach: Attached;
}

/** A failure of the system, or an error of the worker itself. */
export type WireError =
  | { readonly failure: Failure }
  | { readonly name: string; readonly message: string; readonly code: string; readonly stack: string };

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** Fields of one process within a oneshot scope. */
export interface ScopedRead {
  readonly scope: number;
  readonly pid: number;
  readonly start: number;
  readonly fields: FieldBits;
  /** Scopes that have ended since the last message; they ride along. */
  readonly closed: readonly number[];
}

/** What a scope has learned: a frame of one row, and the fields that are to be taken from it. */
export interface ScopedPart {
  readonly buffer: ArrayBuffer;
  readonly fields: FieldBits;
}

/** A thread's answer: parts, or most times one frame that is to be taken whole. */
export type ScopedAnswer = ArrayBuffer | readonly ScopedPart[];

/** A set within a oneshot scope. */
export interface ScopedSet extends Omit<SetRequest, 'op' | 'hurried'> {
  readonly scope: number;
  readonly closed: readonly number[];
}

/** What a thread exposes on its port. */
export interface WorkerApi {
  read(request: ScopedRead): Reply<ScopedAnswer>;
  set(request: ScopedSet): Reply<RawLimits>;
}

/** What a pool gives each of its threads. */
export interface ThreadData {
  readonly procRoot: string;
  /** How many requests wait that should not wait for a long one: the client adds what it sends, a thread takes off what it takes. */
  readonly hurry: Int32Array;
}
