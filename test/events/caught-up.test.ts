import { spawnSync } from 'node:child_process';
import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import { checkClientOptions } from '../../packages/client/dist/api/client-options.js';
import { Runtime } from '../../packages/client/dist/api/runtime.js';
import type { KernelSubscription } from '../../packages/client/dist/watch/event-consumer.js';
import { EventThread } from '../../packages/worker/dist/event-thread.js';
import { noEvents, SOURCES } from './sources.js';

/** A consumer of a client's events, once these are reported. */
async function consumerOf(runtime: Runtime) {
  const received: RawEvent[] = [];
  const subscription = await new Promise<KernelSubscription>((resolve, reject) => {
    const made: KernelSubscription = runtime.lazy.kernelEvents.add({
      opened: () => resolve(made),
      received: (events) => void received.push(...events),
      failed: reject,
      closed() {},
    });
    made.hold();
  });
  return { subscription, received };
}

describe.each(SOURCES)('a consumer of events by $name', ({ options, lacking }) => {
  test('has received all that has happened when it has caught up', async ({ skip }) => {
    skip(...lacking);
    const runtime = new Runtime(checkClientOptions(options));
    const { subscription, received } = await consumerOf(runtime);
    for (let i = 0; i < 20; i++) {
      const { pid } = spawnSync('/bin/true');
      await subscription.caughtUp();
      const kinds = received.filter((event) => event.pid === pid).map(({ kind }) => kind);
      expect(kinds).toEqual([EventKind.fork, EventKind.exec, EventKind.exit]);
    }
    await runtime.close();
  });
});

describe('a consumer that waits until it has caught up', () => {
  test.for(['it ends', 'the client is closed'])('does not wait any more when %s', async (what, { skip }) => {
    skip(...noEvents);
    const runtime = new Runtime(checkClientOptions({ threads: 1 }));
    const { subscription } = await consumerOf(runtime);
    const waiting = subscription.caughtUp();
    if (what === 'it ends') subscription.close();
    else await runtime.close();
    await waiting;
    await subscription.caughtUp();
    await runtime.close();
  });
});

/** The thread, with a reader that reads these and then nothing, and the kinds of the messages that it has sent. */
const threadOf = (...readings: readonly unknown[]) => {
  const sent: unknown[] = [];
  const left = [...readings];
  const reader = { read: () => left.shift() ?? new ArrayBuffer(0), listen() {}, close() {} };
  const thread = new EventThread(reader as never, [], new Int32Array(1), ({ kind }) => void sent.push(kind));
  return { thread, sent };
};

describe('the thread of events', () => {
  test('sends all that there is before it says that it has', () => {
    const { thread, sent } = threadOf(new ArrayBuffer(8), new ArrayBuffer(8));
    thread.catchUp(1);
    expect(sent).toEqual(['events', 'events', 'caughtUp']);
  });

  test('says so also when there are no more events, and then reads none', () => {
    const { thread, sent } = threadOf({ code: 'EIO' }, new ArrayBuffer(8));
    thread.catchUp(1);
    thread.catchUp(2);
    expect(sent).toEqual(['ended', 'caughtUp', 'caughtUp']);
  });
});
