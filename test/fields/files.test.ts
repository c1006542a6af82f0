import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Fd } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { lsof } from '../processes/descriptors.js';
import { psutil } from '../processes/psutil.js';
import { Python } from '../processes/python.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

let python: Python;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-files-'));
  python = await Python.start();
  await python.run(`os.chdir(${JSON.stringify(folder)})`);
});
afterEach(() => {
  python[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

/** What the process has at a descriptor that this Python expression opens. */
async function opened(expression: string): Promise<Fd & { number: number }> {
  const number = await python.run<number>(expression);
  const found = (await client.fds(python.pid)).find(({ fd }) => fd === number);
  if (found === undefined) throw new Error(`${expression} is not among the descriptors`);
  return Object.assign(found, { number });
}

const fstat = (fd: number, member: string) => python.run<number>(`os.fstat(${fd}).${member}`);

test('a file has its path, position, flags of open(2) and inode', async () => {
  const found = await opened(
    '(lambda f: (os.write(f, b"twelve bytes"), f)[1])(os.open("plain", os.O_RDWR | os.O_CREAT | os.O_APPEND))',
  );
  const flags = await python.run<number>('os.O_RDWR | os.O_APPEND | os.O_CLOEXEC');
  expect(found).toMatchObject({ kind: 'file', path: `${folder}/plain`, deleted: false, position: 12 });
  // The kernel adds O_LARGEFILE.
  expect((found.flags as number) & flags).toBe(flags);
  expect((found.flags as number) & (await python.run<number>('os.O_WRONLY'))).toBe(0);
  expect(found.inode).toBe(await fstat(found.number, 'st_ino'));
});

test('a position is beyond 4 GiB where the file is', async () => {
  const found = await opened('(lambda f: (os.lseek(f, 5 << 32, 0), f)[1])(os.open("large", os.O_RDWR | os.O_CREAT))');
  expect(found.position).toBe(5 * 2 ** 32);
});

test('a directory is one, and has a position and flags', async () => {
  const found = await opened('os.open(".", os.O_RDONLY | os.O_DIRECTORY)');
  expect(found).toMatchObject({ kind: 'directory', path: folder, deleted: false, position: 0 });
  expect((found.flags as number) & (await python.run<number>('os.O_DIRECTORY'))).not.toBe(0);
});

test('a file that is deleted has its former path', async () => {
  const found = await opened('(lambda f: (os.unlink("gone"), f)[1])(os.open("gone", os.O_RDWR | os.O_CREAT))');
  expect(found).toMatchObject({ kind: 'file', path: `${folder}/gone`, deleted: true });
});

test('a file whose own name ends in " (deleted)" is not deleted', async () => {
  const found = await opened('os.open("odd (deleted)", os.O_RDWR | os.O_CREAT)');
  expect(found).toMatchObject({ kind: 'file', path: `${folder}/odd (deleted)`, deleted: false });
});

test('a name with a newline, and one that is not UTF-8, are paths', async () => {
  expect(await opened('os.open("new\\nline", os.O_RDWR | os.O_CREAT)')).toMatchObject({ path: `${folder}/new\nline` });
  expect(await opened('os.open(b"a\\xff", os.O_RDWR | os.O_CREAT)')).toMatchObject({
    path: `${folder}/a\ufffd`,
    deleted: false,
  });
});

test.each([
  ['a pipe', 'os.pipe()[0]', 'pipe', /^pipe:\[\d+\]$/],
  ['a socket', 'globals().setdefault("s", __import__("socket").socket()).fileno()', 'socket', /^socket:\[\d+\]$/],
  [
    'an epoll',
    'globals().setdefault("e", __import__("select").epoll()).fileno()',
    'anon',
    /^anon_inode:\[eventpoll\]$/,
  ],
  ['a device', 'os.open("/dev/null", os.O_RDONLY)', 'char', /^\/dev\/null$/],
])('%s has its kind and the kernel’s name', async (_, expression, kind, path) => {
  const found = await opened(expression);
  expect(found).toMatchObject({ kind, path: expect.stringMatching(path), deleted: false });
  if (kind === 'pipe' || kind === 'socket') expect(found.path).toContain(`[${await fstat(found.number, 'st_ino')}]`);
});

test('a named pipe is a pipe with a path', async () => {
  expect(await opened('(os.mkfifo("fifo"), os.open("fifo", os.O_RDWR))[1]')).toMatchObject({
    kind: 'pipe',
    path: `${folder}/fifo`,
    deleted: false,
  });
});

test('memory that has a descriptor is a file without a place', async () => {
  const found = await opened('os.memfd_create("notes")');
  expect(found.kind).toBe('file');
  expect(found.path).toBe('/memfd:notes');
  expect(found.inode).toBe(await fstat(found.number, 'st_ino'));
});

test('fds are those that lsof lists, in the order of their numbers', async ({ skip }) => {
  skip(...lacking.lsof);
  await python.run(
    'files = [os.open("plain", os.O_RDWR | os.O_CREAT), os.open(".", 0), os.pipe(), os.open("/dev/zero", 0)]',
  );
  const ours = await client.fds(python.pid);
  const kinds: Record<string, string> = { REG: 'file', DIR: 'directory', FIFO: 'pipe', CHR: 'char' };
  const theirs = lsof(python.pid);
  expect(theirs.length).toBeGreaterThan(7);
  expect(ours.map(({ fd, kind }) => [fd, kind])).toEqual(
    theirs.map(({ fd, type }) => [fd, kinds[type] ?? (['unix', 'sock'].includes(type) ? 'socket' : type)]),
  );
  for (const { fd, type, name, inode } of theirs) {
    if (!['REG', 'DIR', 'CHR'].includes(type)) continue;
    expect(ours.find((each) => each.fd === fd)).toMatchObject({ path: name, inode });
  }
});

test('regular files are the open_files of psutil', async ({ skip }) => {
  skip(...lacking.psutil);
  await python.run('files = [os.open("a", os.O_RDWR | os.O_CREAT), os.open("b", os.O_WRONLY | os.O_CREAT)]');
  await python.run('os.write(files[1], b"12345")');
  const theirs = psutil(python.pid, 'p.open_files()') as [string, number, number, string, number][];
  const ours = (await client.fds(python.pid)).filter(({ kind }) => kind === 'file');
  expect(ours.map(({ path, fd, position, flags }) => [path, fd, position, flags])).toEqual(
    theirs.map(([path, fd, position, , flags]) => [path, fd, position, flags]),
  );
  expect(ours.map(({ path }) => path)).toEqual([`${folder}/a`, `${folder}/b`]);
});

test('fdCount is the number of open descriptors, few or many', async () => {
  expect(await client.fdCount(python.pid)).toBe(readdirSync(`/proc/${python.pid}/fd`).length);
  await python.run('many = [os.open("/dev/null", 0) for _ in range(500)]');
  expect(await client.fdCount(python.pid)).toBe(readdirSync(`/proc/${python.pid}/fd`).length);
  expect(await client.fdCount(python.pid)).toBeGreaterThanOrEqual(503);
  expect((await client.fds(python.pid)).length).toBe(await client.fdCount(python.pid));
  expect(
    execFileSync('ls', [`/proc/${python.pid}/fd`], { encoding: 'utf8' })
      .trim()
      .split('\n'),
  ).toHaveLength(await client.fdCount(python.pid));
});
