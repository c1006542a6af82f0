import type { Action, Failure, FieldBits, PackedScalar } from '@psutil-extra/native/protocol';

/**
 * The messages between threads, as types. The client sends requests and receives replies. Stateless requests travel as
 * piscina tasks, those of a oneshot scope over the thread's own port; the answer to both is a {@link Reply}.
 */

/** Sent through the pool. */
interface Sent {
  /** Scans make way until a thread has received it, see `ThreadData`. */
  urgent?: boolean;
}

/**
 * Fields of processes. The answer is the bytes of a `Frame`, or a number if that is all. A frame that has reached its bound in
 * bytes covers only the first processes: the client requests the others again.
 */
export interface ReadRequest extends Sent {
  readonly op: 'read';
  /** One PID, and its start, as a number: to send an array takes longer than to read the process. */
  readonly pids: Int32Array | number;
  /** The start that each process must have; `ANY_START` or no array if only the PID counts; or `IDENTIFY`. */
  readonly starts?: Float64Array | number;
  /** The fields of all processes together. */
  readonly fields: FieldBits;
  /** If the fields differ: the distinct sets, and for each PID the position of its set. */
  readonly sets?: Float64Array;
  readonly setOf?: Uint8Array;
  /** Bits of `ReadFlag`. */
  readonly flags: number;
}

/** One field of one PID, whenever that began: the PID, the field in six bits, the flags in four. To send an object takes longer. */
export type PackedRead = number;

/**
 * A share of a scan. The answer is frames: a new one begins wherever the thread has made way for others, or a frame has
 * reached its bound in bytes. If the frames have many bytes, they do not cover all processes of the request: the client goes
 * on after the last.
 */
export interface ScanRequest extends Sent {
  readonly op: 'scan';
  /** Without PIDs: every process, by one call of the system or by the cursor. */
  readonly pids?: Int32Array;
  /** Of an iterator of the kernel, or of the list of PIDs with `ReadFlag.listed`. */
  readonly cursor?: CursorPart;
  readonly starts?: Float64Array;
  readonly fields: FieldBits;
  readonly flags: number;
  readonly sampler?: SamplerPart | undefined;
}

/** A reading of a sampler, for which a thread keeps descriptors open: see `ReadCursor`. */
export interface SamplerPart {
  /** Of its client's samplers, from 1 on. */
  readonly sampler: number;
  readonly maxHeld: number;
}

/** A part of every process: the next part begins at the last frame's `next`. */
export interface CursorPart {
  /** The same for all parts of a scan. */
  readonly number: number;
  readonly from: number;
  /** The most rows. */
  readonly max: number;
}

/** About `max` PIDs from a cursor on; fewer if `yields` is set and urgent requests are pending. */
export interface ListRequest extends Sent {
  readonly op: 'list';
  readonly cursor: number;
  readonly max: number;
  readonly yields?: boolean;
}

/** These PIDs and those of all their descendants. The answer's cursor is −1 if there are at most `max`. */
export interface DescendantsRequest extends Sent {
  readonly op: 'descendants';
  readonly pids: Int32Array;
  readonly max: number;
}

export interface ListAnswer {
  readonly pids: Int32Array;
  /** −1 after the last. */
  readonly cursor: number;
}

/** A change to a process, such as a new limit. The answer is the values that it replaces. */
export interface ActRequest extends Sent {
  readonly op: 'act';
  readonly pid: number;
  readonly start: number;
  readonly action: Action;
}

/** Closes what the thread keeps open for a sampler. */
export interface EndSamplerRequest extends Sent {
  readonly op: 'endSampler';
  readonly sampler: number;
}

/** What distinguishes this boot of the system. */
export interface BootRequest extends Sent {
  readonly op: 'boot';
}

export interface BootAnswer {
  /** Empty where the system has no such text. */
  readonly id: string;
}

/** A port to the thread that receives this task. */
export interface AttachRequest extends Sent {
  readonly op: 'attach';
}

/** A port to the thread that receives this task: it takes {@link UrgentRequest}s, past the pool's queue. There is no answer. */
export interface ConnectRequest extends Sent {
  readonly op: 'connect';
  readonly port: import('node:worker_threads').MessagePort;
}

/** A port for waits to the thread that receives this task: it takes {@link ExitRequest}s and answers with {@link ExitAnswer}s. */
export interface WatchRequest extends Sent {
  readonly op: 'watch';
}

/** Waits for processes to end. Waits that begin are urgent, once for all in a message. */
export interface ExitRequest {
  readonly begin: readonly ExitWait[];
  /** Who has each descriptor of them, see {@link takeHeld}. */
  readonly taken: Int32Array;
  /** Waits that nobody waits for any longer, by their `id`. */
  readonly cancel: readonly number[];
}

