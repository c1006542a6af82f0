import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, NoSuchProcessError } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { RecordedRoot } from '../../processes/recorded-root.js';
import { rejection, rejections } from '../../processes/rejection.js';

const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-roots-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['a file', 'ENOTDIR', () => writeFileSync(join(folder, 'root'), '')],
  ['nothing at all', 'ENOENT', () => rmSync(join(folder, 'root'), { force: true })],
])('a procRoot that is %s is %s to every call', async (_, code, make) => {
  make();
  const procRoot = join(folder, 'root');
  await using client = createClient({ threads: 1, procRoot });
  const calls = [client.pids(), client.scan(), client.umask(1), client.process(1), client.snapshot(1)];
  for (const error of await rejections(calls)) {
    expect(error.code).toBe(code);
    expect(error.message).toContain(procRoot);
  }
  const table = await client.scan({ pids: [1], fields: ['umask'] });
  expect([table.get(1)?.umask, table.error(1, 'umask')?.code]).toEqual([null, code]);
});

test('a procRoot that is a link is what it links to', async () => {
  const procRoot = join(folder, 'link');
  symlinkSync('/proc', procRoot);
  await using client = createClient({ threads: 1, procRoot });
  await using direct = createClient({ threads: 1 });
  expect(await client.snapshot(process.pid)).toEqual(await direct.snapshot(process.pid));
});

test('a procRoot that vanishes is never answered from a cache, and is read again when it is back', async () => {
  using root = new RecordedRoot();
  root.add(4321);
  await using client = createClient({ threads: 1, procRoot: root.path });
  expect(await client.umask(4321)).toBe(0o027);
  rmSync(join(root.path, '4321'), { recursive: true });
  expect(await rejection(client.umask(4321))).toBeInstanceOf(NoSuchProcessError);
  const aside = join(folder, 'aside');
  renameSync(root.path, aside);
  expect(await rejection(client.umask(4321))).toHaveProperty('code');
  renameSync(aside, root.path);
  root.add(4321);
  expect(await client.umask(4321)).toBe(0o027);
});
