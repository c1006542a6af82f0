/**
 * What an iterable has, until a signal aborts: then it throws the signal's reason at once, although the next value is awaited.
 * The iterator is asked to end, and not waited for, because it may be busy for ever.
 */
export async function* interruptible<T>(
  all: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* all;
    return;
  }
  const iterator = asynchronous(all);
  let isOpen = true;
  try {
    for (;;) {
      const next = await unlessAborted(() => nextOf(iterator), signal);
      isOpen = next.done !== true;
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    // An iterator that has thrown has ended.
    isOpen = false;
    if (signal.aborted) void ended(iterator).catch(() => undefined);
    throw error;
  } finally {
    if (isOpen) await ended(iterator);
  }
}

/**
 * What is begun, unless a signal aborts before. Not by Promise.race(): a promise of the whole signal would hold all that has
 * been awaited beside it.
 */
function unlessAborted<T>(begin: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    begin()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

async function nextOf<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  return iterator.next();
}

async function ended(iterator: AsyncIterator<unknown>): Promise<unknown> {
  return iterator.return?.();
}

/** As `for await` takes it. */
function asynchronous<T>(all: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in all) return all[Symbol.asyncIterator]();
  return (async function* () {
    yield* all;
  })();
}
