import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, NotSupportedError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { runNode } from '../processes/node.js';
import { RecordedRoot } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';
import { FailingCalls } from './faults.js';

const SLOW = 5;
const QUICK = 6;

/** A root with a process whose `status` is `made` by a command, and one that is as it should be. */
function rootWith(make: (status: string) => void): RecordedRoot {
  const root = new RecordedRoot();
  root.add(QUICK);
  mkdirSync(join(root.path, String(SLOW)));
  make(join(root.path, String(SLOW), 'status'));
  return root;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const began = performance.now();
  const value = await work();
  return { value, milliseconds: performance.now() - began };
}

test('a pipe in the place of a file, to which no process writes, blocks no call', async () => {
  using root = rootWith((status) => execFileSync('mkfifo', [status]));
  await using client = createClient({ threads: 1, procRoot: root.path });
  const { value, milliseconds } = await timed(() => rejection(client.umask(SLOW)));
  expect(value).toBeInstanceOf(NotSupportedError);
  expect(milliseconds).toBeLessThan(5000);
  expect(await client.umask(QUICK)).toBe(0o27);
});

test('a file without end is EFBIG', async () => {
  using root = rootWith((status) => symlinkSync('/dev/zero', status));
  await using client = createClient({ threads: 1, procRoot: root.path });
  expect(await rejection(client.umask(SLOW))).toMatchObject({
    name: 'ProcessError',
    code: 'EFBIG',
    syscall: 'read',
    pid: SLOW,
  });
  expect(await client.umask(QUICK)).toBe(0o27);
});

describe.concurrent('a pipe that is open for writing, and into which nothing is written,', () => {
  test('is ETIMEDOUT after ten seconds, and the thread goes on', async () => {
    using root = new RecordedRoot();
    root.add(QUICK);
    root.addSlow(SLOW);
    await using client = createClient({ threads: 1, procRoot: root.path });
    const { value, milliseconds } = await timed(() => rejection(client.umask(SLOW)));
    expect(value).toMatchObject({ name: 'ProcessError', code: 'ETIMEDOUT', syscall: 'read', pid: SLOW });
    expect(milliseconds).toBeGreaterThan(9000);
    expect(milliseconds).toBeLessThan(20_000);
    expect(await client.umask(QUICK)).toBe(0o27);
  });

  test('holds one thread, and the others answer', async () => {
    using root = new RecordedRoot();
    root.add(QUICK);
    root.addSlow(SLOW);
    await using client = createClient({ threads: 2, procRoot: root.path });
    let answered = false;
    const slow = client.umask(SLOW).finally(() => {
      answered = true;
    });
    await root.held(SLOW);
    for (let i = 0; i < 100; i++) expect(await client.umask(QUICK)).toBe(0o27);
    expect(answered).toBe(false);
    root.release(SLOW);
    expect(await slow).toBe(0o27);
  });

  test('delays the end of a program, once its client is closed, by no more than those ten seconds', async () => {
    using root = new RecordedRoot();
    root.addSlow(SLOW);
    const { value, milliseconds } = await timed(() =>
      runNode(
        `import { createClient } from 'psutil-extra';
         const client = createClient({ threads: 1, procRoot: process.argv[1] });
         const pending = client.umask(${SLOW}).catch((error) => console.log(error.code));
         setTimeout(() => client.close(), 500);
         await pending;`,
        { args: [root.path] },
      ),
    );
    expect(value).toMatchObject({ code: 0, stdout: 'ERR_CLIENT_CLOSED\n', stderr: '' });
    expect(milliseconds).toBeLessThan(20_000);
  });
});

test('close() ends within two seconds though a thread is in a system call that does not', async ({ skip }) => {
  skip(...lacking.preload);
  using calls = new FailingCalls();
  using process = await sleeper();
  const { value, milliseconds } = await timed(() =>
    calls.runWithSlowRead(
      6000,
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       const pending = client.umask(Number(process.argv[1])).catch((error) => error.code);
       while (!isFailing()) await new Promise((resolve) => setTimeout(resolve, 10));
       const began = performance.now();
       await client.close();
       console.log(JSON.stringify([await pending, performance.now() - began]));`,
      process.pid,
    ),
  );
  expect(value).toMatchObject({ code: 0, stderr: '' });
  const [code, closing] = JSON.parse(value.stdout) as [string, number];
  expect(code).toBe('ERR_CLIENT_CLOSED');
  expect(closing).toBeGreaterThan(900);
  expect(closing).toBeLessThan(5500);
  // The program itself ends when that call returns: Node waits for its threads.
  expect(milliseconds).toBeGreaterThan(6000);
});
