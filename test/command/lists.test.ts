import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, type Outcome, outcomeOf, psutilExtra } from '../cli-command.js';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { Python } from '../processes/python.js';
import { UNUSED_PID } from '../processes/sleeper.js';

/** A path and a value with what a terminal acts on, what turns the direction, a line break and a backslash. */
const HOSTILE = 'a\u001b[31m\n\u202e\\b';
const ESCAPED = 'a\\x1b[31m\\n\\u{202e}\\\\b';

let folder: string;
let python: Python;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'psutil-extra-lists-'));
  python = await Python.start(['env', `HOSTILE=${HOSTILE}`, 'EMPTY=']);
  const lines = [
    'import os, socket, mmap',
    `files = [open(${JSON.stringify(join(folder, 'kept'))}, "w+b"), open(${JSON.stringify(join(folder, HOSTILE))}, "w+b")]`,
    'sockets = [socket.create_server(("127.0.0.1", 0)), socket.create_server(("::1", 0), family=socket.AF_INET6)]',
    'sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)); sockets[2].bind(("127.0.0.1", 0))',
    'sockets.append(socket.create_connection(sockets[0].getsockname()))',
    'sockets.append(socket.socket(socket.AF_UNIX)); sockets[4].bind("\\0psx-" + str(os.getpid()))',
    'files[0].write(b"x" * 10000); files[0].flush(); mapping = mmap.mmap(files[0].fileno(), 8192)',
    `os.remove(${JSON.stringify(join(folder, HOSTILE))})`,
  ];
  for (const line of lines) await python.run(line);
});

afterAll(async () => {
  await python.end();
  rmSync(folder, { recursive: true });
});

