/**
 * Listens to the signals of many calls, to each signal once: of thousands of waits with one signal each listener would cost
 * memory, and Node warns of more than ten.
 */
export class AbortListeners {
  readonly #signals = new Map<AbortSignal, Set<(reason: unknown) => void>>();

  /** Calls back when the signal is aborted; the function that is returned ends that. */
  listen(signal: AbortSignal | undefined, onAbort: (reason: unknown) => void): () => void {
    if (signal === undefined) return nothing;
    const listening = this.#listeningTo(signal);
    listening.add(onAbort);
    return () => {
      listening.delete(onAbort);
      if (listening.size > 0 || this.#signals.get(signal) !== listening) return;
      this.#signals.delete(signal);
      signal.removeEventListener('abort', this.#onAbort);
    };
  }

  #listeningTo(signal: AbortSignal): Set<(reason: unknown) => void> {
    let listening = this.#signals.get(signal);
    if (listening === undefined) {
      listening = new Set();
      this.#signals.set(signal, listening);
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    return listening;
  }

  readonly #onAbort = ({ target }: Event) => {
    const signal = target as AbortSignal;
    const listening = this.#signals.get(signal) ?? [];
    this.#signals.delete(signal);
    for (const onAbort of listening) onAbort(signal.reason);
  };
}

function nothing(): void {}
