import { getSystemErrorMap } from 'node:util';
import { type Failure, FailureKind } from '@psutil-extra/native/protocol';
import { type WireError, withStack } from '@psutil-extra/worker';
import { isArgumentError } from './arguments.js';
import { capabilities } from './capabilities.js';

/** What the system said, as in Node's own system errors. */
export interface ProcessErrorFields {
  /** The errno's name: `'ESRCH'`. */
  readonly code: string;
  /** The errno as Node counts, below zero: `-3`. */
  readonly errno: number;
  /** The system call that failed: `'open'`. */
  readonly syscall: string;
  /** The process that was asked about; 0 where it was all of them. */
  readonly pid: number;
}

/** Any error of the system while a process was looked into. */
export class ProcessError extends Error implements ProcessErrorFields {
  /** The errno's name: `'ESRCH'`. */
  readonly code: string;
  /** The errno as Node counts, below zero: `-3`. */
  readonly errno: number;
  /** The system call that failed: `'open'`. */
  readonly syscall: string;
  /** The process that was asked about; 0 where it was all of them. */
  readonly pid: number;

  constructor(message: string, fields: ProcessErrorFields) {
    super(message);
    this.code = fields.code;
    this.errno = fields.errno;
    this.syscall = fields.syscall;
    this.pid = fields.pid;
  }
}

/** `ESRCH`: nobody has this PID, its process has ended, or it belongs to another process than was meant. */
export class NoSuchProcessError extends ProcessError {}

/** `ESRCH`: the process has ended, nobody has waited for it, and the system no longer tells this. */
export class ZombieProcessError extends NoSuchProcessError {}

/** `EPERM` or `EACCES`: the caller may not. */
export class AccessDeniedError extends ProcessError {}

/** `ENOTSUP`: this platform, kernel or `procRoot` cannot tell. */
export class NotSupportedError extends ProcessError {}

/** `ERR_CLIENT_CLOSED`: the client was closed before the call, or before its answer. */
export class ClientClosedError extends Error {
  /** The same for all of them, as Node's own errors have it. */
  readonly code = 'ERR_CLIENT_CLOSED';

  constructor() {
    super('the client is closed: make another one with createClient()');
  }
}

/** `ERR_QUEUE_FULL`: as many calls are waiting as `maxQueue` allows. */
export class QueueFullError extends Error {
  /** The same for all of them, as Node's own errors have it. */
  readonly code = 'ERR_QUEUE_FULL';

  constructor(maxQueue: number) {
    super(`${maxQueue} calls are waiting already (maxQueue): await some of them, or raise it`);
  }
}

/**
 * `ERR_WORKER_DIED`: the thread that worked on the call has ended, out of memory for one; `cause` tells.
 * Another thread has taken its place, so the call may be made again. `ERR_ACCESS_DENIED`: Node's permission model
 * allows no threads. `ERR_DAMAGED_REPLY`: what a thread answered is not what this version of the addon writes. Any other
 * `code` is that of an error in the thread itself, such as `ERR_ADDON_NOT_LOADED`.
 */
export class WorkerError extends Error {
  /** `'ERR_WORKER_DIED'`, `'ERR_ACCESS_DENIED'`, `'ERR_ADDON_NOT_LOADED'`, `'ERR_DAMAGED_REPLY'`, or that of an error in the thread. */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether an error was made here, and is not what a caller's own getter, iterator or signal threw. */
export function isOurs(error: unknown): error is Error {
  return (
    error instanceof ProcessError ||
    error instanceof ClientClosedError ||
    error instanceof QueueFullError ||
    error instanceof WorkerError ||
    (error instanceof Error && isArgumentError(error))
  );
}

for (const type of [
  ProcessError,
  NoSuchProcessError,
  ZombieProcessError,
  AccessDeniedError,
  NotSupportedError,
  ClientClosedError,
  QueueFullError,
  WorkerError,
]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true });
}

/** @internal The error that a thread or a dead thread answered with, about `what` of this PID. */
export function revive(error: WireError, pid: number, what: string, root: string): Error {
  if ('failure' in error) return processError(error.failure, pid, what, root);
  const revived = new WorkerError(error.message, error.code);
  // Where it happened, in the thread, is worth more than where it was taken from the wire.
  if (error.stack !== '') {
    // Defined and not assigned, for a program may have frozen Error.prototype.
    const name = { value: error.name, configurable: true, enumerable: true, writable: true };
    revived.cause = withStack(Object.defineProperty(new Error(error.message), 'name', name), error.stack);
  }
  return revived;
}

