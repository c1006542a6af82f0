import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 2 });
afterAll(() => client.close());

test('in the function of a scope the client’s own methods answer from it, by PID', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(python.pid, async (scope) => {
    await scope.umask();
    await python.run('os.umask(0o022)');
    expect(await client.umask(python.pid)).toBe(0o011);
    expect((await client.snapshot(python.pid)).umask).toBe(0o011);
  });
});

test('and so they do with a Process of that PID', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  const held = await client.process(python.pid);
  await client.oneshot(python.pid, async () => {
    await client.umask(python.pid);
    await python.run('os.umask(0o022)');
    expect(await client.umask(held)).toBe(0o011);
    expect(await client.umask(await client.process(python.pid))).toBe(0o011);
    expect(await held.umask()).toBe(0o011);
  });
});

test('a scope of a Process answers for its PID', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(await client.process(python.pid), async (scope) => {
    await scope.umask();
    await python.run('os.umask(0o022)');
    expect(await client.umask(python.pid)).toBe(0o011);
  });
});

test('another PID is outside the scope', async () => {
  using python = await Python.start();
  await client.oneshot(process.pid, async () => {
    await python.run('os.umask(0o011)');
    const before = await client.umask(python.pid);
    await python.run('os.umask(0o022)');
    expect([before, await client.umask(python.pid)]).toEqual([0o011, 0o022]);
  });
});

test('a scope follows its async context: what the function calls is in it', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  const elsewhere = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return client.umask(python.pid);
  };
  await client.oneshot(python.pid, async (scope) => {
    await scope.umask();
    await python.run('os.umask(0o022)');
    expect(await elsewhere()).toBe(0o011);
  });
  expect(await elsewhere()).toBe(0o022);
});

test('two scopes in different async contexts never see each other’s values', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  let changed!: () => void;
  const change = new Promise<void>((resolve) => {
    changed = resolve;
  });
  const early = client.oneshot(python.pid, async (scope) => {
    const first = await scope.umask();
    await python.run('os.umask(0o022)');
    changed();
    await late;
    return [first, await client.umask(python.pid)];
  });
  const late = (async () => {
    await change;
    return client.oneshot(python.pid, () => client.umask(python.pid));
  })();
  expect(await early).toEqual([0o011, 0o011]);
  expect(await late).toBe(0o022);
});

test('many scopes at once each read for themselves', async () => {
  using process = await sleeper();
  const before = client.stats().reads['status'] ?? 0;
  await Promise.all(Array.from({ length: 20 }, () => client.oneshot(process.pid, (scope) => scope.umask())));
  expect((client.stats().reads['status'] ?? 0) - before).toBe(20);
});

test('while a scope is open, calls outside its context read again', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await using scope = await client.oneshot(python.pid);
  await scope.umask();
  await python.run('os.umask(0o022)');
  // A scope without a function is the object's alone.
  expect(await client.umask(python.pid)).toBe(0o022);
  expect(await scope.umask()).toBe(0o011);
});

test('an inner scope of the same PID uses the outer one’s cache', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(python.pid, async (outer) => {
    await outer.umask();
    await python.run('os.umask(0o022)');
    await client.oneshot(python.pid, async (inner) => {
      expect(await inner.umask()).toBe(0o011);
    });
  });
});

test('an inner scope of the same PID does not end the outer one', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(python.pid, async (outer) => {
    await client.oneshot(python.pid, (inner) => inner.umask());
    {
      await using inner = await client.oneshot(python.pid);
      await inner.umask();
    }
    await python.run('os.umask(0o022)');
    expect(await outer.umask()).toBe(0o011);
    expect(await client.umask(python.pid)).toBe(0o011);
  });
});

test('an inner scope of another PID leaves the outer one in force', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  await client.oneshot(python.pid, async (outer) => {
    await outer.umask();
    await python.run('os.umask(0o022)');
    await client.oneshot(process.pid, async () => {
      expect(await client.umask(python.pid)).toBe(0o011);
    });
  });
});

test('code that still runs after its scope has ended is outside any scope', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o011)');
  let proceed!: () => void;
  const end = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  let straggler: Promise<number> | undefined;
  await client.oneshot(python.pid, async (scope) => {
    await scope.umask();
    straggler = (async () => {
      await end;
      return client.umask(python.pid);
    })();
  });
  await python.run('os.umask(0o022)');
  proceed();
  expect(await straggler).toBe(0o022);
});