/** What a command prints of the process. */
async function printed(command: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await psutilExtra([command, ...args, String(python.pid)]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function json<T>(command: string, ...args: string[]): Promise<T[]> {
  return JSON.parse(await printed(command, '--json', ...args)) as T[];
}

describe('psutil-extra fds', () => {
  it('prints a line for each descriptor, with its access, position and path', async () => {
    const stdout = await printed('fds');
    const [heads, ...lines] = stdout.trimEnd().split('\n');
    expect(heads?.trim().split(/ +/)).toEqual(['FD', 'KIND', 'ACCESS', 'POSITION', 'DELETED', 'PATH']);
    const fd = await python.run<number>('files[0].fileno()');
    const line = lines.find((each) => Number.parseInt(each, 10) === fd);
    expect(line?.trim().split(/ +/)).toEqual([String(fd), 'file', 'rw', '10000', '-', join(folder, 'kept')]);
    expect(lines).toHaveLength(
      execFileSync('ls', [`/proc/${python.pid}/fd`], { encoding: 'utf8' })
        .trim()
        .split('\n').length,
    );
  });

  it('escapes a path, and says in a column of its own that it is deleted', async () => {
    const fd = await python.run<number>('files[1].fileno()');
    const stdout = await printed('fds');
    const line = stdout.split('\n').find((each) => Number.parseInt(each, 10) === fd);
    expect(line).toMatch(/^ *\d+ +file +rw +0 +deleted +\S/);
    expect(line?.endsWith(`/${ESCAPED}`)).toBe(true);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('has the same as an array and a line each, with what the field has', async () => {
    const array = await json<{ fd: number; path: string }>('fds');
    const lines = (await printed('fds', '--ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(array);
    const fd = await python.run<number>('files[1].fileno()');
    expect(array.find((each) => each.fd === fd)).toEqual({
      pid: python.pid,
      fd,
      kind: 'file',
      path: join(folder, HOSTILE),
      deleted: true,
      position: 0,
      flags: expect.any(Number),
      inode: expect.any(Number),
    });
  });
});

describe('psutil-extra maps', () => {
  it('prints a line for each mapping, addresses as /proc has them', async () => {
    const stdout = await printed('maps');
    const [heads, ...lines] = stdout.trimEnd().split('\n');
    expect(heads?.trim().split(/ +/)).toEqual([
      'START',
      'END',
      'PERMS',
      'SIZE',
      'RSS',
      'PSS',
      'DIRTY',
      'SWAP',
      'DELETED',
      'PATH',
    ]);
    const maps = readFileSync(`/proc/${python.pid}/maps`, 'utf8').trimEnd().split('\n');
    const ranges = maps.map((line) => line.split(' ').slice(0, 2).join(' '));
    const shown = lines.map((line) => line.trim().split(/ +/));
    expect(shown.map(([start, end, permissions]) => `${start}-${end} ${permissions}`)).toEqual(
      ranges.map((range) => range.replace(/\b0+(?=[0-9a-f])/g, '')),
    );
    const line = shown.find((cells) => cells.at(-1) === join(folder, 'kept'));
    expect(line?.slice(2)).toEqual([
      'rw-s',
      '8.0K',
      expect.any(String),
      expect.any(String),
      expect.any(String),
      '0',
      '-',
      join(folder, 'kept'),
    ]);
  });

  it('has addresses as hexadecimal text in JSON', async () => {
    const mappings = await json<{ pid: number; start: string; path: string | null; size: number }>('maps');
    const mapping = mappings.find(({ path }) => path === join(folder, 'kept'));
    expect(mapping).toMatchObject({ pid: python.pid, size: 8192, offset: '0x0', deleted: false });
    expect(readFileSync(`/proc/${python.pid}/maps`, 'utf8')).toContain(mapping?.start.slice(2));
    const lines = (await printed('maps', '--ndjson')).trimEnd().split('\n');
    expect(lines).toHaveLength(mappings.length);
  });
});

describe('psutil-extra env', () => {
  it('prints a line for each variable, escaped', async () => {
    const [heads, ...lines] = (await printed('env')).trimEnd().split('\n');
    expect(heads).toMatch(/^NAME +VALUE$/);
    expect(lines.find((line) => line.startsWith('HOSTILE '))).toMatch(/^HOSTILE +a/);
    expect(lines.find((line) => line.startsWith('HOSTILE '))?.endsWith(` ${ESCAPED}`)).toBe(true);
    expect(lines.find((line) => line.startsWith('EMPTY'))?.trim()).toBe('EMPTY');
    const count = readFileSync(`/proc/${python.pid}/environ`, 'utf8').split('\0').length - 1;
    expect(lines).toHaveLength(count);
  });

  it('has the value itself in JSON', async () => {
    const variable = { pid: python.pid, name: 'HOSTILE', value: HOSTILE };
    expect(await json('env')).toContainEqual(variable);
    const lines = (await printed('env', '--ndjson')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(variable);
  });
});

describe('psutil-extra connections', () => {
  it('of a process prints each of its sockets', async () => {
    const [heads, ...lines] = (await printed('connections')).trimEnd().split('\n');
    expect(heads?.trim().split(/ +/)).toEqual(['PID', 'NAME', 'FD', 'PROTOCOL', 'STATE', 'LOCAL', 'REMOTE']);
    const [server, six, datagrams, client] = await python.run<[number, number, number, number]>(
      '[each.getsockname()[1] for each in sockets[:4]]',
    );
    const rest = lines.map((line) => line.trim().split(/ +/).slice(3).join(' '));
    expect(rest).toEqual(
      expect.arrayContaining([
        `tcp listen 127.0.0.1:${server} -`,
        `tcp6 listen [::1]:${six} -`,
        `udp - 127.0.0.1:${datagrams} -`,
        `tcp established 127.0.0.1:${client} 127.0.0.1:${server}`,
        `unix - @psx-${python.pid} -`,
      ]),
    );
    expect(new Set(lines.map((line) => Number.parseInt(line, 10)))).toEqual(new Set([python.pid]));
  });

  it('of all processes has those too, and counts them on stderr', async () => {
    const { stdout, stderr, code } = await psutilExtra(['connections', '--ndjson']);
    const sockets = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { pid: number; local: unknown });
    const port = await python.run<number>('sockets[0].getsockname()[1]');
    expect(sockets).toContainEqual(
      expect.objectContaining({
        pid: python.pid,
        family: 'inet',
        type: 'stream',
        state: 'listen',
        local: { address: '127.0.0.1', port },
        remote: null,
      }),
    );
    expect(stderr).toMatch(
      new RegExp(`^${sockets.length} sockets in \\d+ ms(; those of \\d+ process(es)? could not be read)?\n$`),
    );
    expect(code).toBe(0);
  });

  it('--port and --listen choose', async () => {
    const port = await python.run<number>('sockets[0].getsockname()[1]');
    const datagrams = await python.run<number>('sockets[2].getsockname()[1]');
    const all = await json<{ state: string }>('connections', '--port', String(port));
    expect(all.map(({ state }) => state).toSorted()).toEqual(['established', 'listen']);
    const listening = await json<{ local: { port: number } }>('connections', '--listen', '--port', String(port));
    expect(listening.map(({ local }) => local.port)).toEqual([port]);
    expect(await json('connections', '--listen', '--port', String(datagrams))).toHaveLength(1);
  });
});

describe.each(['fds', 'maps', 'env', 'connections', 'tree'])('psutil-extra %s', (command) => {
  it('ends with 3 where there is no such process', async () => {
    const { code, stdout, stderr } = await psutilExtra([command, String(UNUSED_PID)]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^psutil-extra: no process with PID \d+; .*\n$/);
  });

  it('rejects what is no PID', async () => {
    const { code, stderr } = await psutilExtra([command, 'init']);
    expect(code).toBe(2);
    expect(stderr).toContain('It is not a PID.');
  });
});

it.for(['fds', 'maps', 'env', 'connections'])(
  'psutil-extra %s ends with 4 and names the privilege where it is denied',
  async (command, { skip }) => {
    skip(...lacking.otherUser);
    const { code, stdout, stderr } = await asNobody([command, String(python.pid)]);
    expect(stderr).toMatch(/^psutil-extra: E\w+: .*CAP_SYS_PTRACE.*\n$/);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  },
);

it('psutil-extra connections of all says of how many processes it may not read them', async ({ skip }) => {
  skip(...lacking.otherUser);
  const { code, stderr } = await asNobody(['connections']);
  expect(stderr).toMatch(/^\d+ sockets? in \d+ ms; those of \d+ process(es)? could not be read\n$/);
  expect(code).toBe(0);
});

/** Without what Node writes of the coverage, into a folder that is not this user's. */
function asNobody(args: readonly string[]): Promise<Outcome> {
  const [program, ...wrapper] = AS_NOBODY;
  return outcomeOf(program, [...wrapper, process.execPath, COMMAND, ...args], { NODE_V8_COVERAGE: undefined });
}
