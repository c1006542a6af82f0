import { ClientClosedError, createClient } from 'psutil-extra';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { answerOf } from '../processes/node.js';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';

/** Everything that waits for a thread, for a turn of the loop or for a time limit. Prints what came. */
const EVERYTHING = `
  const { spawn } = await import('node:child_process');
  const { stat } = await import('node:fs/promises');
  const { pid } = process;
  const answers = {};
  const client = createClient({ threads: 2 });
  answers.call = await client.umask(pid) === umask;
  answers.calls = (await Promise.all([client.pgid(pid), client.pgid(1), client.sid(pid)])).length;
  // A call that is made while the message of another turn is on its way.
  let turns = 0;
  for (let i = 0; i < 20; i++) {
    const another = stat('/proc').then(() => client.sid(pid));
    turns += (await Promise.all([client.umask(pid), another])).length;
  }
  answers.turns = turns;
  const pids = Array.from({ length: 500 }, (_, index) => index + 1);
  answers.chunks = (await Promise.allSettled(pids.map((pid) => client.name(pid)))).length;
  answers.oneshot = await client.oneshot(pid, async (scope) => {
    await scope.umask();
    await scope.rlimits();
    return await scope.getrlimit('RLIMIT_CORE').then(({ soft, hard }) => scope.rlimit('RLIMIT_CORE', { soft, hard })) !== undefined;
  });
  answers.set = await client.getrlimit(pid, 'RLIMIT_CORE').then((limits) => client.rlimit(pid, 'RLIMIT_CORE', limits)) !== undefined;
  answers.scan = (await client.scan()).get(pid).umask === umask;
  let batches = 0;
  for await (const batch of client.scanBatches({ batchSize: 1 })) batches += batch.length;
  answers.batches = batches > 0;
  const spawned = spawn('sleep', ['600']);
  answers.relatives = [await client.tree(), await client.find({ name: 'sleep' })].every(({ length }) => length > 0);
  const held = await client.process(pid);
  answers.percent = await held.cpuPercent({ interval: 50 }) >= 0;
  answers.top = (await client.top({ interval: 50, count: 1 })).length;
  let samples = 0;
  for await (const _ of client.sample({ interval: 50 })) if (++samples === 2) break;
  answers.samples = samples;
  const live = await client.live({ poll: 20 });
  answers.live = live.get(pid)?.pid === pid;
  live.close();
  const listed = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
  const events = listed.events({ poll: 20 });
  const event = events.next();
  await listed.pids();
  const end = client.waitForExit(spawned.pid);
  const [killed] = await client.killTree(spawned.pid, { grace: 20 });
  answers.killed = [killed.status, (await end).signal];
  answers.event = (await event).done;
  await events.return();
  await listed.close();
  const pending = client.umask(pid);
  await client.close();
  answers.pending = await pending === umask;
  await other.umask(pid);
  await other.close();
`;

const WHOLE = {
  call: true,
  calls: 3,
  turns: 40,
  chunks: 500,
  oneshot: true,
  set: true,
  scan: true,
  batches: true,
  relatives: true,
  percent: true,
  top: 1,
  samples: 2,
  live: true,
  killed: ['ended', 'SIGTERM'],
  event: false,
  pending: true,
};

/** Runs everything in a program whose timers stand still from some time after the import on. */
function underFakes(fake: string): Promise<unknown> {
  return answerOf(`
    import { createClient } from 'psutil-extra';
    const umask = process.umask();
    const other = createClient({ threads: 1 }); // it has begun before
    await other.umask(process.pid);
    ${fake}
    ${EVERYTHING}
    process.stdout.write(JSON.stringify(answers));
  `);
}

describe('with timers that stand still everything is answered', () => {
  test('mock.timers of node:test', async () => {
    expect(await underFakes("(await import('node:test')).mock.timers.enable();")).toEqual(WHOLE);
  });

  test('all of them, those of node:timers and of node:timers/promises too', async () => {
    const fakes = `
      const timers = process.getBuiltinModule?.('node:timers') ?? (await import('node:module')).createRequire(import.meta.url)('node:timers');
      const never = () => new Promise(() => {});
      for (const module of [globalThis, timers, timers.promises, process]) {
        for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask', 'nextTick'])
          if (name in module) module[name] = never;
      }
      (await import('node:module')).syncBuiltinESMExports();
      Date.now = performance.now = () => 0;`;
    expect(await underFakes(fakes)).toEqual(WHOLE);
  });
});

describe('in a test of Vitest with fake timers', () => {
  afterEach(() => void vi.useRealTimers());

  test('everything is answered', async () => {
    // Vitest itself takes no fake nextTick in a process of its own.
    vi.useFakeTimers({
      toFake: ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date', 'performance', 'hrtime'],
      now: 0,
    });
    await using client = createClient({ threads: 2 });
    const { pid } = process;
    expect(await client.umask(pid)).toBe(process.umask());
    const scoped = await client.oneshot(pid, async (scope) => [
      await scope.umask(),
      (await scope.rlimits()).RLIMIT_CORE,
    ]);
    expect(scoped[0]).toBe(process.umask());
    expect((await client.scan()).get(pid)?.umask).toBe(process.umask());
    for await (const batch of client.scanBatches({ batchSize: 64 })) expect(batch.length).toBeGreaterThan(0);
    await client.close();
  });

  test('close() rejects after a second what is not answered', async () => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Date', 'performance'],
    });
    using root = new RecordedRoot();
    root.addSlow(5);
    const client = createClient({ threads: 1, procRoot: root.path });
    const pending = rejection(client.umask(5));
    await client.close();
    expect(await pending).toBeInstanceOf(ClientClosedError);
  });
});
