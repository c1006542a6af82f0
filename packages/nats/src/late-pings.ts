/** So long late answers are still taken. */
const LATE_MS = 60_000;
/** A program may ask each second who is there. The answers to older pings are those to newer ones too. */
const MOST = 4;

/** Pings that have ended, and whose late answers are still taken. */
export class LatePings {
  readonly #open = new Map<() => void, NodeJS.Timeout>();

  /** Ends a ping later, by `stop`. Returns what ends it now. */
  add(stop: () => void): () => void {
    const end = () => {
      clearTimeout(this.#open.get(end));
      if (this.#open.delete(end)) stop();
    };
    this.#open.set(end, setTimeout(end, LATE_MS).unref());
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST) oldest?.();
    return end;
  }

  close(): void {
    for (const end of this.#open.keys()) end();
  }
}
