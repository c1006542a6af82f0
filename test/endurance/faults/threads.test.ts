import type { Worker } from 'node:worker_threads';
import { type Client, createClient, WorkerError } from 'psutil-extra';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report, scaled } from '../scale.js';

const PID = process.pid;
const ROUNDS = scaled(1, 15);
const BOUND = 20_000;

/** When the next threads that start are ended. */
let ending: ((worker: Worker) => void) | undefined;
const workers = new Set<Worker>();
let ended = 0;
const meet = (worker: Worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
  ending?.(worker);
};
beforeAll(() => void process.on('worker', meet));
afterAll(() => {
  process.off('worker', meet);
  report(`${ended} threads were ended`);
});

function end(worker: Worker): void {
  ended++;
  void worker.terminate();
}

/** One call of every kind. */
function everyKind(client: Client): Promise<unknown>[] {
  return [
    client.umask(PID),
    client.pids(),
    client.snapshot(PID),
    client.process(PID),
    client.rlimit(PID, 'RLIMIT_CORE', { soft: 0, hard: 0 }).catch((error) => {
      if (!(error instanceof WorkerError)) return;
      throw error;
    }),
    client.scan(),
    client.scanBatches({ batchSize: 10 }).next(),
    client.oneshot(PID, async (scope) => {
      await scope.umask();
      return scope.rlimits();
    }),
  ];
}

/** Settles, or fails where something is still pending after the bound. */
async function bounded(calls: Promise<unknown>[]): Promise<PromiseSettledResult<unknown>[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('a call hangs')), BOUND);
  });
  try {
    return await Promise.race([Promise.allSettled(calls), late]);
  } finally {
    clearTimeout(timer);
  }
}

function expectAnswersOrWorkerErrors(results: PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(WorkerError);
}

/** Calls until all kinds are answered again: threads that were ended before may still take calls with them. */
async function expectWell(client: Client): Promise<void> {
  for (let left = 10; ; left--) {
    const results = await bounded(everyKind(client));
    expectAnswersOrWorkerErrors(results);
    if (results.every(({ status }) => status === 'fulfilled')) return;
    if (left === 0) throw new Error('the client has not recovered');
  }
}

const MOMENTS: [string, (worker: Worker, round: number) => void][] = [
  ['before they run', (worker) => end(worker)],
  ['when they begin to run', (worker) => void worker.once('online', () => end(worker))],
  ['some milliseconds later', (worker, round) => void setTimeout(() => end(worker), (round * 7) % 41)],
];

test.each(MOMENTS)('threads that are ended %s leave no call pending, and the client recovers', async (_, kill) => {
  for (let round = 0; round < ROUNDS; round++) {
    for (const doomed of [1, 2, 4, 6]) {
      let left = doomed;
      ending = (worker) => {
        if (left-- > 0) kill(worker, round);
      };
      await using client = createClient({ threads: 2 });
      expectAnswersOrWorkerErrors(await bounded(everyKind(client)));
      expectAnswersOrWorkerErrors(await bounded(everyKind(client)));
      ending = undefined;
      await expectWell(client);
      expect(client.stats().pending).toBe(0);
    }
  }
});

test('the last thread that dies while it starts rejects what waits for it, without another call', async () => {
  await using client = createClient({ threads: 1 });
  await client.umask(PID);
  ending = end;
  for (const worker of workers) end(worker);
  for (let i = 0; i < 5; i++) {
    const [result] = await bounded([client.umask(PID)]);
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ERR_WORKER_DIED' } });
  }
  ending = undefined;
  await expectWell(client);
});

test('threads that are ended while they hold a thousand scopes lose none of what was read', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await using client = createClient({ threads: 2 });
    const scopes = await Promise.all(Array.from({ length: 1000 }, () => client.oneshot(PID)));
    const before = await Promise.all(scopes.map((scope) => scope.snapshot()));
    await Promise.all(scopes.map((scope) => scope.getrlimit('RLIMIT_NOFILE')));
    for (const worker of workers) end(worker);
    expectAnswersOrWorkerErrors(await bounded(scopes.map((scope) => scope.rlimit('RLIMIT_CORE'))));
    const after = await bounded(scopes.map((scope) => scope.snapshot()));
    expect(after.map((each) => each.status === 'fulfilled' && each.value)).toEqual(before);
    await Promise.all(scopes.map((scope) => scope.close()));
    await expectWell(client);
  }
});

test('a client whose threads are all ended while it closes has closed', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const client = createClient({ threads: 2 });
    await client.umask(PID);
    const calls = Promise.allSettled(everyKind(client));
    const closing = client.close();
    for (const worker of workers) end(worker);
    await bounded([closing, calls]);
    expect(client.stats().pending).toBe(0);
  }
});
