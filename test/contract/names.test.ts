import { readFileSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { Python } from '../processes/python.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const NAMES: [string, string][] = [
  ['spaces', 'b"a b c"'],
  ['parentheses', 'b") S 1 (x"'],
  ['a line of status', String.raw`b"x\nUmask:\t0777"`],
  ['another line of status', String.raw`b"\nGroups:\t9 9"`],
  ['backslashes', String.raw`b"\\n\\\\ \\101"`],
  ['a tab and a bell', String.raw`b"\t\x07"`],
  ['letters that are not ASCII', 'bytes([0xe6, 0x97, 0xa5, 0xe6, 0x9c, 0xac])'],
  ['bytes that are not UTF-8', 'bytes([0xff, 0xfe, 0x41])'],
  ['half of a letter', 'bytes([0x41, 0xe6, 0x97])'],
  ['nothing', 'b""'],
];

test.each(NAMES)('a name of %s is returned as /proc/PID/comm has it', async (_, bytes) => {
  using python = await Python.start();
  await python.run(`rename(${bytes})`);
  const comm = readFileSync(`/proc/${python.pid}/comm`).subarray(0, -1);
  expect(await client.name(python.pid)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(comm));
});

test.each(NAMES)('a name of %s changes no other field', async (_, bytes) => {
  using python = await Python.start();
  const plain = await client.snapshot(python.pid, { fields: ALL });
  await python.run(`rename(${bytes})`);
  expect(JSON.stringify(await client.snapshot(python.pid, { fields: ALL }))).toBe(JSON.stringify(plain));
});

test('a name is the same from every file that holds it', async () => {
  using python = await Python.start();
  await python.run(String.raw`rename(b"a\\b\nc)")`);
  // startTime brings it from `stat`, umask from `status`.
  const fromStat = await client.snapshot(python.pid, { fields: ['name', 'startTime'] });
  const fromStatus = await client.snapshot(python.pid, { fields: ['name', 'umask'] });
  expect(fromStat.name).toBe('a\\b\nc)');
  expect(fromStatus.name).toBe(fromStat.name);
});

const ALL = ['ppid', 'uids', 'gids', 'groups', 'umask', 'sigmasks', 'pgid', 'sid', 'threads', 'startTime'] as const;
