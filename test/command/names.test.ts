import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programNames } from '../../packages/client/dist/cli/name-match.mjs';
import { shell } from '../cli-child.js';
import { psutilExtra } from '../cli-command.js';
import { commOf } from '../processes/proc.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

const NAME = `psx-${process.pid}`;

/** The PIDs that a scan with these options prints. */
async function found(...args: string[]): Promise<number[]> {
  const { stdout, code } = await psutilExtra(['scan', '--json', '--fields', 'ppid', ...args]);
  const pids = (JSON.parse(stdout) as { pid: number }[]).map(({ pid }) => pid);
  // Of its own where nothing matches.
  expect(code).toBe(pids.length === 0 ? 5 : 0);
  return pids;
}

describe('--full', () => {
  it('searches the command line, its arguments joined by spaces', async () => {
    await using child = await shell(`: ${NAME}-full`);
    expect(await found('--name', `${NAME}-full`)).toEqual([]);
    expect(await found('-f', '--name', `^sh -c : ${NAME}-full\n`)).toEqual([child.pid]);
    expect(await found('--full', '--name', `${NAME}-full`)).toContain(child.pid);
  });

  it('searches the name where there is no command line', async () => {
    // Of threads of the kernel or else of nothing: these are no less than those that have the name.
    const named = await found('--name', '^kthreadd$');
    expect(await found('--full', '--name', '^kthreadd$')).toEqual(named);
  });

  it('takes no pattern of its own', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--full']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'psutil-extra: --full searches for the pattern of --name, which is missing\n',
    });
  });
});

describe('--name of a Node.js program that is called MainThread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-names-'));
  const script = join(folder, `${NAME}-server.cjs`);
  let server: Spawned;

  beforeAll(async () => {
    // As Node.js 24 and later do it by themselves.
    writeFileSync(
      script,
      "require('node:fs').writeFileSync('/proc/self/comm', 'MainThread'); setInterval(() => {}, 1e6);",
    );
    server = new Spawned([process.execPath, '--require', '/dev/null', script, 'argument'], { stdio: 'ignore' });
    await until('it has that name', () => commOf(server.pid) === 'MainThread');
  });

  afterAll(async () => {
    await server.end();
    rmSync(folder, { recursive: true });
  });

  it('is the file name of its script', async () => {
    expect(await found('--name', `^${NAME}-server`)).toEqual([server.pid]);
  });

  it('is that of its program, and the name itself', async () => {
    expect(await found('--name', '^node')).toContain(server.pid);
    expect(await found('--name', '^MainThread$')).toContain(server.pid);
  });

  it('is not that of its folder, nor of another argument', async () => {
    expect(await found('--name', 'psutil-extra-names')).toEqual([]);
    expect(await found('--name', '^argument$')).not.toContain(server.pid);
  });
});

describe('the file names of a Node.js program', () => {
  it.each([
    { cmdline: ['/usr/bin/node', 'dir/server.js', 'x'], names: ['node', 'server.js'] },
    { cmdline: ['node', '--inspect', '-r', './hook.js', '/a/b.mjs'], names: ['node', 'b.mjs'] },
    { cmdline: ['node', '--import=./hook.js', '--', 'c.js'], names: ['node', 'c.js'] },
    { cmdline: ['node', '-e', 'code', 'argument'], names: ['node'] },
    { cmdline: ['node', '--eval=code', 'argument'], names: ['node'] },
    { cmdline: ['node', '-'], names: ['node'] },
    { cmdline: ['node'], names: ['node'] },
    { cmdline: ['a title'], names: ['a title'] },
    { cmdline: [], names: [] },
  ])('of $cmdline are $names', ({ cmdline, names }) => {
    expect(programNames(cmdline)).toEqual(names);
  });
});
