import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noEvents } from '../events/sources.js';
import { lacking } from '../processes/abilities.js';
import { runNode } from '../processes/node.js';
import { sleeper } from '../processes/sleeper.js';

/** The files of /proc/PID that a program, or its main thread, opens while it does `work`, as strace(1) sees it. */
async function opened(pid: number, work: string, by: 'program' | 'main thread' = 'program'): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-strace-'));
  try {
    const trace = join(folder, 'trace');
    const ended = await runNode(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 2 });
       const pid = ${pid};
       ${work}`,
      { wrapper: ['strace', '-f', '-e', 'trace=open,openat,openat2', '-o', trace] },
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const lines = readFileSync(trace, 'utf8').split('\n');
    const [main] = (lines[0] as string).split(' ');
    const own = by === 'program' ? lines : lines.filter((line) => line.startsWith(`${main} `));
    return [...own.join('\n').matchAll(new RegExp(`"(?:/proc/)?${pid}/?([^"]*)"`, 'g'))].map(
      ([, file]) => file as string,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a scope in which all five fields are asked for opens status once, and nothing else', async ({ skip }) => {
  skip(...lacking.strace);
  using process = await sleeper();
  const files = await opened(
    process.pid,
    'await client.oneshot(pid, async (p) => { await p.umask(); await p.groups(); await p.sigmasks(); await p.pgid(); await p.sid(); });',
  );
  expect(files).toEqual(['status']);
});

test('outside a scope each call opens it anew', async ({ skip }) => {
  skip(...lacking.strace);
  using process = await sleeper();
  const files = await opened(
    process.pid,
    'await client.umask(pid); await client.umask(pid); await client.groups(pid);',
  );
  expect(files).toEqual(['status', 'status', 'status']);
});

test('equal calls at once open it once', async ({ skip }) => {
  skip(...lacking.strace);
  using process = await sleeper();
  const files = await opened(process.pid, 'await Promise.all(Array.from({ length: 100 }, () => client.umask(pid)));');
  expect(files).toEqual(['status']);
});

test('pgid and sid alone open no file', async ({ skip }) => {
  skip(...lacking.strace);
  using process = await sleeper();
  expect(await opened(process.pid, 'await Promise.all([client.pgid(pid), client.sid(pid)]);')).toEqual([]);
});

test('the main thread opens no file of other processes when events begin', async ({ skip }) => {
  skip(...lacking.strace);
  skip(...noEvents);
  using process = await sleeper();
  const files = await opened(
    process.pid,
    `const { spawn } = await import('node:child_process');
     const events = client.events();
     const first = events.next();
     for (let i = 0; i < 10; i++) spawn('true');
     await first;
     await events.return();`,
    'main thread',
  );
  expect(files).toEqual([]);
});
