import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-no-procfs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['an empty folder, where a mount is missing', () => {}],
  ['an ordinary folder', (root: string) => mkdirSync(join(root, 'projects'))],
  ['a folder with a file that is called as a process is', (root: string) => writeFileSync(join(root, '4321'), '')],
  ['a folder with a number that is no PID', (root: string) => mkdirSync(join(root, '0123'))],
])('%s is no proc filesystem: no call lists, finds or misses a process in it', async (_, fill) => {
  const procRoot = mkdtempSync(join(folder, 'root-'));
  fill(procRoot);
  await using client = createClient({ threads: 1, procRoot });
  const calls = [
    client.pids(),
    client.scan(),
    client.scanBatches().next(),
    client.umask(4321),
    client.pgid(1),
    client.startTime(1),
    client.getrlimit(1, 'RLIMIT_CORE'),
    client.process(1),
    client.snapshot(1),
    client.oneshot(1, (scope) => scope.umask()),
  ];
  for (const error of await Promise.all(calls.map(rejection))) {
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error).toMatchObject({ code: 'ENOTSUP', errno: -95, syscall: 'statfs' });
    expect(error.message).toContain(`${procRoot} is not a proc filesystem`);
  }
  const table = await client.scan({ pids: [1], fields: ['umask'] });
  expect(table.get(1)?.umask).toBeNull();
  expect(table.error(1, 'umask')).toBeInstanceOf(NotSupportedError);
});

test('a folder counts as procfs as soon as it has a process, and still does when that is gone', async () => {
  using root = new RecordedRoot();
  await using client = createClient({ threads: 1, procRoot: root.path });
  expect(await rejection(client.pids())).toBeInstanceOf(NotSupportedError);
  root.add(4321, recorded(4321));
  expect([...(await client.pids())]).toEqual([4321]);
  expect(await client.umask(4321)).toBe(0o027);
  expect(await rejection(client.umask(5))).toBeInstanceOf(NoSuchProcessError);
  rmSync(join(root.path, '4321'), { recursive: true });
  expect([...(await client.pids())]).toEqual([]);
});

test('a proc filesystem that hides its processes is empty, which is no error', async ({ skip }) => {
  skip(...lacking.otherUser);
  using root = new RecordedRoot();
  // It would show one process, the reader. As user 65534 the reader may not see even itself in a new PID namespace's /proc.
  const answer = await answerOf<unknown>(
    `import { createClient } from 'psutil-extra';
     const client = createClient({ threads: 1, procRoot: process.argv[1] });
     console.log(JSON.stringify([[...(await client.pids())], (await client.scan()).length]));`,
    {
      wrapper: [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'unshare --pid --fork mount -t proc -o hidepid=2 proc "$0" && exec "$@"',
        root.path,
        ...AS_NOBODY,
      ],
      args: [root.path],
    },
  );
  expect(answer).toEqual([[], 0]);
});

test('the error says if /proc itself is no proc filesystem', async ({ skip }) => {
  skip(...lacking.namespaces);
  const answer = await answerOf<string[]>(
    `import { createClient } from 'psutil-extra';
     const client = createClient({ threads: 1 });
     const nameOf = (call) => call.then(() => 'answered', ({ name, message }) => name + message.includes('/proc is not a proc filesystem'));
     console.log(JSON.stringify(await Promise.all([client.pids(), client.scan(), client.umask(1)].map(nameOf))));`,
    { wrapper: ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh'] },
  );
  expect(answer).toEqual(Array(3).fill('NotSupportedErrortrue'));
});
