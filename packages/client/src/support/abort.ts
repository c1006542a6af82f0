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

/**
 * A signal that aborts with the first of these, until `leave()` is called. `AbortSignal.any()` would leave something in each of
 * them for ever, and one may live as long as a server.
 */
export function firstAbort(...signals: readonly AbortSignal[]): {
  readonly signal: AbortSignal;
  readonly leave: () => void;
} {
  const controller = new AbortController();
  const pass = () => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const each of signals) each.addEventListener('abort', pass);
  if (signals.some(({ aborted }) => aborted)) pass();
  const leave = () => {
    for (const each of signals) each.removeEventListener('abort', pass);
  };
  return { signal: controller.signal, leave };
}

/** The error of an aborted iterator, as `events.on()` of Node throws it. */
export function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.defineProperties(error, {
    name: { value: 'AbortError', configurable: true, writable: true },
    code: { value: 'ABORT_ERR', configurable: true, enumerable: true, writable: true },
  });
}
