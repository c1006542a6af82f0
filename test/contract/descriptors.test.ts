import { readdirSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';
import { rejection } from '../processes/rejection.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';

/** A program with few descriptors, which can take them all and give them back. */
const SCARCE = `import { closeSync, openSync } from 'node:fs';
  import { createClient } from 'psutil-extra';
  const client = createClient({ threads: 1 });
  const self = await client.process(process.pid);
  await client.oneshot(process.pid, (scope) => scope.umask());
  const taken = [];
  const exhaust = () => { try { for (;;) taken.push(openSync('/dev/null')); } catch (error) { if (error.code !== 'EMFILE') throw error; } };
  const free = () => { for (const file of taken.splice(0)) closeSync(file); };
  const shown = (promise) => promise.then((value) => ({ value }), ({ name, code, errno, syscall, pid }) => ({ name, code, errno, syscall, pid }));
  const print = (value) => console.log(JSON.stringify(value));`;
const FEW = { wrapper: ['prlimit', '--nofile=80'] };
const EMFILE = { name: 'ProcessError', code: 'EMFILE', errno: -24, pid: expect.any(Number) };

test.each([
  ['a read', 'client.umask(process.pid)'],
  ['a snapshot, whatever its fallback', "client.snapshot(process.pid, { fallback: 'x' })"],
  ['a read through a Process', 'self.umask()'],
  ['a set through a Process', "self.rlimit('RLIMIT_CORE', { soft: 0, hard: 0 })"],
  ['listing the PIDs', 'client.pids()'],
  ['a scan, which begins with that', 'client.scan()'],
])('EMFILE reaches the caller of %s, and the next call works', async (_, call) => {
  const [failed, next] = await answerOf<[object, { value?: unknown }]>(
    `${SCARCE}
     exhaust();
     const failed = await shown(${call});
     free();
     print([failed, await shown(${call})]);`,
    FEW,
  );
  expect(failed).toMatchObject(EMFILE);
  expect(next).toHaveProperty('value');
});

test.each([
  'client.waitForExit(child.pid)',
  'client.killTree(child.pid)',
  "client.find({ name: 'x' })",
  'client.tree()',
  'client.top({ interval: 50 })',
  'client.oneshot(child.pid).then(() => true)',
  'self.cpuPercent({ interval: 50 })',
  'self.children()',
])('EMFILE rejects the first %s, whose code is loaded then, and the next call works', async (call) => {
  const [failed, next] = await answerOf<[object, { value?: unknown }]>(
    `${SCARCE.replace(/await client.oneshot.*/, "const child = (await import('node:child_process')).spawn('sleep', ['0.5']);")}
     exhaust();
     const failed = await shown(${call});
     free();
     print([failed, await shown(${call})]);`,
    FEW,
  );
  expect(failed).toMatchObject({ code: 'EMFILE' });
  expect(next).toHaveProperty('value');
});

test('a call that needs no descriptor works when none is free', async () => {
  const [pgid, sid, limit] = await answerOf<{ value?: number }[]>(
    `${SCARCE}
     exhaust();
     const answers = [client.pgid(process.pid), client.sid(process.pid), client.getrlimit(process.pid, 'RLIMIT_NOFILE')].map(shown);
     const made = await Promise.all(answers);
     free();
     print(made);`,
    FEW,
  );
  // 0 where the leader of the group is outside this PID namespace.
  expect(pgid?.value).toBeGreaterThanOrEqual(0);
  expect(sid).toHaveProperty('value');
  expect(limit).toEqual({ value: { soft: 80, hard: 80 } });
});

test('in a scope EMFILE is not remembered: the next call reads', async () => {
  const [failed, next] = await answerOf<object[]>(
    `${SCARCE}
     await using scope = await client.oneshot(process.pid);
     exhaust();
     const failed = await shown(scope.umask());
     free();
     print([failed, await shown(scope.umask())]);`.replace('await using', 'const'),
    FEW,
  );
  expect(failed).toMatchObject(EMFILE);
  expect(next).toHaveProperty('value');
});

test.each([
  ['in the turn in which the client is made', ''],
  ['later', 'await new Promise(setImmediate);'],
])('EMFILE rejects the first call of a client, %s, and calls work again', async (_, pause) => {
  const { failed, value } = await answerOf<{ failed: string; value: unknown }>(
    `${SCARCE.replace(/const self = .*\n.*/, pause)}
     exhaust();
     const failed = await client.umask(process.pid).catch(({ message }) => message);
     free();
     let value;
     for (let i = 0; i < 3 && value === undefined; i++) value = await client.umask(process.pid).catch(() => undefined);
     print({ failed, value });`,
    FEW,
  );
  expect(failed).toContain('EMFILE');
  expect(value).toBe(process.umask());
});

test('in a scan of given PIDs EMFILE is the error of each field, and no value', async () => {
  const { umask, code } = await answerOf<{ umask: unknown; code: string }>(
    `${SCARCE}
     exhaust();
     const table = await client.scan({ fields: ['umask'], pids: [process.pid] });
     free();
     print({ umask: table.get(process.pid)?.umask, code: table.error(process.pid, 'umask')?.code });`,
    FEW,
  );
  expect({ umask, code }).toEqual({ umask: null, code: 'EMFILE' });
});

test('no call leaves a descriptor open', async () => {
  using spawned = await sleeper();
  await using client = createClient({ threads: 1 });
  const held = await client.process(spawned.pid);
  const once = async () => {
    await client.snapshot(spawned.pid);
    await held.snapshot();
    await held.rlimit('RLIMIT_CORE', { soft: 0, hard: 0 });
    await client.oneshot(held, (scope) => scope.rlimits());
    await client.scan({ fields: ['startTime', 'rlimits'] });
    for await (const table of client.scanBatches({ batchSize: 1 })) {
      expect(table.length).toBe(1);
      break;
    }
    await rejection(client.umask(UNUSED_PID));
    await rejection(client.snapshot(-5));
  };
  await once();
  const before = openDescriptors();
  for (let i = 0; i < 20; i++) await once();
  expect(openDescriptors()).toBe(before);
});

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
