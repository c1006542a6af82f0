import { ClientClosedError, createClient, NoSuchProcessError, type Oneshot } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { ps, stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { Herd, Mortal, sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** What is read and sent while `work` runs. */
async function cost(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = client.stats();
  await work();
  const after = client.stats();
  const reads = Object.entries(after.reads).map(([source, count]) => [source, count - (before.reads[source] ?? 0)]);
  return Object.fromEntries([
    ...reads,
    ['messages', after.messages - before.messages],
    ['cacheHits', after.cacheHits - before.cacheHits],
    ['calls', after.calls - before.calls],
  ]);
}

/** The five of psutil-extra, one after the other. */
async function five(scope: Oneshot): Promise<void> {
  await scope.umask();
  await scope.groups();
  await scope.sigmasks();
  await scope.pgid();
  await scope.sid();
}

describe('the five fields of psutil-extra in a scope', () => {
  test('are one read of status and one message', async () => {
    using process = await sleeper();
    // The first scope of a client also attaches to a thread.
    await client.oneshot(process.pid, (scope) => scope.umask());
    const spent = await cost(() => client.oneshot(process.pid, five));
    expect(spent).toMatchObject({ messages: 1, status: 1, stat: 0, limits: 0, prlimit64: 0, getpgid: 0, getsid: 0 });
    expect(spent).toMatchObject({ calls: 5, cacheHits: 4 });
  });

  test('are one read and one message when asked for at once', async () => {
    using process = await sleeper();
    await client.oneshot(process.pid, (scope) => scope.umask());
    const spent = await cost(() =>
      client.oneshot(process.pid, (scope) =>
        Promise.all([scope.umask(), scope.groups(), scope.sigmasks(), scope.pgid(), scope.sid()]),
      ),
    );
    expect(spent).toMatchObject({ messages: 1, status: 1, getpgid: 0, getsid: 0 });
  });

  test('are one read and one message whichever comes first', async () => {
    using process = await sleeper();
    for (const first of ['pgid', 'sid', 'groups', 'sigmasks'] as const) {
      const spent = await cost(() =>
        client.oneshot(process.pid, async (scope) => {
          await scope[first]();
          await five(scope);
        }),
      );
      expect(spent, first).toMatchObject({ messages: 1, status: 1 });
    }
  });

  test('outside a scope are read again at every call', async () => {
    using process = await sleeper();
    const spent = await cost(async () => {
      await client.umask(process.pid);
      await client.umask(process.pid);
      await client.umask(process.pid);
    });
    expect(spent).toMatchObject({ messages: 3, status: 3, cacheHits: 0 });
  });
});

test('opening a scope reads nothing and sends nothing, and neither does closing it', async () => {
  const spent = await cost(async () => {
    await client.oneshot(process.pid, () => {});
    const scope = await client.oneshot(process.pid);
    await scope.close();
  });
  expect(spent).toMatchObject({ messages: 0, status: 0 });
});

test('opening a scope does not fail for a PID that no process has; the calls in it do', async () => {
  await client.oneshot(UNUSED_PID, async (scope) => {
    expect(await rejection(scope.umask())).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(scope.pgid())).toBeInstanceOf(NoSuchProcessError);
  });
});

test('a scope resolves with what its function returned', async () => {
  expect(await client.oneshot(process.pid, () => 'sync')).toBe('sync');
  expect(await client.oneshot(process.pid, async () => 'async')).toBe('async');
});

test('a scope rejects with what its function threw', async () => {
  const reason = new Error('mine');
  const sync = client.oneshot(process.pid, () => {
    throw reason;
  });
  expect(await rejection(sync)).toBe(reason);
  expect(await rejection(client.oneshot(process.pid, () => Promise.reject(reason)))).toBe(reason);
});

test('in a scope a second read is the first one’s value, though the process has changed', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(python.pid, async (scope) => {
    expect(await scope.umask()).toBe(0o011);
    await python.run('os.umask(0o022)');
    expect(await scope.umask()).toBe(0o011);
  });
  expect(await client.umask(python.pid)).toBe(0o022);
});

test('a field that came with the first read is as old as that, though it is asked for later', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(python.pid, async (scope) => {
    await scope.groups();
    await python.run('os.umask(0o022)');
    expect(await scope.umask()).toBe(0o011);
  });
});

test('in a scope a second read returns the cached value though the process has ended', async () => {
  using spawned = await sleeper();
  await client.oneshot(spawned.pid, async (scope) => {
    const before = await scope.snapshot();
    await spawned.end();
    expect(await scope.snapshot()).toEqual(before);
  });
});

