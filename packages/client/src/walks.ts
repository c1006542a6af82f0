import { type Failure, FailureKind } from '@psutil-extra/worker';
import { capabilities, refusalOfWalk } from './capabilities.js';
import type { Source } from './options.js';

/**
 * Decides whether scans of every process, and calls for a good part of them, walk (on Linux: BPF) or go through the
 * list of PIDs, as the client's `source` says. What a thread was refused is remembered, so that it is tried once.
 */
export class Walks {
  readonly #source: Source;
  readonly #ownRoot: boolean;
  #begun = 0;
  #refused: Failure | undefined;
  /** Processes that there were lately. */
  #processes = Number.POSITIVE_INFINITY;

  constructor(source: Source, ownRoot: boolean) {
    this.#source = source;
    this.#ownRoot = ownRoot;
  }

  /** Why not; null where they work, as far as is known. */
  get refusal(): Failure | null {
    if (capabilities().walk === null) return { ...NOT_HERE, about: 'there is BPF on Linux alone' };
    if (!this.#ownRoot) return { ...NOT_HERE, about: "BPF tells of this PID namespace's own /proc alone" };
    return this.#refused ?? refusalOfWalk();
  }

  /** Whether a scan that begins now walks. With the source 'bpf' it does, and fails where it cannot. */
  areTaken(): boolean {
    return this.#source === 'bpf' || (this.#source === 'auto' && this.refusal === null);
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

  /**
   * A thread was refused. True where the scan is to go through the list of PIDs instead. That there was no
   * descriptor left, say, is no reason to do without from now on.
   */
  refuse(failure: Failure): boolean {
    if (failure.kind !== FailureKind.system) this.#refused = failure;
    return this.#source === 'auto';
  }
}

/** By how much, see bench/results.md: by more, but a walk brings nothing before its end. */
const CHEAPER = 4;
/** What a thread pays for its first walk, and more. */
const LEAST_ASKED = 1024;
const NOT_HERE: Failure = { kind: FailureKind.unsupported, errno: 0, code: 'ENOTSUP', syscall: 'bpf' };
