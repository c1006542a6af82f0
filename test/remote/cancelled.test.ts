import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { createClient } from 'psutil-extra';
import { createRemoteClient, createResponder, encodeScan, type RemoteConnection } from 'psutil-extra/remote';
import { afterAll, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';
import { EVERYTHING, Loopback } from './loopback.js';

const local = createClient({ threads: 1 });
const responder = createResponder(local, { allow: EVERYTHING });
const { description } = responder;
afterAll(() => local.close());

/** A host that answers no request before it is let. */
class Held implements RemoteConnection {
  readonly description = description;
  readonly messages: Uint8Array[] = [];
  release!: () => void;
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  async *request(message: Uint8Array, { signal }: { readonly signal: AbortSignal | undefined }) {
    this.messages.push(message);
    await this.#released;
    yield* responder.handle(message, { signal });
  }
}

describe('a change that its caller has given up', () => {
  test('is not made by a responder that is asked for its first part only now', async () => {
    using other = await sleeper();
    const held = new Held();
    const client = createRemoteClient(held);
    const killed = rejection(client.kill(other.pid, 'SIGKILL'));
    await turn();
    const [message] = held.messages as [Uint8Array];
    const parts: Uint8Array[] = [];
    for await (const part of responder.handle(message, { signal: AbortSignal.abort() })) parts.push(part);
    expect(parts).toEqual([]);
    // A signal that had been sent would have ended it before this answer.
    expect(await local.state(other.pid)).not.toBe('zombie');
    await client.close();
    held.release();
    await killed;
    expect(other.running).toBe(true);
  });

  test.each([
    ['alone', (signal: AbortSignal) => ({ signal })],
    ['in a oneshot', (signal: AbortSignal) => ({ signal, scoped: true })],
  ])('is not sent later, %s, when others make way for it', async (_, how) => {
    using other = await sleeper();
    const held = new Held();
    const client = createRemoteClient(held);
    const before = await local.nice(other.pid);
    const most = 32;
    const waiting = Array.from({ length: most }, (_each, i) => client.kill(2 ** 22 + 1 + i, 0).catch(() => {}));
    await turn();
    expect(held.messages).toHaveLength(most);
    const abort = new AbortController();
    const { signal, scoped } = how(abort.signal) as { signal: AbortSignal; scoped?: boolean };
    const change = (on: { setNice: typeof client.setNice }) => on.setNice(other.pid, before + 5, { signal });
    const error = rejection(scoped ? client.oneshot(other.pid, () => change(client)) : change(client));
    await turn();
    abort.abort();
    expect((await error).name).toBe('AbortError');
    held.release();
    await Promise.all(waiting);
    expect(await client.nice(other.pid)).toBe(before);
    // The read is one more, and the change none.
    expect(held.messages).toHaveLength(most + 1);
    await client.close();
  });
});

test('an answer is given up by a signal with any reason', async () => {
  const abort = new AbortController();
  const first = responder.handle(encodeScan({ fields: ['name', 'fds'] }), { signal: abort.signal }).next();
  abort.abort(null);
  expect(await first).toEqual({ done: true, value: undefined });
});

test('a signal that lives long collects nothing of the calls that were made with it', async () => {
  const client = createRemoteClient(new Loopback(local));
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++) await client.scan({ fields: ['pgid'], pids: [1], signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  const dependants = Object.getOwnPropertySymbols(signal).find(({ description: name }) => name?.includes('Dependant'));
  const kept = dependants && (signal as never as Record<symbol, Set<unknown> | undefined>)[dependants];
  expect(kept?.size ?? 0).toBe(0);
  await client.close();
});
