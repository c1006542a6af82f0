import { getSystemErrorMap } from 'node:util';
import { type Failure, FailureKind, FIELDS, type FieldRow } from '@psutil-extra/native/protocol';
import { type WireError, withStack } from '@psutil-extra/worker';
import { isArgumentError } from './arguments.js';
import { capabilitiesOf, type Origin } from './capabilities.js';

/** The error of the system, as in Node's own system errors. */
export interface ProcessErrorFields {
  /** The errno's name: `'ESRCH'`. */
  readonly code: string;
  /** The errno as Node counts, below zero: `-3`. */
  readonly errno: number;
  /** The system call that failed: `'open'`. */
  readonly syscall: string;
  /** The process that the call is about; 0 if it is about all. */
  readonly pid: number;
}

/** An error of the system while a process was read. */
export class ProcessError extends Error implements ProcessErrorFields {
  /** The errno's name: `'ESRCH'`. */
  readonly code: string;
  /** The errno as Node counts, below zero: `-3`. */
  readonly errno: number;
  /** The system call that failed: `'open'`. */
  readonly syscall: string;
  /** The process that the call is about; 0 if it is about all. */
  readonly pid: number;

  constructor(message: string, fields: ProcessErrorFields) {
    super(message);
    this.code = fields.code;
    this.errno = fields.errno;
    this.syscall = fields.syscall;
    this.pid = fields.pid;
  }
}

/** `ESRCH`: no process has this PID, its process has ended, or the PID belongs to another process than was meant. */
export class NoSuchProcessError extends ProcessError {}

/** `ESRCH`: the process has ended, its parent has not waited for it yet, and the system no longer reports this field. */
export class ZombieProcessError extends NoSuchProcessError {}

/** `EPERM` or `EACCES`: the caller is not permitted. */
export class AccessDeniedError extends ProcessError {}

/** `ENOTSUP`: this platform, kernel or `procRoot` does not report it. */
export class NotSupportedError extends ProcessError {}

/** `ERR_CLIENT_CLOSED`: the client was closed before the call, or before its answer. */
export class ClientClosedError extends Error {
  /** The same for all errors of this class. */
  readonly code = 'ERR_CLIENT_CLOSED';

  constructor() {
    super('the client is closed: make another one with createClient()');
  }
}

/** `ERR_QUEUE_FULL`: as many calls are waiting as `maxQueue` allows. */
export class QueueFullError extends Error {
  /** The same for all errors of this class. */
  readonly code = 'ERR_QUEUE_FULL';

  constructor(maxQueue: number) {
    super(`${maxQueue} calls are waiting already (maxQueue): await some of them, or raise it`);
  }
}

/**
 * `ERR_WORKER_DIED`: the thread that worked on the call has ended, for instance because it was out of memory; `cause` has
 * the error. Another thread has taken its place, so the call may be made again. `ERR_ACCESS_DENIED`: Node's permission
 * model allows no threads. `ERR_DAMAGED_REPLY`: a thread's answer is not in the format of this version. Any other `code` is
 * that of an error in the thread itself, such as `ERR_ADDON_NOT_LOADED`. Of another machine, it is also `ERR_REMOTE_VERSION`,
 * `ERR_REMOTE_BUSY`, `ERR_REMOTE_TOO_LARGE`, `ERR_REMOTE_REQUEST`, or the code of an error of the transport, which is the `cause`.
 */
