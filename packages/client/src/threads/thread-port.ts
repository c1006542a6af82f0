import type { MessagePort } from 'node:worker_threads';
import type { Reply, WorkerApi } from '@psutil-extra/worker';
import { type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import type { Counters } from '../observe/stats.js';
import { tracedRead } from '../observe/tracing.js';
import type { ScopePort } from './backend.js';
import { threadDied } from './thread-death.js';

/** The port to one thread's oneshot cache; no other file uses comlink. Its calls never reject and never hang. */
export class ThreadPort implements ScopePort {
  /** Open scopes. */
  scopes = 0;
  readonly #port: MessagePort;
  readonly #urgency: Urgency;
  readonly #counters: Counters;
  // Held: looking a method up on a comlink proxy makes another proxy each time.
  readonly #read: Remote<WorkerApi>['read'];
  readonly #act: Remote<WorkerApi>['act'];
  readonly #pending = new Set<(reply: Reply<never>) => void>();
  #ended: number[] = [];
  #dead = false;
  /** A scope has picked it for a call that it has not made yet. */
  #isPicked = false;

  constructor(port: MessagePort, urgency: Urgency, counters: Counters, onDeath: () => void) {
    this.#port = port;
    this.#urgency = urgency;
    this.#counters = counters;
    const remote = wrap<WorkerApi>(nodeEndpoint(port));
    this.#read = remote.read;
    this.#act = remote.act;
    // Comlink leaves a call to a dead thread pending for ever; the port emits an event.
    port.on('close', () => {
      this.#dead = true;
      for (const answer of this.#pending) answer(threadDied(new Error('its port was closed')));
      onDeath();
    });
    port.unref();
  }

  /** Whether calls wait for its thread, or will in this turn: scopes of one turn pick their threads before any of them calls. */
  get isBusy(): boolean {
    return this.#isPicked || this.#pending.size > 0;
  }

  picked(): this {
    this.#isPicked = true;
    return this;
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

  act(request: Omit<Parameters<WorkerApi['act']>[0], 'closed'>): Promise<ReturnType<WorkerApi['act']>> {
    return tracedRead(
      { op: 'act' },
      this.#call((closed) => this.#act({ ...request, closed })),
    );
  }

  /** A scope of this thread has ended: the next message says so. */
  end(scope: number): void {
    this.scopes--;
    this.#ended.push(scope);
    // If no message follows for a long time, one is sent for this: the thread must not keep caches for ever.
    if (this.#ended.length >= MAX_ENDED && !this.#dead) void this.read({ scope, pid: 0, start: 0, fields: 0 });
  }

  close(): void {
    this.#port.close();
  }

  #call<T>(send: (closed: number[]) => Promise<Reply<T>>): Promise<Reply<T>> {
    if (this.#dead) return Promise.resolve(threadDied(new Error('its port was closed')));
    this.#isPicked = false;
    const closed = this.#ended;
    this.#ended = [];
    this.#counters.messages++;
    // A port keeps the program alive while a call waits, and not longer.
    if (this.#pending.size === 0) this.#port.ref();
    this.#urgency.urgentSent();
    return new Promise((resolve) => {
      const answer = (reply: Reply<T>) => {
        if (!this.#pending.delete(answer)) return;
        this.#urgency.urgentDone();
        if (this.#pending.size === 0) this.#port.unref();
        resolve(reply);
      };
      this.#pending.add(answer);
      send(closed).then(answer, (error: Error) => answer(threadDied(error)));
    });
  }
}

/** Counts urgent requests, see `Pool`. */
interface Urgency {
  urgentSent(): void;
  urgentDone(): void;
}

const MAX_ENDED = 32;
