/** Waits for `work`, or rejects with the signal's reason as soon as it is aborted. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    // The work itself may have aborted it before its first await: no event comes for that any more.
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // A signal that lives as long as a server must not collect a listener a call.
    signal.removeEventListener('abort', onAbort as () => void);
  }
}