/** A wait, by the client's number of it; `start` as in an {@link ActRequest}. */
export interface ExitWait {
  readonly id: number;
  readonly pid: number;
  readonly start: number;
  /** A descriptor of the program that holds the process, or −1. */
  readonly held: number;
}

/** Waits that are over, and whether waits that begin have been received: in the order in which they were sent. */
export interface ExitAnswer {
  readonly received: boolean;
  readonly waited: readonly Waited[];
}

/** How a process has ended, as wait(2) encodes it and −1 if that is not known; or why it is not waited for. */
export type Waited = { readonly id: number } & ({ readonly status: number } | { readonly error: WireError });

export interface Attached {
  readonly threadId: number;
  readonly port: import('node:worker_threads').MessagePort;
}

export type Request =
  | ReadRequest
  | ScanRequest
  | ListRequest
  | DescendantsRequest
  | ActRequest
  | EndSamplerRequest
  | BootRequest
  | AttachRequest
  | WatchRequest;

/** Scans make way for these. */
export type UrgentRequest =
  | ReadRequest
  | ListRequest
  | DescendantsRequest
  | ActRequest
  | EndSamplerRequest
  | BootRequest;

/** The answer to a request of each kind. */
export interface AnswerOf {
  read: ArrayBuffer | PackedScalar;
  scan: ArrayBuffer[];
  list: ListAnswer;
  descendants: ListAnswer;
  act: BigUint64Array;
  endSampler: null;
  boot: BootAnswer;
  attach: Attached;
  watch: Attached;
}

/** A failure of the system, or an error of the worker itself; a `cause` is of this thread, and crosses none. */
export type WireError =
  | { readonly failure: Failure }
  | {
      readonly name: string;
      readonly message: string;
      readonly code: string;
      readonly stack: string;
      readonly cause?: unknown;
    };

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** Fields of one process within a oneshot scope. */
export interface ScopedRead {
  readonly scope: number;
  readonly pid: number;
  readonly start: number;
  readonly fields: FieldBits;
  /** Scopes that have ended since the last message. */
  readonly closed: readonly number[];
}

/** A frame of one row, and the fields to be taken from it. */
export interface ScopedPart {
  readonly buffer: ArrayBuffer;
  readonly fields: FieldBits;
}

/** A thread's answer: parts, or usually one frame of which all fields are taken. */
export type ScopedAnswer = ArrayBuffer | readonly ScopedPart[];

/** An action within a oneshot scope. */
export interface ScopedAct extends Omit<ActRequest, 'op' | 'urgent'> {
  readonly scope: number;
  readonly closed: readonly number[];
}

/** The methods that a thread exposes on its port. */
export interface WorkerApi {
  read(request: ScopedRead): Reply<ScopedAnswer>;
  act(request: ScopedAct): Reply<BigUint64Array>;
}

/** Where a thread finds the modules of `@psutil-extra/native`, by name: `packages/bundle.mjs` has them required there. */
interface ModulePaths {
  readonly modules: Readonly<Record<string, string>>;
}

/** The data that a pool passes to each of its threads. */
export interface ThreadData extends ModulePaths {
  readonly procRoot: string;
  /** Milliseconds until a read has failed that waits for another process's memory map. */
  readonly stallTimeout: number;
  /** How many urgent requests are pending: the client adds one for each that it sends, a thread subtracts one for each that it receives. */
  readonly urgentPending: Int32Array;
}

/** The data of the thread that reads events. */
export interface EventThreadData extends ModulePaths {
  /** Which sources it may use, a bit each: see `EventReader` of the addon. */
  readonly sources: number;
  /** How many bytes of events the client has not yet read: the thread adds, the client subtracts. */
  readonly unread: Int32Array;
}

export type FromEventThread =
  | { readonly kind: 'opened'; readonly source: string }
  | { readonly kind: 'refused'; readonly failures: readonly EventRefusal[] }
  | { readonly kind: 'events'; readonly events: ArrayBuffer }
  /** All that had happened when this was asked for has been sent. */
  | { readonly kind: 'caughtUp'; readonly id: number }
  | { readonly kind: 'ended'; readonly error: WireError };

/** Why a source of events does not work; null if it was not to be tried. */
export interface EventRefusal {
  readonly source: string;
  readonly failure: Failure | null;
}

/** Whether renames are wanted, or a request to send at once what has happened so far. */
export type ToEventThread = { readonly renames: boolean } | { readonly catchUp: number };
