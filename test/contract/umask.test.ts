import { createClient, ZombieProcessError } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { stateOf, statusLine } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('umask is the number that the process itself has set', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o027)');
  expect(await client.umask(python.pid)).toBe(0o027);
});

test('umask is the octal number that procfs prints', async () => {
  expect(await client.umask(1)).toBe(Number.parseInt(statusLine(1, 'Umask') ?? '', 8));
});

test.each([0, 0o777])('umask %o is returned', async (umask) => {
  using python = await Python.start();
  await python.run(`os.umask(${umask})`);
  expect(await client.umask(python.pid)).toBe(umask);
});

test('outside a scope a changed umask is read again', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o022)');
  const before = await client.umask(python.pid);
  await python.run('os.umask(0o077)');
  const after = await client.umask(python.pid);
  expect([before, after]).toEqual([0o022, 0o077]);
});

test('reading it does not change it', async () => {
  using python = await Python.start();
  await python.run('os.umask(0o031)');
  await client.umask(python.pid);
  expect(await python.run('os.umask(0o031)')).toBe(0o031);
});

test('a zombie has none', async () => {
  using python = await Python.start();
  const zombie = await python.run<number>('zombie()');
  await until('the child is a zombie', () => stateOf(zombie) === 'Z');
  expect(await rejection(client.umask(zombie))).toBeInstanceOf(ZombieProcessError);
});
