import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { createClient, NoSuchProcessError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { answerOf, runNode } from '../processes/node.js';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { Herd, Mortal, sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const FOLDER = mkdtempSync(join(tmpdir(), 'psutil-extra-cores-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const UNKNOWN = { code: null, signal: null };

/** A grandchild of this program that waits for a line and then ends in this way; `reap()` has its parent wait for it. */
async function grandchild(
  python: Python,
  ending: string,
): Promise<{ pid: number; end: () => Promise<void>; reap: () => Promise<unknown> }> {
  const [pid, pipe] = await python.run<[number, number]>(`ending(${JSON.stringify(ending)})`);
  return {
    pid,
    end: async () => {
      await python.run(`os.close(${pipe})`);
    },
    reap: () => python.run(`os.waitpid(${pid}, 0) and None`),
  };
}

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

/** Descriptors of this program that hold processes. */
function pidfds(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('pidfd');
    } catch {
      return false;
    }
  }).length;
}

describe('waitForExit()', () => {
  test.each([
    ['os._exit(0)', { code: 0, signal: null }],
    ['os._exit(7)', { code: 7, signal: null }],
    ['os._exit(255)', { code: 255, signal: null }],
    ['os.kill(os.getpid(), signal.SIGKILL)', { code: null, signal: 'SIGKILL' }],
    [`dump(${JSON.stringify(FOLDER)})`, { code: null, signal: 'SIGSEGV' }],
    ['os.kill(os.getpid(), signal.SIGRTMIN + 3)', { code: null, signal: 'SIGRTMIN+3' }],
  ])('of a grandchild that does %s resolves before its parent has waited for it', async (ending, status) => {
    using python = await Python.start();
    const { pid, end } = await grandchild(python, ending);
    const waiting = (await client.process(pid)).waitForExit();
    await end();
    expect(await waiting).toEqual(status);
    expect(Object.keys(await waiting).sort()).toEqual(['code', 'signal']);
    expect(stateOf(pid)).toBe('Z');
  });

  test('knows how a process has ended that was reaped at once, also where the wait had not reached its thread', async ({
    skip,
  }) => {
    skip(...lacking.exitInfo);
    using python = await Python.start();
    await using fresh = createClient({ threads: 1 });
    for (let i = 0; i < 20; i++) {
      const { pid, end, reap } = await grandchild(python, 'os._exit(7)');
      // By the number, and with a thread that is only being started the first time.
      const waiting = fresh.waitForExit(pid);
      await end();
      await reap();
      expect(await waiting).toEqual({ code: 7, signal: null });
    }
  });

  test('leaves the status of a child to child_process', async () => {
    using process = await sleeper();
    const exit = new Promise((resolve) => process.child.on('exit', (...status) => resolve(status)));
    const waiting = client.waitForExit(process.pid);
    await client.kill(process.pid, 'SIGTERM');
    expect(await waiting).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await exit).toEqual([null, 'SIGTERM']);
  });

  test('of a Process that has ended resolves at once, and of a zombie with how it has ended', async () => {
    using mortal = await Mortal.start();
    const held = await client.process(mortal.pid);
    await mortal.end();
    expect(await held.waitForExit()).toEqual(UNKNOWN);
    using python = await Python.start();
    const { pid, end } = await grandchild(python, 'os._exit(3)');
    const zombie = await client.process(pid);
    await end();
    await until('it is a zombie', () => stateOf(pid) === 'Z');
    expect(await zombie.waitForExit()).toEqual({ code: 3, signal: null });
    expect(await client.waitForExit(pid)).toEqual({ code: 3, signal: null });
  });

  test.each([UNUSED_PID, 0, -1])('of PID %i, which no process has, is NoSuchProcessError', async (pid) => {
    const error = await rejection(client.waitForExit(pid));
    expect(error).toBeInstanceOf(NoSuchProcessError);
    expect(error).toMatchObject({ code: 'ESRCH', pid });
  });

  test('waits for all threads: a main thread that has ended is no end', async () => {
    using leaderless = new Compiled('leaderless.c');
    await leaderless.line();
    await until('its main thread has ended', () => stateOf(leaderless.pid) === 'Z');
    const waiting = client.waitForExit(leaderless.pid);
    const first = await Promise.race([
      waiting,
      client
        .pids()
        .then(() => client.pids())
        .then(() => 'waits'),
    ]);
    expect(first).toBe('waits');
    await client.kill(leaderless.pid, 'SIGKILL');
    expect(await waiting).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('never waits for another process that has the PID since the same clock tick', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    skip(...lacking.pidfs);
    using reused = new Compiled('reused.c');
    for (let i = 0; i < 100; i++) {
      const [pid] = (await reused.line('first')).split(' ').map(Number);
      const held = await client.process(pid as number);
      await reused.line('swap');
      expect(await held.waitForExit()).toEqual(UNKNOWN);
      expect(await reused.line('limit')).toBe('2000');
    }
  });

  test("of another user's process is null and null, never 0, and does not hang where its parent does not wait for it", async ({
    skip,
  }) => {
    skip(...lacking.otherUser);
    using python = await Python.start();
    const { pid, end } = await grandchild(python, 'os._exit(7)');
    const answer = answerOf<object>(
      `import { createClient } from 'psutil-extra';
       const client = createClient();
       const waiting = client.waitForExit(${pid});
       await client.kill(${python.pid}, 0).catch(() => {});
       console.log(JSON.stringify(await waiting));`,
      { wrapper: AS_NOBODY },
    );
    await until('nobody waits for it', () => python.run<boolean>(`watched(${pid})`));
    await end();
    expect(await answer).toEqual(UNKNOWN);
  });

  test("knows how another user's process has ended if its parent waits for it at once", async ({ skip }) => {
    skip(...lacking.otherUser);
    skip(...lacking.exitInfo);
    using python = await Python.start();
    const { pid, end, reap } = await grandchild(python, 'os._exit(7)');
    const answer = answerOf<object>(
      `import { createClient } from 'psutil-extra';
       const client = createClient();
       console.log(JSON.stringify(await client.waitForExit(${pid})));`,
      { wrapper: AS_NOBODY },
    );
    await until('nobody waits for it', () => python.run<boolean>(`watched(${pid})`));
    await end();
    await reap();
    expect(await answer).toEqual({ code: 7, signal: null });
  });

  test('waits for a thousand processes without a thread for each', async () => {
    using herd = await Herd.of(50);
    await client.waitForExit(UNUSED_PID).catch(() => {});
    const before = threads();
    const waiting = Array.from({ length: 20 }, () => herd.pids.map((pid) => client.waitForExit(pid))).flat();
    await until('all are held', () => pidfds() === waiting.length);
    expect(threads()).toBe(before);
    for (const pid of herd.pids) await client.kill(pid, 'SIGKILL');
    for (const status of await Promise.all(waiting)) expect(status).toEqual({ code: null, signal: 'SIGKILL' });
    expect(pidfds()).toBe(0);
  });

  test('that is aborted rejects with the reason and frees its descriptor; other waits go on', async () => {
    using process = await sleeper();
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = Array.from({ length: 20 }, () => client.waitForExit(process.pid, { signal: controller.signal }));
    const other = client.waitForExit(process.pid, { signal: AbortSignal.timeout(60_000) });
    await until('all are held', () => pidfds() === 21);
    controller.abort(reason);
    for (const wait of aborted) expect(await rejection(wait)).toBe(reason);
    await until('they are free', () => pidfds() === 1);
    await client.kill(process.pid, 'SIGKILL');
    expect(await other).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await rejection(client.waitForExit(process.pid, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  test('that is aborted before it is sent holds nothing', async () => {
    using process = await sleeper();
    const controller = new AbortController();
    const wait = client.waitForExit(process.pid, { signal: controller.signal });
    controller.abort();
    expect((await rejection(wait)).name).toBe('AbortError');
    await until('it is free', () => pidfds() === 0);
  });

  test('ends with AbortSignal.timeout()', async () => {
    using process = await sleeper();
    const error = await rejection(client.waitForExit(process.pid, { signal: AbortSignal.timeout(20) }));
    expect(error.name).toBe('TimeoutError');
  });

  test('does not keep other calls waiting, nor close(), which rejects it at once', async () => {
    using process = await sleeper();
    const closing = createClient({ threads: 1, maxQueue: 1 });
    const waiting = rejection(closing.waitForExit(process.pid));
    expect(await closing.pgid(process.pid)).toBeTypeOf('number');
    await until('it is held', () => pidfds() === 1);
    await closing.close();
    expect(await waiting).toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    expect(await rejection(closing.waitForExit(process.pid))).toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    await until('nothing is held', () => pidfds() === 0);
  });

  test('rejects with WorkerError when its thread dies, and the next wait has another', async () => {
    using process = await sleeper();
    const workers: Worker[] = [];
    const collect = (worker: Worker) => workers.push(worker);
    globalThis.process.on('worker', collect);
    const dying = createClient({ threads: 1 });
    await dying.pids();
    const waiting = rejection(dying.waitForExit(process.pid));
    await until('it is held', () => pidfds() === 1);
    globalThis.process.off('worker', collect);
    await workers[0]?.terminate();
    expect(await waiting).toMatchObject({ code: 'ERR_WORKER_DIED' });
    await until('nothing is held', () => pidfds() === 0);
    const again = dying.waitForExit(process.pid);
    await dying.kill(process.pid, 'SIGKILL');
    expect(await again).toEqual({ code: null, signal: 'SIGKILL' });
    await dying.close();
  });

  test('keeps the program alive while it is pending, and not longer', async () => {
    using python = await Python.start();
    const { pid, end } = await grandchild(python, 'os._exit(7)');
    const running = runNode(
      `import { createClient } from 'psutil-extra';
       createClient().waitForExit(${pid}).then(({ code }) => console.log(code));`,
    );
    await until('it waits', () => python.run<boolean>(`watched(${pid})`));
    await end();
    expect(await running).toMatchObject({ code: 0, stdout: '7\n', stderr: '' });
  });

  test('ends with the program, whatever is pending', async () => {
    const ended = await runNode(
      `import { createClient } from 'psutil-extra';
       const client = createClient();
       client.waitForExit(process.ppid);
       await client.pids();
       process.exit(3);`,
    );
    expect(ended).toMatchObject({ code: 3, stderr: '' });
  });
});
