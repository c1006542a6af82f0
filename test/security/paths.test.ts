import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAddon } from '@psutil-extra/native';
import { expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { runNode } from '../processes/node.js';
import { RecordedRoot } from '../processes/recorded-root.js';

/** Calls with all that a caller chooses, between two files that mark the section in the trace. */
const PROGRAM = `import { accessSync } from 'node:fs';
  import { createClient, FIELDS } from 'psutil-extra';
  const mark = (name) => { try { accessSync('/psutil-extra-' + name); } catch {} };
  const [, procRoot] = process.argv;
  const client = createClient({ threads: 1, procRoot });
  // Also what is loaded for the first oneshot, and in the thread after its first answer.
  await client.oneshot(4321, (scope) => scope.umask()).catch(() => {});
  await client.scan({ pids: [4321] });
  const odd = ['..', '../../etc/passwd', '/etc/passwd', '4321/../../etc', '4321/root/etc/passwd', 'self', '\\0', '%2e%2e'];
  const procs = [4321, -1, 0, -0, 2 ** 31 - 1, -(2 ** 31), 1.5, NaN, ...odd, { toString: () => '../etc' }, ['..']];
  mark('begins');
  for (const proc of procs) {
    const calls = [client.snapshot(proc, { fields: FIELDS }), client.process(proc), client.rlimits(proc), client.scan({ pids: [proc], fields: FIELDS })];
    calls.push(client.oneshot(proc, (scope) => scope.snapshot({ fields: FIELDS })));
    for (const text of odd) calls.push(client.getrlimit(4321, text), client.snapshot(4321, { fields: [text] }));
    calls.push(client.rlimit(proc, 'RLIMIT_CORE', { soft: 0, hard: 0 }));
    await Promise.allSettled(calls);
  }
  await client.scan({ fields: FIELDS });
  await client.pids();
  mark('ends');
  await client.close();`;

/** What is read beneath the directory of a process: fixed names. */
const FILES = [...loadAddon().capabilities.sources, 'task'].join('|');

test('whatever a caller passes, only files of processes beneath procRoot are opened', async ({ skip }) => {
  skip(...lacking.strace);
  using root = new RecordedRoot();
  root.add(4321);
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-strace-'));
  try {
    const trace = join(folder, 'trace');
    const ended = await runNode(PROGRAM, {
      wrapper: ['strace', '-f', '-y', '-e', 'trace=%file,openat2', '-o', trace],
      args: [root.path],
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const lines = readFileSync(trace, 'utf8').split('\n');
    const begins = lines.findIndex((line) => line.includes('/psutil-extra-begins'));
    const ends = lines.findIndex((line) => line.includes('/psutil-extra-ends'));
    expect(begins).toBeGreaterThan(0);
    expect(ends).toBeGreaterThan(begins + 10);
    const named = lines.slice(begins + 1, ends).filter((line) => /"/.test(line) && !line.includes('resumed>'));
    const within = new RegExp(
      `<${root.path}(?:/\\d+)?>, "(?:-?\\d+(?:/(?:${FILES}))?|${FILES}|ns/[a-z]+|net/[a-z0-9]+|\\.|)"`,
    );
    // What the identity of a Process begins with.
    const boot = new RegExp(`<${root.path}>, "sys/kernel/random/boot_id"`);
    const itself = new RegExp(`AT_FDCWD(?:<[^>]*>)?, "${root.path}(?:/stat)?"`);
    // The read of how long the main thread waited while a scan worked.
    const waiting = /AT_FDCWD(?:<[^>]*>)?, "\/proc\/(?:self\/task\/\d+|thread-self)\/schedstat"/;
    expect(named.length).toBeGreaterThan(10);
    // V8 reads the processors' clock rate at any time.
    const clock = /AT_FDCWD(?:<[^>]*>)?, "\/sys\/devices\/system\/cpu\//;
    // The C library reads this once, when it frees memory.
    const memory = /AT_FDCWD(?:<[^>]*>)?, "\/proc\/sys\/vm\/overcommit_memory"/;
    const permitted = [within, boot, itself, waiting, clock, memory];
    expect(named.filter((line) => !permitted.some((path) => path.test(line)))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
