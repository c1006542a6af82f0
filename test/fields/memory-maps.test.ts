import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type MemoryMap } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { kilobytes } from '../processes/proc.js';
import { Python } from '../processes/python.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

let python: Python;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-maps-'));
  python = await Python.start();
  await python.run(`import mmap; os.chdir(${JSON.stringify(folder)})`);
  await python.run(
    'mapped = lambda name: (lambda f: (os.truncate(f, 1 << 20), mmap.mmap(f, 1 << 20), os.close(f))[1])(os.open(name, os.O_RDWR | os.O_CREAT))',
  );
});
afterEach(() => {
  python[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const under = async (prefix: string): Promise<MemoryMap[]> =>
  (await client.memoryMaps(python.pid)).filter(({ path }) => path?.startsWith(prefix));

test('they are the lines of maps, in their order', async () => {
  const lines = readFileSync(`/proc/${python.pid}/maps`, 'utf8').trimEnd().split('\n');
  const ours = (await client.memoryMaps(python.pid)).map(
    ({ start, end, permissions, offset, device, inode, path }) =>
      `${hex(start)}-${hex(end)} ${permissions} ${hex(offset)} ${device} ${inode} ${path ?? ''}`,
  );
  expect(ours).toEqual(
    lines.map((line) => line.replace(/ +/g, ' ').replace(/ $/, '') + (/ {2}/.test(line) ? '' : ' ')),
  );
});

/** As the kernel writes addresses: at least eight digits. */
const hex = (address: bigint) => address.toString(16).padStart(8, '0');

test('sizes are those of smaps in bytes', async () => {
  const maps = await client.memoryMaps(python.pid);
  const parts = readFileSync(`/proc/${python.pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  expect(parts).toHaveLength(maps.length);
  for (const [i, { start, end, path, ...sizes }] of maps.entries()) {
    const of = (key: string) => kilobytes(new RegExp(`^${key}:(.*)$`, 'm').exec(parts[i] as string)?.[1]);
    expect(sizes.size).toBe(Number(end - start));
    expect(sizes.size).toBe(of('Size'));
    expect([sizes.anonymous, sizes.swap]).toEqual([of('Anonymous'), of('Swap')]);
    // What is shared is known only while all who share it stand still.
    if (path !== null && path !== '[heap]' && path !== '[stack]') continue;
    expect([sizes.rss, sizes.pss, sizes.sharedClean, sizes.sharedDirty]).toEqual([
      of('Rss'),
      of('Pss'),
      of('Shared_Clean'),
      of('Shared_Dirty'),
    ]);
    expect([sizes.privateClean, sizes.privateDirty, sizes.referenced]).toEqual([
      of('Private_Clean'),
      of('Private_Dirty'),
      of('Referenced'),
    ]);
  }
});

test('a file that is mapped and touched has its path, inode and sizes', async () => {
  await python.run('m = mapped("plain"); m[0] = 1; m[4096] = 1');
  const inode = await python.run<number>('os.stat("plain").st_ino');
  expect(await under(folder)).toMatchObject([
    { path: `${folder}/plain`, deleted: false, inode, size: 1 << 20, permissions: 'rw-s', offset: 0n },
  ]);
  expect((await under(folder))[0]?.rss).toBeGreaterThanOrEqual(8192);
});

test('a file that is deleted has its former path', async () => {
  await python.run('m = mapped("gone"); os.unlink("gone")');
  expect(await under(folder)).toMatchObject([{ path: `${folder}/gone`, deleted: true }]);
});

test('a file whose own name ends in " (deleted)" is not deleted', async () => {
  await python.run('m = mapped("odd (deleted)")');
  expect(await under(folder)).toMatchObject([{ path: `${folder}/odd (deleted)`, deleted: false }]);
});

test('a path with a newline, or with a backslash, is that path', async () => {
  await python.run('m = mapped("new\\nline"), mapped("a\\\\n")');
  const paths = new Set((await under(folder)).map(({ path }) => path));
  expect(paths).toEqual(new Set([`${folder}/a\\n`, `${folder}/new\nline`]));
});

test('anonymous memory has no path, and the stack its name', async () => {
  const maps = await client.memoryMaps(python.pid);
  expect(maps.some(({ path }) => path === '[stack]')).toBe(true);
  const anonymous = maps.filter(({ path }) => path === null);
  expect(anonymous.length).toBeGreaterThan(0);
  for (const { inode, deleted, device } of anonymous) expect([inode, deleted, device]).toEqual([0, false, '00:00']);
});

test('in total they are what pmap prints', async () => {
  const [, kilo] = /^ *total +(\d+)K$/m.exec(execFileSync('pmap', [String(python.pid)], { encoding: 'utf8' })) ?? [];
  const maps = await client.memoryMaps(python.pid);
  expect(maps.reduce((total, { size }) => total + size, 0)).toBe(Number(kilo) * 1024);
});

test('in JSON start, end and offset are hexadecimal text, in a snapshot and a row too', async () => {
  const [first] = (await client.memoryMaps(python.pid)) as [MemoryMap];
  expect([typeof first.start, typeof first.end, typeof first.offset]).toEqual(['bigint', 'bigint', 'bigint']);
  const { start, end, offset, ...rest } = first;
  const expected = {
    ...rest,
    start: `0x${start.toString(16)}`,
    end: `0x${end.toString(16)}`,
    offset: `0x${offset.toString(16)}`,
  };
  expect(JSON.parse(JSON.stringify(first))).toEqual(expected);
  const snapshot = await client.snapshot(python.pid, { fields: ['memoryMaps'] });
  expect(JSON.parse(JSON.stringify(snapshot)).memoryMaps[0]).toMatchObject({ start: expected.start });
  const table = await client.scan({ pids: [python.pid], fields: ['memoryMaps'] });
  expect(JSON.parse(JSON.stringify(table))[0].memoryMaps[0]).toMatchObject({ end: expected.end });
  expect(structuredClone(first)).toEqual(first);
});
