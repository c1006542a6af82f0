import type { Attached, Reply } from '@psutil-extra/worker';
import type { Counters } from '../observe/stats.js';
import type { ScopePorts } from './backend.js';
import type { Pool } from './pool.js';
import { threadDied } from './thread-death.js';
import { ThreadPort } from './thread-port.js';

/**
 * A port to each thread. A oneshot scope sends its requests to the thread that holds its cache,
 * which a queue could not choose.
 */
export class ThreadPorts implements ScopePorts {
  readonly #counters: Counters;
  readonly #pool: Pool;
  readonly #ports = new Map<number, ThreadPort>();
  #attaching: Promise<Reply<unknown>> | undefined;

  constructor(pool: Pool, counters: Counters) {
    this.#pool = pool;
    this.#counters = counters;
  }

  /** The port with the fewest open scopes, or why there is none. */
  async pick(): Promise<Reply<ThreadPort>> {
    if (this.#ports.size === 0) {
      const attached = await this.#attachOnce();
      if (!attached.ok) return attached;
    }
    const leastBusy = this.#leastBusy();
    // Later scopes use threads that start later, or that start now because this one is busy.
    if (this.#ports.size < this.#pool.threads && leastBusy !== undefined) {
      if (this.#pool.hasBeside(this.#ports)) void this.#attachOnce();
      else if (leastBusy.isBusy) this.#pool.grow();
    }
    // It may have died while it was being attached.
    return leastBusy === undefined
      ? threadDied(new Error('it was just started'))
      : { ok: true, value: leastBusy.picked() };
  }

  #leastBusy(): ThreadPort | undefined {
    let leastBusy: ThreadPort | undefined;
    for (const port of this.#ports.values())
      if (leastBusy === undefined || port.scopes < leastBusy.scopes) leastBusy = port;
    return leastBusy;
  }

  close(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  /** Attaches one port at a time. */
  #attachOnce(): Promise<Reply<unknown>> {
    this.#attaching ??= this.#attach();
    return this.#attaching;
  }

  /** Attaches a thread that has no port here. If the one that answers has one, its second port is closed. */
  async #attach(): Promise<Reply<unknown>> {
    this.#counters.messages++;
    const reply = await this.#pool.attach(this.#ports);
    this.#attaching = undefined;
    if (reply.ok) this.#keep(reply.value);
    return reply;
  }

  #keep({ threadId, port }: Attached): void {
    if (this.#ports.has(threadId)) {
      port.close();
      return;
    }
    const kept = new ThreadPort(port, this.#pool, this.#counters, () => {
      if (this.#ports.get(threadId) === kept) this.#ports.delete(threadId);
    });
    this.#ports.set(threadId, kept);
  }
}