test('in a scope what is asked first when the process has gone is NoSuchProcessError', async () => {
  using spawned = await Mortal.start();
  await client.oneshot(spawned.pid, async (scope) => {
    await spawned.end();
    expect(await rejection(scope.umask())).toBeInstanceOf(NoSuchProcessError);
  });
});

test('in a scope a failure that lasts is cached as a value is', async () => {
  using python = await Python.start();
  const zombie = await python.run<number>('zombie()');
  await until('the child is a zombie', () => stateOf(zombie) === 'Z');
  await client.oneshot(zombie, async (scope) => {
    await rejection(scope.umask());
    const spent = await cost(() => rejection(scope.umask()));
    expect(spent).toMatchObject({ messages: 0, status: 0 });
  });
});

test('a scope without a function lasts until it is disposed of', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  const scope = await client.oneshot(python.pid);
  {
    await using disposed = scope;
    await disposed.umask();
    await python.run('os.umask(0o022)');
    expect(await disposed.umask()).toBe(0o011);
  }
  expect(await scope.umask()).toBe(0o022);
});

test('rlimits and status in one scope are a read of each', async () => {
  using process = await sleeper();
  const work = () =>
    client.oneshot(process.pid, async (scope) => {
      await scope.rlimits();
      await scope.getrlimit('RLIMIT_CORE');
      await scope.umask();
      await scope.snapshot({ fields: ['umask', 'rlimits'] });
    });
  await work(); // the first scope that reads twice attaches itself to a thread
  const spent = await cost(work);
  expect(spent).toMatchObject({ status: 1, messages: 2, cacheHits: 2 });
  expect((spent['limits'] ?? 0) + (spent['prlimit64'] ?? 0)).toBe(1);
});

test('scopes of one turn read their processes in one message', async () => {
  using herd = await Herd.of(20);
  const spent = await cost(() =>
    Promise.all(herd.pids.map((pid) => client.oneshot(pid, async (scope) => [await scope.umask(), await scope.sid()]))),
  );
  expect(spent).toMatchObject({ status: 20, messages: 1, cacheHits: 20 });
});

test('scopes of one turn with different fields each get their own', async () => {
  using limited = await sleeper(['prlimit', '--nofile=30:40']);
  using process = await sleeper();
  const [limits, pgid, gone] = await Promise.all([
    client.oneshot(limited.pid, (scope) => scope.getrlimit('RLIMIT_NOFILE')),
    client.oneshot(process.pid, (scope) => scope.pgid()),
    client.oneshot(UNUSED_PID, (scope) => rejection(scope.umask())),
  ]);
  expect(limits).toEqual({ soft: 30, hard: 40 });
  expect(pgid).toBe(Number(ps(process.pid, 'pgid')[0]));
  expect(gone).toMatchObject({ name: 'NoSuchProcessError', pid: UNUSED_PID });
});

test('a field that is requested while the scope’s first read is under way is read too', async () => {
  using process = await sleeper(['prlimit', '--nofile=30:40']);
  await client.oneshot(process.pid, async (scope) => {
    const umask = scope.umask();
    await new Promise((resolve) => setImmediate(resolve));
    const { hard } = await scope.getrlimit('RLIMIT_NOFILE');
    expect([await umask, hard]).toEqual([await client.umask(process.pid), 40]);
  });
});

test('a scope returns what it has read again to each caller, and no caller can change it for another', async () => {
  await client.oneshot(process.pid, async (scope) => {
    await scope.umask();
    const spent = await cost(async () => {
      expect(await Promise.all([scope.umask(), scope.umask()])).toEqual([process.umask(), process.umask()]);
      const groups = await scope.groups();
      const before = [...groups];
      groups.push(-1);
      expect(await scope.groups()).toEqual(before);
    });
    expect(spent).toMatchObject({ messages: 0, calls: 4, cacheHits: 4 });
  });
});

test('once a scope or its client has ended, what it returned is read again or refused', async () => {
  const own = createClient({ threads: 1 });
  const scope = await own.oneshot(process.pid);
  const before = await scope.umask();
  expect(await scope.umask()).toBe(before);
  await scope.close();
  const old = process.umask(0o13);
  expect(await scope.umask()).toBe(0o13);
  process.umask(old);
  const other = await own.oneshot(process.pid);
  await other.umask();
  await own.close();
  expect(await rejection(other.umask())).toBeInstanceOf(ClientClosedError);
});
