import { ReadFlag } from '@psutil-extra/native/protocol';
import type { ActRequest, ReadRequest, Reply, ScopedAnswer } from '@psutil-extra/worker';
import type { Counters } from '../observe/stats.js';
import type { Backend, ScopePort, ScopePorts } from '../threads/backend.js';

/**
 * Oneshot scopes of another machine. Nothing is kept for them there: what a scope has read is in its own cache, and another of its
 * reads is an ordinary one.
 */
export class RemotePorts implements ScopePorts {
  readonly #port: ScopePort;

  constructor(backend: Backend, counters: Counters) {
    this.#port = {
      scopes: 0,
      dead: false,
      read: async ({ pid, start, fields }): Promise<Reply<ScopedAnswer>> => {
        counters.messages++;
        const flags = ReadFlag.wholeSources;
        const reply = await backend.run<ReadRequest>({ op: 'read', pids: pid, starts: start, fields, flags });
        // Of the other fields the scope has what it has read first.
        return reply.ok ? { ok: true, value: [{ buffer: reply.value as ArrayBuffer, fields }] } : reply;
      },
      act: ({ pid, start, action }, signal) => {
        counters.messages++;
        return backend.run<ActRequest>({ op: 'act', pid, start, action }, undefined, signal);
      },
      end: () => {
        this.#port.scopes--;
      },
    };
  }

  pick(): Promise<Reply<ScopePort>> {
    return Promise.resolve({ ok: true, value: this.#port });
  }

  close(): void {}
}
