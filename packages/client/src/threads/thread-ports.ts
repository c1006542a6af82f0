import type { MessagePort } from 'node:worker_threads';
import type { Attached, Reply, WorkerApi } from '@psutil-extra/worker';
import { type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import type { Counters } from '../observe/stats.js';
import { tracedRead } from '../observe/tracing.js';
import type { Dispatcher } from './dispatcher.js';
import type { Pool } from './pool.js';
import { threadDied } from './thread-death.js';

/**
 * A port to each thread; no other file uses comlink. A oneshot scope sends its requests to the thread that holds its cache,
 * which a queue could not choose.
 */
export class ThreadPorts {
  readonly #dispatcher: Dispatcher;
  readonly #counters: Counters;
  readonly #pool: Pool;
  readonly #ports = new Map<number, ThreadPort>();
  #attaching: Promise<Reply<unknown>> | undefined;

  constructor(pool: Pool, dispatcher: Dispatcher, counters: Counters) {
    this.#pool = pool;
    this.#dispatcher = dispatcher;
    this.#counters = counters;
  }

  /** The port with the fewest open scopes, or why there is none. */
  async pick(): Promise<Reply<ThreadPort>> {
    if (this.#ports.size === 0) {
      const attached = await this.#attachOnce();
      if (!attached.ok) return attached;
    }
    const least = this.#least();
    // Later scopes use threads that start later, or that start now because this one is busy.
    if (this.#ports.size < this.#pool.threads && least !== undefined) {
      if (this.#pool.hasBeside(this.#ports)) void this.#attachOnce();
      else if (least.isBusy) this.#pool.grow();
    }
    // It may have died while it was being attached.
    return least === undefined ? threadDied(new Error('it was just started')) : { ok: true, value: least };
  }

  #least(): ThreadPort | undefined {
    let least: ThreadPort | undefined;
    for (const port of this.#ports.values()) if (least === undefined || port.scopes < least.scopes) least = port;
    return least;
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
    const reply = await this.#dispatcher.attach(this.#ports);
    this.#attaching = undefined;
    if (reply.ok) this.#keep(reply.value);
    return reply;
  }

  #keep({ threadId, port }: Attached): void {
    if (this.#ports.has(threadId)) {
      port.close();
      return;
    }
    const kept = new ThreadPort(port, this.#dispatcher, this.#counters, () => {
      if (this.#ports.get(threadId) === kept) this.#ports.delete(threadId);
    });
    this.#ports.set(threadId, kept);
  }
}

/** The port to one thread's oneshot cache. Its calls never reject and never hang. */
export class ThreadPort {
  /** Open scopes. */
  scopes = 0;
  readonly #port: MessagePort;
  readonly #dispatcher: Dispatcher;
  readonly #counters: Counters;
  // Held: looking a method up on a comlink proxy makes another proxy each time.
  readonly #read: Remote<WorkerApi>['read'];
  readonly #set: Remote<WorkerApi>['set'];
  readonly #pending = new Set<(reply: Reply<never>) => void>();
  #ended: number[] = [];
  #dead = false;

  constructor(port: MessagePort, dispatcher: Dispatcher, counters: Counters, onDeath: () => void) {
    this.#port = port;
    this.#dispatcher = dispatcher;
    this.#counters = counters;
    const remote = wrap<WorkerApi>(nodeEndpoint(port));
    this.#read = remote.read;
    this.#set = remote.set;
    // Comlink leaves a call to a dead thread pending for ever; the port emits an event.
    port.on('close', () => {
      this.#dead = true;
      for (const answer of this.#pending) answer(threadDied(new Error('its port was closed')));
      onDeath();
    });
    port.unref();
  }

  /** Whether calls wait for its thread. */
  get isBusy(): boolean {
    return this.#pending.size > 0;
  }

  get dead(): boolean {
    return this.#dead;
  }

  read(request: Omit<Parameters<WorkerApi['read']>[0], 'closed'>): Promise<ReturnType<WorkerApi['read']>> {
    return tracedRead(
      { op: 'read', fields: request.fields },
      this.#call((closed) => this.#read({ ...request, closed })),
    );
  }

  set(request: Omit<Parameters<WorkerApi['set']>[0], 'closed'>): Promise<ReturnType<WorkerApi['set']>> {
    return tracedRead(
      { op: 'set' },
      this.#call((closed) => this.#set({ ...request, closed })),
    );
  }

  /** A scope of this thread has ended: the next message says so. */
  end(scope: number): void {
    this.scopes--;
    this.#ended.push(scope);
    // If none comes for a long time, a message is sent for that: the thread must not keep caches for ever.
    if (this.#ended.length >= MAX_ENDED && !this.#dead) void this.read({ scope, pid: 0, start: 0, fields: 0 });
  }

  close(): void {
    this.#port.close();
  }

  #call<T>(send: (closed: number[]) => Promise<Reply<T>>): Promise<Reply<T>> {
    if (this.#dead) return Promise.resolve(threadDied(new Error('its port was closed')));
    const closed = this.#ended;
    this.#ended = [];
    this.#counters.messages++;
    // A port keeps the program alive while a call waits, and not longer.
    if (this.#pending.size === 0) this.#port.ref();
    this.#dispatcher.urgentSent();
    return new Promise((resolve) => {
      const answer = (reply: Reply<T>) => {
        if (!this.#pending.delete(answer)) return;
        this.#dispatcher.urgentDone();
        if (this.#pending.size === 0) this.#port.unref();
        resolve(reply);
      };
      this.#pending.add(answer);
      send(closed).then(answer, (error: Error) => answer(threadDied(error)));
    });
  }
}

const MAX_ENDED = 32;