/** @internal A failure that native reported, as an error of the right class. */
export function processError(failure: Failure, pid: number, what: string, root: string): ProcessError {
  const fields = { code: failure.code, errno: 0 - failure.errno, syscall: failure.syscall, pid };
  const from = `${failure.code}: ${DESCRIPTION[failure.kind] ?? systemMessage(failure)}, ${failure.syscall} (${subject(pid, what)}${where(root)})`;
  const about = failure.about ?? explanation(failure, what, root);
  switch (failure.kind) {
    case FailureKind.gone:
      return new NoSuchProcessError(from, fields);
    case FailureKind.zombie:
      return new ZombieProcessError(from, fields);
    case FailureKind.denied:
      return new AccessDeniedError(`${from}; ${about ?? REMEDY[failure.syscall] ?? remedy()}`, fields);
    case FailureKind.unsupported:
      // Whatever the system said, or nothing where it was not even asked: code and errno are of one error.
      return new NotSupportedError(about === undefined ? from : `${from}; ${about}`, {
        ...fields,
        code: 'ENOTSUP',
        errno: -ENOTSUP,
      });
    case FailureKind.system: {
      const next = NEXT[failure.code];
      return new ProcessError(next === undefined ? from : `${from}; ${next}`, fields);
    }
  }
}

/** @internal Whether nothing at all is supported, because the proc root is none. */
export function isRootRefused({ kind, syscall }: Pick<Failure, 'kind' | 'syscall'>): boolean {
  return kind === FailureKind.unsupported && syscall === 'statfs';
}

/** Why something is not supported, where that lies in the proc root. */
function explanation({ kind, syscall }: Failure, what: string, root: string): string | undefined {
  if (kind !== FailureKind.unsupported || capabilities().backend !== 'linux') return undefined;
  if (isRootRefused({ kind, syscall }))
    return `${root} is no proc filesystem and holds no recorded process: is one to be mounted there?`;
  if (what === 'startTime') return `${root}/stat, which has the time of boot, cannot be read`;
  return undefined;
}

/** A call that this client cannot carry out. */
export function notSupported(pid: number, what: string, why: string): NotSupportedError {
  return new NotSupportedError(`ENOTSUP: ${why}, ${subject(pid, what)}`, {
    code: 'ENOTSUP',
    errno: -ENOTSUP,
    syscall: what,
    pid,
  });
}

function subject(pid: number, what: string): string {
  return EVERY.has(what) ? `${what} of every process` : `${what} of PID ${pid}`;
}

/** The proc root, on systems that have one. */
function where(root: string): string {
  return capabilities().reading === 'procfs' ? ` in ${root}` : '';
}

/** Calls that are about no process in particular. */
const EVERY: ReadonlySet<string> = new Set(['pids', 'scan']);

function systemMessage(failure: Failure): string {
  return getSystemErrorMap().get(-failure.errno)?.[1] ?? 'system error';
}

const ENOTSUP = -([...getSystemErrorMap()].find(([, [name]]) => name === 'ENOTSUP')?.[0] ?? -95);

const DESCRIPTION: { readonly [kind in FailureKind]?: string } = {
  [FailureKind.gone]: 'no such process',
  [FailureKind.zombie]: 'the process has ended and waits for its parent; the system no longer tells this',
  [FailureKind.denied]: 'not permitted',
  [FailureKind.unsupported]: 'not supported by this platform, kernel or procRoot',
};

function remedy(): string {
  const hidden = capabilities().backend === 'linux' ? ', or look whether /proc is mounted with hidepid' : '';
  return `run as its user or as root${hidden}`;
}

/** What to do about errors of the system that come from how it is set up. */
const NEXT: { readonly [code: string]: string } = {
  EMFILE: 'this program has as many files open as it may: close some, or raise its limit with `ulimit -n` or rlimit()',
  ENFILE: 'the system has as many files open as it may: close some, or raise fs.file-max',
  ENOENT: 'is the proc filesystem mounted there?',
};

const REMEDY: { readonly [syscall: string]: string } = {
  prlimit64: "a hard limit is raised, or another user's process changed, only with CAP_SYS_RESOURCE",
};
