import { type Failure, FailureKind } from '@psutil-extra/native/protocol';
import { capabilities, refusalOfWalk } from '../support/capabilities.js';
import type { Source } from '../support/options.js';

/**
 * Decides whether scans of every process, and calls for a good part of them, walk (on Linux: BPF) or go through the
 * list of PIDs, as the client's `source` says. Only what lasts is remembered, such as a kernel that is too old: privileges
 * come and go, mounts change, and a lack of descriptors or memory passes.
 */
export class Walks {
  readonly #source: Source;
  readonly #ownRoot: boolean;
  #begun = 0;
  #lasting: Failure | undefined;
  /** Nothing stood in the way when it was last looked at, and no thread was refused since. */
  #isClear = false;
  /** Processes that there were lately. */
  #processes = Number.POSITIVE_INFINITY;

  constructor(source: Source, ownRoot: boolean) {
    this.#source = source;
    this.#ownRoot = ownRoot;
  }

  /** Why not, as it is now; null where they work, as far as can be said without trying. */
  get refusal(): Failure | null {
    if (capabilities().walk === null) return { ...NOT_HERE, about: 'there is BPF on Linux alone' };
    if (!this.#ownRoot) return { ...NOT_HERE, about: "BPF tells of this PID namespace's own /proc alone" };
    if (this.#lasting !== undefined) return this.#lasting;
    // What else may have changed, a thread looks at before each walk; here it is a system call, and no file.
    if (this.#isClear) return refusalOfWalk(true);
    const refusal = refusalOfWalk(false);
    if (refusal?.lasts) this.#lasting = refusal;
    this.#isClear = refusal === null;
    return refusal;
  }

  /**
   * Why a walk need not be tried. What was clear is left to the thread: one that may no longer walk closes what it holds
   * for that when it is asked.
   */
  get foreseenRefusal(): Failure | null {
    return this.#isClear ? null : this.refusal;
  }

  /** Whether a scan that begins now walks. With the source 'bpf' it does, and fails where it cannot. */
  areTaken(): boolean {
    return this.#source === 'bpf' || (this.#source === 'auto' && this.foreseenRefusal === null);
  }

  /** So many processes were listed, or scanned. */
  learn(processes: number): void {
    this.#processes = processes;
  }

  /** Whether a walk over every process is quicker than reading these many of them one by one. */
  paysFor(asked: number): boolean {
    return asked >= LEAST_ASKED && asked * CHEAPER >= this.#processes && this.areTaken();
  }

  /** The number of a new walk. */
  begin(): number {
    return ++this.#begun;
  }

  /** A thread was refused. True where the scan is to go through the list of PIDs instead. */
  refuse(failure: Failure): boolean {
    if (failure.lasts) this.#lasting = failure;
    this.#isClear = false;
    return this.#source === 'auto';
  }
}

/** By how much, see bench/results.md: by more, but a walk brings nothing before its end. */
const CHEAPER = 4;
/** What a thread pays for its first walk, and more. */
const LEAST_ASKED = 1024;
const NOT_HERE: Failure = { kind: FailureKind.unsupported, errno: 0, code: 'ENOTSUP', syscall: 'bpf' };
