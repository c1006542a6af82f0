/** Waits for `work`, or rejects with the signal's reason as soon as it is aborted. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    // The work itself may have aborted the signal before its first await: no event follows for that.
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // A signal may live as long as a server, and must not collect a listener for each call.
    signal.removeEventListener('abort', onAbort as () => void);
  }
}

/** The error of an aborted iterator, as `events.on()` of Node throws it. */
export function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.defineProperties(error, {
    name: { value: 'AbortError', configurable: true, writable: true },
    code: { value: 'ABORT_ERR', configurable: true, enumerable: true, writable: true },
  });
}
