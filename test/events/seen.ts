import type { Client, ProcessEvent } from 'psutil-extra';
import { until } from '../processes/until.js';

/** Takes every event of a client from now on, until it goes out of scope. */
export class Seen implements AsyncDisposable {
  readonly events: ProcessEvent[] = [];
  readonly #stream: AsyncIterableIterator<ProcessEvent>;
  readonly #ended: Promise<unknown>;
  #error: unknown;

  private constructor(client: Client) {
    this.#stream = client.events();
    this.#ended = this.#take();
  }

  /** Resolves when events are reported: the first that it sees is that of a process which it starts itself. */
  static async from(client: Client, start: () => void): Promise<Seen> {
    const seen = new Seen(client);
    await until('events are reported', () => {
      if (seen.#error !== undefined) throw seen.#error;
      if (seen.events.length === 0) start();
      return seen.events.length > 0;
    });
    return seen;
  }

  /** The events of a process so far. */
  of(pid: number): ProcessEvent[] {
    return this.events.filter((event) => event.kind !== 'lost' && event.pid === pid);
  }

  /** The events of a process up to its end. */
  async ended(pid: number): Promise<ProcessEvent[]> {
    await until(`the end of ${pid} is reported`, () => this.of(pid).some(({ kind }) => kind === 'exit'));
    return this.of(pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream.return?.();
    await this.#ended;
  }

  async #take(): Promise<void> {
    try {
      for await (const event of this.#stream) this.events.push(event);
    } catch (error) {
      this.#error = error;
    }
  }
}
