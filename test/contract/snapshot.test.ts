import { createClient, NoSuchProcessError } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { ps, stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('a snapshot has the PID and the five fields of psutil-extra', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o053)');
  const snapshot = await client.snapshot(python.pid);
  expect(Object.keys(snapshot)).toEqual(['pid', 'umask', 'groups', 'sigmasks', 'pgid', 'sid']);
  const [pgid, sid] = ps(python.pid, 'pgid', 'sid').map(Number);
  expect(snapshot).toMatchObject({
    pid: python.pid,
    umask: 0o053,
    groups: await python.run('os.getgroups()'),
    pgid,
    sid,
  });
});

test('a snapshot has exactly the fields asked for, each once, in their order', async () => {
  const snapshot = await client.snapshot(process.pid, { fields: ['sid', 'name', 'sid', 'ppid'] });
  expect(Object.keys(snapshot)).toEqual(['pid', 'sid', 'name', 'ppid']);
});

test('each field of a snapshot is what its method returns', async () => {
  using spawned = await sleeper(['setsid']);
  const fields = [
    'name',
    'ppid',
    'uids',
    'gids',
    'groups',
    'umask',
    'sigmasks',
    'pgid',
    'sid',
    'startTime',
    'rlimits',
  ] as const;
  const snapshot = await client.snapshot(spawned.pid, { fields });
  for (const field of fields) expect(snapshot[field]).toEqual(await client[field](spawned.pid));
});

test('a snapshot of one process is one message and one read of each file', async () => {
  using spawned = await sleeper();
  const before = client.stats();
  await client.snapshot(spawned.pid);
  const after = client.stats();
  expect(after.messages - before.messages).toBe(1);
  expect((after.reads['status'] ?? 0) - (before.reads['status'] ?? 0)).toBe(1);
  expect(after.reads['getpgid']).toBe(before.reads['getpgid']);
});

test('a snapshot of no field checks whether there is such a process', async () => {
  expect(await client.snapshot(process.pid, { fields: [] })).toEqual({ pid: process.pid });
  expect(await rejection(client.snapshot(UNUSED_PID, { fields: [] }))).toBeInstanceOf(NoSuchProcessError);
});

test('a snapshot of a process that does not exist rejects, whatever its fallback', async () => {
  expect(await rejection(client.snapshot(UNUSED_PID, { fallback: 0 }))).toBeInstanceOf(NoSuchProcessError);
});

test('the fallback stands where a field is lost to a zombie', async () => {
  using python = await Python.start();
  const zombie = await python.run<number>('zombie()');
  await until('the child is a zombie', () => stateOf(zombie) === 'Z');
  expect((await client.snapshot(zombie)).umask).toBe(null);
  expect((await client.snapshot(zombie, { fallback: 'lost' })).umask).toBe('lost');
});

test('the fallback stands where a field is not supported', async () => {
  using root = new RecordedRoot();
  root.add(5, { status: recorded(5).status, stat: recorded(5).stat });
  await using elsewhere = createClient({ threads: 1, procRoot: root.path });
  expect(await elsewhere.snapshot(5, { fields: ['umask', 'rlimits'], fallback: 'unknown' })).toEqual({
    pid: 5,
    umask: 0o027,
    rlimits: 'unknown',
  });
});

test('the fallback stands where a field is denied', async ({ skip }) => {
  skip(...lacking.otherUser);
  using root = new RecordedRoot();
  root.add(5);
  const snapshot = await answerOf<unknown>(
    `import { createClient } from 'psutil-extra';
     import { execFileSync } from 'node:child_process';
     const client = createClient({ threads: 1, procRoot: process.argv[1] });
     console.log(JSON.stringify(await client.snapshot(5, { fields: ['umask', 'startTime', 'rlimits'], fallback: 'denied' })));`,
    { wrapper: [...deny(root.path), ...AS_NOBODY], args: [root.path] },
  );
  expect(snapshot).toMatchObject({
    pid: 5,
    umask: 'denied',
    rlimits: { RLIMIT_NOFILE: { soft: 1024, hard: 524_288 } },
  });
});

/** A wrapper that first makes `status` unreadable for every user, and the folder accessible. */
function deny(root: string): string[] {
  return ['sh', '-c', 'chmod 755 "$0" && chmod 000 "$0/5/status" && exec "$@"', root];
}
