import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { AccessDeniedError, ClientClosedError, createClient, NotSupportedError, WorkerError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { EventBuffer } from '../../packages/client/dist/watch/event-buffer.js';
import { lacking } from '../processes/abilities.js';
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

  test('loses events if it does not take them for long, and is told how many', async ({ skip }) => {
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
       spawn('/bin/sleep', ['0.2']).on('exit', async () => { await client.close(); });
       await new Promise((resolve) => setTimeout(resolve, 500));
       for await (const event of events) {
         if (event.kind === 'lost') count.lost += event.count;
         else count.taken++;
         if (event.kind === 'fork') count.forks++;
       }
       console.log(JSON.stringify(count));`,
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

describe('without what the kernel needs', () => {
  const EVENTS = `import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1, source: 'bpf' });
    await client.events(OPTIONS).next().then(
      ({ value }) => console.log(JSON.stringify({ value })),
      ({ name, code, message }) => console.log(JSON.stringify({ name, code, message })),
    );
    await client.close();`;

  test('the first next() says which capabilities are missing', async ({ skip }) => {
    skip(...lacking.root);
    const { name, message } = await answerOf<{ name: string; message: string }>(EVENTS.replace('OPTIONS', ''), {
      wrapper: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'],
    });
    expect(name).toBe(AccessDeniedError.name);
    expect(message).toMatch(/bpf: CAP_BPF and CAP_PERFMON are missing/);
    expect(message).toMatch(/\{ poll: ms \}/);
  });

  test('listings are compared if the caller allows it', async () => {
    await using client = createClient({ threads: 1, procRoot: OTHER_ROOT });
    const events = client.events({ poll: 20 });
    // It begins after the first listing, which is taken when events() is called.
    await client.pids();
    const child = spawn('/bin/cat');
    const own = [];
    for await (const event of events) {
      if (event.kind === 'lost' || event.pid !== child.pid) continue;
      own.push(event);
      if (event.kind === 'exit') break;
      child.kill();
    }
    const time = expect.any(Number);
    expect(own).toEqual([
      { kind: 'fork', pid: child.pid, parent: process.pid, time },
      { kind: 'exit', pid: child.pid, code: null, signal: null, time },
    ]);
  });

  test('listings are compared until the client is closed, and do not keep the program alive', async () => {
    const ended = await runNode(`import { createClient } from 'psutil-extra';
      const client = createClient({ threads: 1, procRoot: '${OTHER_ROOT}' });
      const forgotten = client.events({ poll: 10 });
      const closing = createClient({ threads: 1, procRoot: '${OTHER_ROOT}' });
      setTimeout(() => closing.close(), 200);
      for await (const _ of closing.events({ poll: 10 })) continue;
      console.log('closed');`);
    expect(ended).toMatchObject({ code: 0, stdout: 'closed\n', stderr: '' });
  });
});

/** The same processes, where the kernel's events are not used. */
const OTHER_ROOT = '/proc/self/root/proc';

/** Prints what it sees of a process that it starts. */
const WATCHER = (source: string) => `
    import { spawn } from 'node:child_process';
    import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1, source: '${source}' });
    const events = client.events();
    const seen = [];
    const timer = setInterval(() => spawn('/bin/true'), 20);
    try {
      for await (const event of events) {
        clearInterval(timer);
        const child = spawn('/bin/sh', ['-c', 'exit 9']);
        for await (const event of events) {
          seen.push(event);
          if (event.kind === 'exit' && event.pid === child.pid) break;
        }
        const own = seen.filter(({ pid }) => pid === child.pid);
        console.log(JSON.stringify({ self: process.pid, child: child.pid, own, pids: seen.map(({ pid }) => pid) }));
        break;
      }
    } catch ({ name, message }) {
      console.log(JSON.stringify({ name, message }));
    }
    clearInterval(timer);
    await client.close();`;

describe('in a PID namespace', () => {
  const wrapper = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

  test('BPF reports the numbers of that namespace, and no process outside', async ({ skip }) => {
    skip(...lacking.namespaces);
    using busy = spawnedOutside();
    const answer = await answerOf<{ name?: string; self: number; child: number; own: object[]; pids: number[] }>(
      WATCHER('bpf'),
      { wrapper },
    );
    expect(busy.killed).toBe(false);
    skip(answer.name !== undefined, `BPF is not available there: ${answer.name}`);
    const { self, child, own, pids } = answer;
    expect(self).toBe(1);
    expect(own).toMatchObject([
      { kind: 'fork', pid: child, parent: 1 },
      { kind: 'exec', pid: child },
      { kind: 'exit', pid: child, code: 9, signal: null },
    ]);
    expect(Math.max(...pids)).toBeLessThan(200);
  });

  test('the process connector is silent, which is detected', async ({ skip }) => {
    skip(...lacking.namespaces);
    const answer = await answerOf<{ name: string; message: string }>(WATCHER('procfs'), { wrapper });
    expect([AccessDeniedError.name, NotSupportedError.name]).toContain(answer.name);
    expect(answer.message).toMatch(/netlink: .*(?:silent outside|missing|not in this kernel)/);
  });
});

/** A process outside the namespace that keeps forking. */
function spawnedOutside() {
  const child = spawn('/bin/sh', ['-c', 'while :; do /bin/true; done']);
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
}
