import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { ClientClosedError, createClient, NotSupportedError, WorkerError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { EventBuffer } from '../../packages/client/dist/watch/event-buffer.js';
import { answerOf, runNode } from '../processes/node.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';
import { Seen } from './seen.js';
import { noEvents, SOURCES } from './sources.js';

const begin = () => void spawn('/bin/true');

describe('an iterator of events', () => {
  test('is subscribed when events() returns: a process that is started then is reported, once', async ({ skip }) => {
    skip(...SOURCES[1].lacking);
    for (const source of ['auto', 'procfs'] as const) {
      await using client = createClient({ threads: 1, source });
      const events = client.events();
      const first = spawn('/bin/sh', ['-c', 'exit 7']).pid as number;
      // Others, until the thread has long taken over.
      const pids = [first];
      const timer = setInterval(() => pids.push(spawn('/bin/true').pid as number), 10);
      const seen = new Map<number, string[]>();
      for await (const event of events) {
        if (event.kind === 'lost') continue;
        seen.set(event.pid, [...(seen.get(event.pid) ?? []), event.kind]);
        if (pids.length === 60) clearInterval(timer);
        if (pids.length >= 60 && pids.every((pid) => seen.get(pid)?.includes('exit'))) break;
      }
      for (const pid of pids) expect([pid, seen.get(pid)]).toEqual([pid, ['fork', 'exec', 'exit']]);
    }
  });

  test('throws as events.on() does when its signal is aborted', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    const controller = new AbortController();
    const events = client.events({ signal: controller.signal });
    const reason = new Error('enough');
    const taking = rejection(
      (async () => {
        for await (const _ of events);
      })(),
    );
    await pause(50);
    controller.abort(reason);
    expect(await taking).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('rejects its first next() when its signal has been aborted before', async () => {
    await using client = createClient({ threads: 1 });
    const events = client.events({ signal: AbortSignal.abort() });
    expect(await rejection(events.next())).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test.each([
    [{ pol: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [{ poll: '1' }, 'ERR_INVALID_ARG_TYPE'],
    [{ poll: 9 }, 'ERR_OUT_OF_RANGE'],
    [{ poll: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
    [5, 'ERR_INVALID_ARG_TYPE'],
  ])('rejects its first next() for the options %o, and does not throw', async (options, code) => {
    await using client = createClient({ threads: 1 });
    const events = client.events(options as object);
    expect(await rejection(events.next())).toMatchObject({ code });
  });

  test('is done after break, and its thread ends with the last one', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    const workers: Worker[] = [];
    const collect = (worker: Worker) => workers.push(worker);
    process.on('worker', collect);
    try {
      const events = client.events();
      const other = client.events();
      const timer = setInterval(begin, 20);
      for await (const _ of events) break;
      clearInterval(timer);
      expect(await events.next()).toEqual({ done: true, value: undefined });
      expect(workers).toHaveLength(1);
      expect(workers[0]?.threadId).toBeGreaterThan(0);
      await other.return();
      await until('its thread has ended', () => workers[0]?.threadId === -1);
    } finally {
      process.off('worker', collect);
    }
  });

  test('is done when its client is closed, also while it waits', async ({ skip }) => {
    skip(...noEvents);
    const client = createClient({ threads: 1 });
    const events = client.events();
    const waiting = (async () => {
      for await (const _ of events);
      return 'done';
    })();
    await pause(50);
    await client.close();
    expect(await waiting).toBe('done');
    expect(await rejection(client.events().next())).toBeInstanceOf(ClientClosedError);
  });

  test('loses nothing when another listener begins or ends', async ({ skip }) => {
    skip(...SOURCES[1].lacking);
    await using client = createClient(SOURCES[1].options);
    await using seen = await Seen.from(client, begin);
    for (let i = 0; i < 5; i++) {
      const other = createClient(SOURCES[1].options);
      await using others = await Seen.from(other, begin);
      expect(others.events.filter(({ kind }) => kind === 'lost')).toEqual([]);
      await other.close();
    }
    await seen.ended(spawn('/bin/true').pid as number);
    expect(seen.events.filter(({ kind }) => kind === 'lost')).toEqual([]);
  });

  test('rejects when its thread dies, and the next one starts another', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    const workers: Worker[] = [];
    const collect = (worker: Worker) => workers.push(worker);
    process.on('worker', collect);
    try {
      const seen = await Seen.from(client, begin);
      await seen[Symbol.asyncDispose]();
      const events = client.events();
      await until('a thread has started', () => workers.length === 2);
      void workers[1]?.terminate();
      const dying = rejection(
        (async () => {
          for await (const _ of events);
        })(),
      );
      expect(await dying).toBeInstanceOf(WorkerError);
      await using after = await Seen.from(client, begin);
      expect(after.events.length).toBeGreaterThan(0);
    } finally {
      process.off('worker', collect);
    }
  });

  test('has its errors begin at the line that called next()', async () => {
    await using client = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
    async function takesEvents() {
      await client.events().next();
    }
    const error = await rejection(takesEvents());
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error.stack?.split('\n')[1]).toMatch('takesEvents');
  });
});

describe('a program that uses events', () => {
  const CLIENT = `import { spawn } from 'node:child_process';
    import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1 });`;

  test('ends by itself while nobody waits for the next one', async ({ skip }) => {
    skip(...noEvents);
    const ended = await runNode(`${CLIENT} const events = client.events();
      setInterval(() => spawn('/bin/true'), 20).unref();
      await events.next(); console.log('one');`);
    expect(ended).toMatchObject({ code: 0, stdout: 'one\n', stderr: '' });
  });

  test('is kept alive by a next() that waits', async ({ skip }) => {
    skip(...noEvents);
    const ended = await runNode(`${CLIENT}
      const events = client.events({ signal: AbortSignal.timeout(1000) });
      for (;;) await events.next().catch(({ name }) => { console.log(name); process.exit(); });`);
    expect(ended).toMatchObject({ code: 0, stdout: 'AbortError\n', stderr: '' });
  });

  test('ends at once by process.exit() and by an error', async ({ skip }) => {
    skip(...noEvents);
    const events = `const events = client.events(); setInterval(() => spawn('/bin/true'), 5); await events.next();`;
    expect(await runNode(`${CLIENT} ${events} process.exit(3);`)).toMatchObject({ code: 3, signal: null });
    const failed = await runNode(`${CLIENT} ${events} throw new Error('it is over');`);
    expect(failed).toMatchObject({ code: 1, signal: null });
  });

  test('may be a worker that is terminated while it takes events', async ({ skip }) => {
    skip(...noEvents);
    const ended = await runNode(`import { spawn } from 'node:child_process';
      import { Worker } from 'node:worker_threads';
      const busy = setInterval(() => spawn('/bin/true'), 20);
      for (let i = 0; i < 4; i++) {
        const worker = new Worker(\`
          import { parentPort } from 'node:worker_threads';
          import { createClient } from 'psutil-extra';
          for await (const _ of createClient({ threads: 1 }).events()) parentPort.postMessage(1);
        \`, { eval: true });
        await new Promise((resolve) => worker.once('message', resolve));
        await worker.terminate();
      }
      clearInterval(busy);
      console.log('terminated');`);
    expect(ended).toMatchObject({ code: 0, stdout: 'terminated\n', stderr: '' });
  });

  test('loses events if it does not take them for long, and one event says how many', async ({ skip }) => {
    skip(...noEvents);
    const { lost, taken, forks } = await answerOf<{ lost: number; taken: number; forks: number }>(
      `${CLIENT}
       import { execFileSync } from 'node:child_process';
       const events = client.events();
       setInterval(() => spawn('/bin/true'), 20).unref();
       await events.next();
       const count = { lost: 0, taken: 0, forks: 0 };
       // It blocks the event loop too: what the thread has sent waits there.
       execFileSync('sh', ['-c', 'i=0; while [ $i -lt 9000 ]; do (:); i=$((i + 1)); done']);
       await new Promise((resolve) => setTimeout(resolve, 500));
       // Its end comes after all of theirs.
       const last = spawn('/bin/true').pid;
       for await (const event of events) {
         if (event.kind === 'exit' && event.pid === last) break;
         if (event.kind === 'lost') count.lost += event.count;
         else count.taken++;
         if (event.kind === 'fork') count.forks++;
       }
       console.log(JSON.stringify(count));
       await client.close();`,
    );
    expect(lost).toBeGreaterThan(0);
    expect(taken).toBeGreaterThan(10_000);
    expect(taken + lost).toBeGreaterThanOrEqual(18_000);
    expect(forks).toBeLessThan(9000);
  });
});

describe('the buffer of a slow consumer', () => {
  test('drops what is too much until half of it is taken, and reports it in one place', () => {
    const buffer = new EventBuffer<number | string>((count) => `lost ${count}`, 4);
    for (let i = 0; i < 6; i++) buffer.put(i);
    expect([buffer.take(), buffer.take()]).toEqual([0, 1]);
    buffer.put(6);
    buffer.take();
    buffer.put(7);
    expect([buffer.take(), buffer.take(), buffer.take(), buffer.take()]).toEqual([3, 'lost 3', 7, undefined]);
  });

  test('reports the loss when it is empty, though no event follows', () => {
    const buffer = new EventBuffer<number | string>((count) => `lost ${count}`, 2);
    for (let i = 0; i < 5; i++) buffer.put(i);
    expect([buffer.take(), buffer.take(), buffer.take(), buffer.take()]).toEqual([0, 1, 'lost 3', undefined]);
  });
});
