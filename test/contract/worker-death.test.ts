import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { type Client, createClient, WorkerError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';

const SLOW = 5;
const QUICK = 6;

/** A client of one thread, which is held in the read of a process until {@link die} ends it there. */
class Doomed implements AsyncDisposable {
  readonly root = new RecordedRoot();
  readonly client: Client;
  /** Every thread that was started, the last being the one that lives. */
  readonly workers: Worker[] = [];
  readonly #collect = (worker: Worker) => this.workers.push(worker);

  constructor() {
    this.root.addSlow(SLOW);
    this.root.add(QUICK);
    process.on('worker', this.#collect);
    this.client = createClient({ threads: 1, procRoot: this.root.path });
  }

  /** Ends the thread in the middle of the read of a slow process that holds it. */
  async die(pid = SLOW): Promise<void> {
    await this.root.held(pid);
    const dying = this.workers.at(-1)?.terminate();
    // A thread in a system call ends when the call returns.
    this.root.release(pid);
    await dying;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('worker', this.#collect);
    this.root[Symbol.dispose]();
    await this.client.close();
  }
}

describe('a thread that dies', () => {
  test('rejects its calls with WorkerError', async () => {
    await using doomed = new Doomed();
    const doing = rejection(doomed.client.umask(SLOW));
    await doomed.die();
    const error = await doing;
    expect(error).toBeInstanceOf(WorkerError);
    expect(error).toMatchObject({ name: 'WorkerError', code: 'ERR_WORKER_DIED' });
  });

  test('is replaced: the next call is answered', async () => {
    await using doomed = new Doomed();
    const doing = rejection(doomed.client.umask(SLOW));
    await doomed.die();
    await doing;
    expect(await doomed.client.umask(QUICK)).toBe(0o027);
    expect(doomed.workers).toHaveLength(2);
  });

  test('leaves no call of any kind pending', async () => {
    await using doomed = new Doomed();
    const { client } = doomed;
    const doing = rejection(client.umask(SLOW));
    await doomed.root.held(SLOW);
    const others = Promise.allSettled([
      client.umask(QUICK),
      client.snapshot(QUICK),
      client.process(QUICK),
      client.scan({ pids: [QUICK] }),
      client.scan(),
      client.pids(),
      client.oneshot(QUICK, (scope) => scope.umask()),
      client.getrlimit(QUICK, 'RLIMIT_CORE'),
    ]);
    await doomed.die();
    expect(await doing).toBeInstanceOf(WorkerError);
    for (const answer of await others) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'ERR_WORKER_DIED' });
    }
    expect(client.stats().pending).toBe(0);
  });

  test('rejects the calls of a scope', async () => {
    await using doomed = new Doomed();
    const doing = rejection(doomed.client.oneshot(SLOW, (scope) => scope.umask()));
    await doomed.die();
    expect(await doing).toMatchObject({ code: 'ERR_WORKER_DIED' });
  });

  test('rejects what a scope was waiting for from the thread that is its own', async () => {
    await using doomed = new Doomed();
    const scope = await doomed.client.oneshot(QUICK);
    await scope.umask();
    doomed.root.addSlow(QUICK);
    const doing = rejection(scope.getrlimit('RLIMIT_NOFILE'));
    await doomed.die(QUICK);
    expect(await doing).toMatchObject({ code: 'ERR_WORKER_DIED' });
  });

  test('does not end its scopes: their cached values stay, and another thread reads the rest', async () => {
    await using doomed = new Doomed();
    const { client } = doomed;
    await client.oneshot(QUICK, async (scope) => {
      expect(await scope.umask()).toBe(0o027);
      const doing = rejection(client.umask(SLOW));
      await doomed.die();
      await doing;
      const { messages } = client.stats();
      expect(await scope.umask()).toBe(0o027);
      expect(client.stats().messages).toBe(messages);
      expect((await scope.getrlimit('RLIMIT_NOFILE')).soft).toBe(1024);
    });
  });

  test('can die again and again', async () => {
    await using doomed = new Doomed();
    for (let i = 0; i < 3; i++) {
      const doing = rejection(doomed.client.umask(SLOW));
      await doomed.die();
      expect(await doing).toMatchObject({ code: 'ERR_WORKER_DIED' });
      await until('another thread answers', () => doomed.client.umask(QUICK));
      doomed.root.addSlow(SLOW);
    }
    expect(doomed.workers).toHaveLength(4);
  });

  test('while idle is replaced, and no caller notices', async () => {
    await using doomed = new Doomed();
    await doomed.client.umask(QUICK);
    await doomed.workers[0]?.terminate();
    expect(await doomed.client.umask(QUICK)).toBe(0o027);
  });

  test('in the middle of scans fails no other call', async () => {
    const workers: Worker[] = [];
    const collect = (worker: Worker) => workers.push(worker);
    process.on('worker', collect);
    await using client = createClient({ threads: 2 });
    for (let i = 0; i < 20; i++) {
      const scans = Promise.allSettled([
        client.scan(),
        client.pids(),
        client.scan({ fields: ['startTime', 'rlimits'] }),
      ]);
      await new Promise((resolve) => setImmediate(resolve));
      await workers.at(-1)?.terminate();
      for (const answer of await scans) {
        if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(WorkerError);
      }
    }
    process.off('worker', collect);
    expect((await client.scan()).length).toBeGreaterThan(0);
  });
});

describe('in a program whose thread', () => {
  const OBEDIENT = fileURLToPath(new URL('../processes/obedient-thread.cjs', import.meta.url));

  /**
   * Three callers at once, so that the thread always has something to do, until one of them fails. Nothing but these calls
   * keeps the program alive.
   */
  const PROGRAM = `import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1 });
    for (let i = 0; i < 2; i++) await client.umask(process.pid);
    const orders = new BroadcastChannel('orders');
    orders.unref();
    orders.postMessage(process.argv[1]);
    const call = async () => { for (;;) await client.umask(process.pid); };
    const { code, message } = await Promise.race([call(), call(), call()]).catch((error) => error);
    console.log(JSON.stringify({ code, message, umask: await client.umask(process.pid) }));
    process.exit();`;

  test.each([
    ['exits', 'exit', /./],
    ['throws what is not caught', 'throw', /thrown in the thread/],
    ['runs out of memory', 'memory', /memory/],
  ])('%s a call is rejected with WorkerError, and the next is answered', async (_, order, message) => {
    const { umask, ...error } = await answerOf<{ code: string; message: string; umask: number }>(PROGRAM, {
      flags: ['--max-old-space-size=64', '--require', OBEDIENT],
      args: [order],
    });
    expect(error.code).toBe('ERR_WORKER_DIED');
    expect(error.message).toMatch(message);
    expect(umask).toBeGreaterThanOrEqual(0);
  });
});
