/**
 * Keeps reads and writes of one PID in the order in which they were requested. Only a write needs that: while none is under
 * way there is no queue, and reads are not delayed.
 */
export class WriteBarriers {
  readonly #queues = new Map<number, Queue>();

  /** Whether any write is under way. */
  get isBusy(): boolean {
    return this.#queues.size > 0;
  }

  /** Whether a write to this PID is under way: values that were read before it are out of date. */
  isWriting(pid: number): boolean {
    return this.#queues.has(pid);
  }

  /** Reads at once, or after the last write that was requested before. */
  read<T>(pid: number, read: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(pid);
    if (queue === undefined) return read();
    const reading = queue.write.then(read);
    queue.reads.push(reading);
    return reading;
  }

  /** Writes after everything that was requested before: the `reads` that are under way, and the queue. */
  write<T>(pid: number, reads: readonly Promise<unknown>[], write: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(pid);
    const writing = this.#after([...reads, ...(before === undefined ? [] : [before.write, ...before.reads])], write);
    const queue: Queue = { write: settled(writing), reads: [] };
    this.#queues.set(pid, queue);
    void this.#leave(pid, queue);
    return writing;
  }

  async #after<T>(before: readonly Promise<unknown>[], write: () => Promise<T>): Promise<T> {
    await Promise.allSettled(before);
    return write();
  }

  async #leave(pid: number, queue: Queue): Promise<void> {
    await queue.write;
    if (this.#queues.get(pid) === queue) this.#queues.delete(pid);
  }
}

/** The last write to a PID, which never rejects, and the reads that were requested after it. */
interface Queue {
  readonly write: Promise<unknown>;
  readonly reads: Promise<unknown>[];
}

/** Resolves when the promise settles. Its own caller gets the error; those in the queue only wait. */
function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(nothing, nothing);
}

function nothing(): void {}
