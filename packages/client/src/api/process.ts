import { inspect } from 'node:util';
import type { Failure } from '@psutil-extra/native/protocol';
import type { KillTreeCall, KillTreeOptions } from '../actions/kill-tree-call.js';
import type { KilledProcess } from '../actions/tree-kill.js';
import type { IdentifyCall } from '../calls/identify-call.js';
import type { ChildrenOptions, RelativesCall } from '../relatives/relatives-call.js';
import type { CpuPercentCall } from '../sample/cpu-percent-call.js';
import type { CpuPercentOptions } from '../sample/sample-options.js';
import type { Field } from '../schema/fields.js';
import { type Identified, identityOf } from '../schema/identity.js';
import type { CallOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { NoSuchProcessError, processError } from '../support/errors.js';
import type { ExitStatus } from '../watch/exit-status.js';
import type { WaitCall } from '../watch/wait-call.js';
import { type BoundMethods, type ProcessCalls, ProcessMethods } from './process-methods.js';

/** A PID, or a process. */
export type Proc = number | Process;

/** Every field of a process as a method, except `startTime`, which is a property. */
export interface Process extends BoundMethods<Exclude<Field, 'startTime'>> {}

/**
 * One particular process: a PID, when its process began and, on Linux 6.9 and newer, a number that the kernel gives to no
 * other process. Once that process is gone, every read and write through it rejects with `NoSuchProcessError`, also if the
 * system has given the PID to another process. `client.process(pid)` returns it; it holds no resources. Every field is a
 * method except `startTime`, which is a property.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the field methods are made from the field table
export class Process extends ProcessMethods {
  /**
   * When it began: milliseconds since the epoch. If that is not known, because the `procRoot` has no `stat`, it throws a
   * `NotSupportedError`; everything else works.
   */
  declare readonly startTime: number;
  readonly #calls: Calls;
  readonly #startTime: number | Failure;
  readonly #identity: string;

  /** @internal Made by `client.process()`. */
  constructor(calls: Calls, { pid, start, startTime, boot }: Identified) {
    super(calls, pid, start);
    this.#calls = calls;
    this.#startTime = startTime;
    this.#identity = identityOf(boot, pid, start);
    if (typeof startTime === 'number') Object.defineProperty(this, 'startTime', { value: startTime, enumerable: true });
    else {
      Object.defineProperty(this, 'startTime', {
        get: () => {
          throw processError(startTime, pid, 'startTime', calls.origin);
        },
      });
    }
  }

  /**
   * A text that is the same for this process in every program until the system is started again, and that no other process has:
   * to be stored, and compared with that of a process that is found later. On Linux it has the boot id, the start in ticks and,
   * since 6.9, a part of the inode of the pidfd; before that the PID, and then only programs of one PID namespace agree. Other
   * systems have no boot id.
   */
  get identity(): string {
    return this.#identity;
  }

  /** Whether this process still has its PID. A zombie still has it, except on NetBSD, OpenBSD, DragonFly and illumos. */
  async isRunning(options?: CallOptions): Promise<boolean> {
    try {
      await this.#calls.identities.identify(this, options);
      return true;
    } catch (error) {
      if (error instanceof NoSuchProcessError) return false;
      throw error;
    }
  }

  /** Resolves when this process has ended. As `client.waitForExit()`; at once if it has ended already. */
  async waitForExit(options?: CallOptions): Promise<ExitStatus> {
    return this.#calls.waits.waitForExit(this, options);
  }

  /** Ends this process and all its descendants. As `client.killTree()`. */
  async killTree(options?: KillTreeOptions): Promise<KilledProcess[]> {
    return this.#calls.treeKills.killTree(this, options);
  }

  /**
   * How busy it is: its processor time in percent of one processor, measured over `interval` milliseconds. A process whose two
   * threads are busy has 200. Rejects with `NoSuchProcessError` if it ends meanwhile.
   */
  async cpuPercent(options?: CpuPercentOptions): Promise<number> {
    return this.#calls.cpuPercents.cpuPercent(this, options);
  }

  /** The process that has started it, or the one that has taken its place; `null` if that is not there, or not in this PID namespace. */
  async parent(options?: CallOptions): Promise<Process | null> {
    const parent = await this.#calls.relatives.parent(this, options);
    return parent === null ? null : new Process(this.#calls, parent);
  }

  /** Its parent, the parent's parent and so on, by one scan. */
  async parents(options?: CallOptions): Promise<Process[]> {
    return this.#processes(await this.#calls.relatives.parents(this, options));
  }

  /** Its children; with `recursive` all descendants, from the top down, by one scan. */
  async children(options?: ChildrenOptions): Promise<Process[]> {
    return this.#processes(await this.#calls.relatives.children(this, options));
  }

  #processes(identified: readonly Identified[]): Process[] {
    return identified.map((each) => new Process(this.#calls, each));
  }

  /** PID and start time, which distinguish it from processes that began in another clock tick; `null` if the time is not known. */
  toJSON(): { pid: number; startTime: number | null } {
    return { pid: this.pid, startTime: typeof this.#startTime === 'number' ? this.#startTime : null };
  }

  [inspect.custom](): string {
    const began = typeof this.#startTime === 'number' ? new Date(this.#startTime).toISOString() : 'not supported';
    return `Process { pid: ${this.pid}, startTime: ${began} }`;
  }
}

/** @internal The calls that a process makes. */
interface Calls extends ProcessCalls {
  readonly identities: IdentifyCall;
  readonly waits: WaitCall;
  readonly relatives: RelativesCall;
  readonly treeKills: KillTreeCall;
  readonly cpuPercents: CpuPercentCall;
  readonly origin: Origin;
}