export class WorkerError extends Error {
  /** `'ERR_WORKER_DIED'`, `'ERR_ACCESS_DENIED'`, `'ERR_ADDON_NOT_LOADED'`, `'ERR_DAMAGED_REPLY'`, or the code of an error in the thread. */
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether an error was created by this library, and not by a caller's own getter, iterator or signal. */
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

/** @internal The error of a reply, about `what` of this PID. */
export function errorFromWire(error: WireError, pid: number, what: string, origin: Origin): Error {
  if ('failure' in error) return processError(error.failure, pid, what, origin);
  const received = new WorkerError(error.message, error.code);
  if (error.cause !== undefined) received.cause = error.cause;
  // The stack in the thread is worth more than the stack of the code that received the error.
  else if (error.stack !== '') {
    // Defined and not assigned: a program may have frozen Error.prototype.
    const name = { value: error.name, configurable: true, enumerable: true, writable: true };
    received.cause = withStack(Object.defineProperty(new Error(error.message), 'name', name), error.stack);
  }
  return received;
}

/** @internal The error for a failure that the addon reported. */
export function processError(failure: Failure, pid: number, what: string, origin: Origin): ProcessError {
  const fields = { code: failure.code, errno: 0 - failure.errno, syscall: failure.syscall, pid };
  const from = `${failure.code}: ${DESCRIPTION[failure.kind] ?? systemMessage(failure, origin)}, ${failure.syscall} (${subject(pid, what)}${where(origin)})`;
  const about = failure.about ?? explanation(failure, what, origin);
  switch (failure.kind) {
    case FailureKind.gone:
      return new NoSuchProcessError(from, fields);
    case FailureKind.zombie:
      return new ZombieProcessError(from, fields);
    case FailureKind.denied:
      return new AccessDeniedError(`${from}; ${about ?? entryOf(REMEDY, failure.syscall) ?? remedy(origin)}`, fields);
    case FailureKind.unsupported:
      // The system may have reported another error, or none if it was not called: code and errno belong together.
      return new NotSupportedError(about === undefined ? from : `${from}; ${about}`, {
        ...fields,
        code: 'ENOTSUP',
        errno: -ENOTSUP,
      });
    case FailureKind.system: {
      const next =
        about ??
        (isLocked(failure, what) ? LOCKED : (entryOf(OF_CALL, failure.syscall) ?? entryOf(NEXT, failure.code)));
      return new ProcessError(next === undefined ? from : `${from}; ${next}`, fields);
    }
  }
}

/** @internal Whether nothing at all is supported, because the proc root is no proc filesystem. */
export function isRootRefused({ kind, syscall }: Pick<Failure, 'kind' | 'syscall'>): boolean {
  return kind === FailureKind.unsupported && syscall === 'statfs';
}

/** Why something is not permitted, or not supported because of the proc root, if that is known. */
function explanation({ kind, syscall }: Failure, what: string, origin: Origin): string | undefined {
  const { root } = origin;
  if (syscall === RESPONDER) return notAllowed(what);
  if (capabilitiesOf(origin).backend !== 'linux') return undefined;
  if (kind === FailureKind.denied && PTRACE.has(what)) return PTRACE_REMEDY;
  if (kind !== FailureKind.unsupported) return undefined;
  if (isRootRefused({ kind, syscall }))
    return `${root} is not a proc filesystem and contains no recorded processes; is procfs mounted there?`;
  if (what === 'startTime') return `${root}/stat, which has the time of boot, cannot be read`;
  return undefined;
}

/** @internal The `syscall` of what a machine's responder refuses by itself. */
export const RESPONDER = 'responder';

/** @internal What the host would have to do. */
export function notAllowed(...names: string[]): string {
  const list = names.map((name) => `'${name}'`).join(', ');
  return `the host would have to allow it: createResponder(client, { allow: [${list}] })`;
}

/** @internal The error of a call that this client does not support. */
export function notSupported(pid: number, what: string, why: string, origin?: Origin): NotSupportedError {
  const on = origin?.machine === undefined ? '' : ` on ${origin.machine.name}`;
  return new NotSupportedError(`ENOTSUP: ${why}, ${subject(pid, what)}${on}`, {
    code: 'ENOTSUP',
    errno: -ENOTSUP,
    syscall: what,
    pid,
  });
}

function subject(pid: number, what: string): string {
  return EVERY.has(what) ? `${what} of every process` : `${what} of PID ${pid}`;
}

/** The proc root, on systems that have one, and the machine if that is another. */
function where(origin: Origin): string {
  const { root, machine } = origin;
  const on = machine === undefined ? '' : ` on ${machine.name}`;
  return capabilitiesOf(origin).reading === 'procfs' ? ` in ${root}${on}` : on;
}

/** Calls that are about every process. */
const EVERY: ReadonlySet<string> = new Set(['pids', 'scan', 'events']);

function systemMessage(failure: Failure, { machine }: Origin): string {
  // The system's own words are of connections.
  if (failure.code === 'ETIMEDOUT') return 'timed out';
  // Numbers differ from system to system, names do not.
  if (machine !== undefined) return messageOf(failure.code) ?? 'system error';
  return getSystemErrorMap().get(-failure.errno)?.[1] ?? 'system error';
}

function messageOf(code: string): string | undefined {
  for (const [name, message] of getSystemErrorMap().values()) if (name === code) return message;
  return undefined;
}

const ENOTSUP = -([...getSystemErrorMap()].find(([, [name]]) => name === 'ENOTSUP')?.[0] ?? -95);

const DESCRIPTION: { readonly [kind in FailureKind]?: string } = {
  [FailureKind.gone]: 'no such process',
  [FailureKind.zombie]: 'the process has ended and waits for its parent; the system no longer reports this',
  [FailureKind.denied]: 'not permitted',
  [FailureKind.unsupported]: 'not supported by this platform, kernel or procRoot',
};

function remedy(origin: Origin): string {
  const hidden = capabilitiesOf(origin).backend === 'linux' ? ', or look whether /proc is mounted with hidepid' : '';
  return `run as its user or as root${hidden}`;
}

/** Fields for which Linux checks what ptrace(2) is checked for. */
const PTRACE: ReadonlySet<string> = new Set(FIELDS.filter(({ ptrace }: FieldRow) => ptrace).map(({ name }) => name));
const PTRACE_REMEDY =
  "reading this from another user's process, or from one with more capabilities, requires CAP_SYS_PTRACE (and CAP_DAC_READ_SEARCH if only the owner may open the file); a security module such as Yama (kernel.yama.ptrace_scope) may still deny it";

/** The names come from the system, or from another machine: that of a method of all objects is no entry. */
function entryOf(table: { readonly [name: string]: string }, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Whether the memory map of the process is locked: only these fields wait for it. */
function isLocked({ code }: Failure, what: string): boolean {
  return code === 'ETIMEDOUT' && OF_MEMORY.has(what);
}

const OF_MEMORY: ReadonlySet<string> = new Set(['cmdline', 'environ', 'memoryMaps', 'memoryFootprint']);

const LOCKED =
  'its memory map is locked: a thread of it waits in the kernel, as in munmap() of a file on a file system that does not answer. Look at `cat /proc/PID/task/*/stack`, or raise stallTimeout where the process is only slow';

/** What to do about errors that come from the configuration of the system. */
const NEXT: { readonly [code: string]: string } = {
  EMFILE: 'this program has as many files open as it may: close some, or raise its limit with `ulimit -n` or rlimit()',
  ENFILE: 'the system has as many files open as it may: close some, or raise fs.file-max',
  ENOENT: 'is the proc filesystem mounted there?',
};

const OF_CALL: typeof NEXT = {
  execve: 'it executed another program each time that it was read: try again later',
};

const REMEDY: { readonly [syscall: string]: string } = {
  prlimit64: "raising a hard limit, or changing another user's process, requires CAP_SYS_RESOURCE",
  setpriority: "lowering a nice value beyond RLIMIT_NICE, or changing another user's process, requires CAP_SYS_NICE",
  ioprio_set: "setting the class realtime, or changing another user's process, requires CAP_SYS_NICE",
  sched_setaffinity: "changing another user's process requires CAP_SYS_NICE",
  sched_setscheduler:
    "raising a policy or priority beyond RLIMIT_RTPRIO, or changing another user's process, requires CAP_SYS_NICE",
  pidfd_open:
    'a filter of system calls (seccomp) denies it to this program: the profile of its container has to allow it',
  pidfd_send_signal: "signalling another user's process requires CAP_KILL",
  write: 'setting a score below the lowest value set by a privileged process requires CAP_SYS_RESOURCE',
};
