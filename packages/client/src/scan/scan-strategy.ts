import { type Failure, FailureKind } from '@psutil-extra/native/protocol';
import { capabilitiesOf, type Origin, refusalOfWalk } from '../support/capabilities.js';
import type { Source } from './source-option.js';

/**
 * Decides whether scans of every process, and calls for a good part of them, use an iterator of the kernel (on Linux: BPF) or
 * the list of PIDs, as the client's `source` says. Only a refusal that lasts is remembered, such as a kernel that is too
 * old: privileges come and go, mounts change, and a lack of descriptors or memory passes.
 */
export class ScanStrategy {
  readonly #source: Source;
  readonly #isOwnRoot: boolean;
  readonly #origin: Origin;
  #lastNumber = 0;
  #lasting: Failure | undefined;
  /** The last check found no refusal, and no thread was refused since. */
  #isClear = false;
  /** How many processes the last list or scan found. */
  #processes = Number.POSITIVE_INFINITY;

  constructor(source: Source, isOwnRoot: boolean, origin: Origin) {
    this.#source = source;
    this.#isOwnRoot = isOwnRoot;
    this.#origin = origin;
  }

  /** Why the iterator does not work now; null if it works, as far as that is known without trying. */
  get refusal(): Failure | null {
    if (this.#origin.machine !== undefined) return { ...NOT_HERE, about: 'the machine itself chooses how it reads' };
    if (capabilitiesOf(this.#origin).walk === null) return { ...NOT_HERE, about: 'there is BPF on Linux alone' };
    if (!this.#isOwnRoot) return { ...NOT_HERE, about: "BPF reads only this PID namespace's own /proc" };
    if (this.#lasting !== undefined) return this.#lasting;
    // A thread checks everything else that may have changed before each use. This is one system call, and reads no file.
    if (this.#isClear) return refusalOfWalk(true);
    const refusal = refusalOfWalk(false);
    if (refusal?.lasts) this.#lasting = refusal;
    this.#isClear = refusal === null;
    return refusal;
  }

  /**
   * Why the iterator need not be tried. If the last check found no refusal, the thread is asked all the same: if it is no longer
   * permitted, it then closes its iterator.
   */
  get foreseenRefusal(): Failure | null {
    return this.#isClear ? null : this.refusal;
  }

  /** Whether a scan that begins now uses the iterator. With the source 'bpf' it does, and rejects if that fails. */
  usesIterator(): boolean {
    return this.#source === 'bpf' || (this.#source === 'auto' && this.foreseenRefusal === null);
  }

  /** Learns how many processes there are. */
  learn(processes: number): void {
    this.#processes = processes;
  }

  /** Whether reading every process by the iterator is faster than reading so many one by one. */
  paysFor(requested: number): boolean {
    return requested >= MIN_REQUESTED && requested * CHEAPER >= this.#processes && this.usesIterator();
  }

  /** The number of a new scan by a cursor. */
  nextNumber(): number {
    return ++this.#lastNumber;
  }

  /** A thread was refused. Returns whether the scan shall use the list of PIDs instead. */
  refuse(failure: Failure): boolean {
    if (failure.lasts) this.#lasting = failure;
    this.#isClear = false;
    return this.#source === 'auto';
  }
}

/**
 * By how much the iterator counts as faster for each process. It is faster than that, see bench/results.md, but answers only
 * at its end.
 */
const CHEAPER = 4;
/** More than what a thread pays for its first use of the iterator. */
const MIN_REQUESTED = 1024;
const NOT_HERE: Failure = { kind: FailureKind.unsupported, errno: 0, code: 'ENOTSUP', syscall: 'bpf' };
