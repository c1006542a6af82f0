/**
 * Whether the caller has a descriptor of a message from now on: the client that has opened it, or the thread that waits with it.
 * Only one of them takes it, and closes it, whatever else happens to the message and to the thread.
 */
export function takeHeld(taken: Int32Array, index: number): boolean {
  return Atomics.exchange(taken, index, 1) === 0;
}

/** For a message of so many descriptors, of which none has been taken. */
export function noneTaken(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}
