import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { FIELDS } from '@psutil-extra/native/protocol';
import { createClient } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { named, shell, withZombie } from './cli-child.js';
import { COMMAND, outcomeOf, psutilExtra } from './cli-command.js';

describe('psutil-extra scan', () => {
  it.each([
    { args: [], heads: 'PID USER TIME RSS STATE AGE COMMAND' },
    { args: ['--audit'], heads: 'PID NAME PGID SID UMASK GROUPS BLOCKED IGNORED CAUGHT NOFILE' },
  ])('with $args begins with the heads $heads', async ({ args, heads }) => {
    const { stdout, code } = await psutilExtra(['scan', ...args]);
    expect(stdout.split('\n')[0]?.trim().split(/ +/)).toEqual(heads.split(' '));
    expect(code).toBe(0);
  });

  it('prints the group, session, umask, signals and limit of open files of a process', async () => {
    await using child = await shell("umask 027; ulimit -n 512; trap '' HUP TERM; trap : USR1");
    const { stdout } = await psutilExtra(['scan', '--fields', 'umask,sigmasks,rlimits']);
    expect(lineOf(stdout, child.pid).trim().split(/ +/)).toEqual([
      String(child.pid),
      '0027',
      '-',
      'HUP,TERM',
      expect.stringContaining('USR1'),
      '512/512',
    ]);
  });

  it('shows the first few of a long list and how many more there are', async () => {
    await using child = await shell("trap '' HUP INT QUIT USR1 USR2 ALRM TERM");
    const { stdout } = await psutilExtra(['scan', '--fields', 'sigmasks']);
    expect(lineOf(stdout, child.pid)).toContain('HUP,INT,QUIT,+4');
  });

  it('aligns numbers to the right and the rest to the left', async () => {
    await using child = await shell('umask 022');
    const { stdout } = await psutilExtra(['scan', '--fields', 'pgid,umask,state']);
    const [head = ''] = stdout.split('\n');
    const line = lineOf(stdout, child.pid);
    expect(line.slice(0, head.indexOf('PID') + 3).trim()).toBe(String(child.pid));
    expect(line.slice(head.indexOf('PID') + 3, head.indexOf('PGID') + 4).trim()).toBe(String(await groupOf(child.pid)));
    expect(line.slice(head.indexOf('UMASK'))).toMatch(/^0022 {3}\w+$/);
  });

  it('aligns by display width: a character may take two columns', async () => {
    await using child = await named('名前');
    const { stdout } = await psutilExtra(['scan', '--fields', 'name,umask']);
    const [head = ''] = stdout.split('\n');
    expect(lineOf(stdout, child.pid).search(/\d{4}$/)).toBe(head.indexOf('UMASK') - '名前'.length);
  });

  it('puts "?" where a field could not be read, and goes on', async () => {
    await using parent = await withZombie();
    const zombie = async () => {
      const { stdout, code } = await psutilExtra(['scan', '--fields', 'state,umask,ppid']);
      expect(code).toBe(0);
      return stdout.split('\n').find((line) => line.endsWith(` ${parent.pid}`));
    };
    await expect.poll(zombie, { timeout: 20_000 }).toMatch(/^ *\d+ {2}zombie +\? +\d+$/);
  });

  it('prints the number of processes and the duration last, on stderr', async () => {
    const { stdout, stderr } = await psutilExtra(['scan', '--fields', 'pid']);
    expect(stderr).toMatch(/^\d+ processes in \d+ ms\n$/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(Number.parseInt(stderr, 10) + 1);
  });
});

describe('psutil-extra scan --json', () => {
  it('is one array with the values that the library returns', async () => {
    await using child = await shell('umask 077; ulimit -n 256');
    await using client = createClient({ threads: 1 });
    const rows = JSON.parse((await psutilExtra(['scan', '--json'])).stdout) as { pid: number }[];
    const fields = ['name', 'pgid', 'sid', 'umask', 'groups', 'sigmasks', 'rlimits'] as const;
    const snapshot = await client.snapshot(child.pid, { fields });
    const expected = JSON.stringify(snapshot, (_, value) => (value === Infinity ? 'unlimited' : value));
    expect(rows.find(({ pid }) => pid === child.pid)).toEqual(JSON.parse(expected));
  });

  it('writes no limit as "unlimited"', async () => {
    await using child = await shell('ulimit -S -c 0');
    const { stdout } = await psutilExtra(['scan', '--json', '--fields', 'rlimits']);
    const rows = JSON.parse(stdout) as { pid: number; rlimits: Record<string, unknown> }[];
    const row = rows.find(({ pid }) => pid === child.pid);
    expect(row?.rlimits['RLIMIT_AS']).toEqual({ soft: 'unlimited', hard: 'unlimited' });
  });

  it('counts its rows on stderr and leaves stdout to the array', async () => {
    const { stdout, stderr } = await psutilExtra(['scan', '--json', '--fields', 'ppid']);
    expect(JSON.parse(stdout)).toHaveLength(Number.parseInt(stderr, 10));
  });
});

describe('a name', () => {
  const HOSTILE = 'a\u001b[31m\n\t\\b';
  const UNSEEN = '\u202e\u009bc\u007f';

  it('cannot send escape sequences or line breaks to the terminal', async () => {
    await using child = await named(HOSTILE);
    const { stdout } = await psutilExtra(['scan', '--fields', 'name']);
    expect(lineOf(stdout, child.pid)).toMatch(/ {2}a\\x1b\[31m\\n\\t\\\\b$/);
  });

  it('cannot turn the writing direction or hide', async () => {
    await using child = await named(UNSEEN);
    const { stdout } = await psutilExtra(['scan', '--fields', 'name']);
    expect(lineOf(stdout, child.pid)).toMatch(/ {2}\\u\{202e\}\\x9bc\\x7f$/);
  });

  it('is escaped in JSON too, and parses to what it is', async () => {
    await using child = await named(UNSEEN);
    const { stdout } = await psutilExtra(['scan', '--json', '--fields', 'name']);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(stdout)).toContainEqual({ pid: child.pid, name: UNSEEN });
  });
});

describe('the width of a line', () => {
  it('is unlimited in a pipe', async () => {
    const { stdout } = await psutilExtra(['scan', '--audit']);
    expect(lineOf(stdout, process.pid)).toMatch(/\d+\/(\d+|unlimited)$/);
  });

  it('is at most COLUMNS, and what is beyond is cut, not wrapped', async () => {
    const { stdout, stderr } = await psutilExtra(['scan'], { COLUMNS: '21' });
    const lines = stdout.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(21);
    expect(lines).toHaveLength(Number.parseInt(stderr, 10) + 1);
  });

  it.skipIf(!existsSync('/usr/bin/script'))('is at most that of the terminal', async () => {
    const command = `stty cols 33; '${process.execPath}' '${COMMAND}' scan`;
    const { stdout } = await outcomeOf('/usr/bin/script', ['-qec', command, '/dev/null']);
    const lines = stripVTControlCharacters(stdout)
      .split('\r\n')
      .filter((line) => /^ *(PID|\d+) /.test(line));
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map((line) => line.length))).toBe(33);
  });

  it('ignores an invalid COLUMNS', async () => {
    const { stdout } = await psutilExtra(['scan', '--audit'], { COLUMNS: '-3' });
    expect(stdout.split('\n')[0]).toMatch(/NOFILE$/);
  });
});

describe('a reader that closes the pipe', () => {
  it('ends the command quietly and without an error', async () => {
    const script = '{ "$0" "$@"; echo "exit $?" >&2; } | head -1';
    const { stdout, stderr } = await outcomeOf('sh', ['-c', script, process.execPath, COMMAND, 'scan', '--json']);
    expect(stdout).toBe('[\n');
    expect(stderr.replace(/^\d+ processes in \d+ ms\n/, '')).toBe('exit 0\n');
  });

  it.each([
    [['scan']],
    [['scan', '--csv']],
    [['scan', '--arrow']],
    [['scan', '--watch']],
    [['show', String(process.pid)]],
    [['signals', String(process.pid)]],
    [['fds', String(process.pid)]],
    [['maps', '--ndjson', String(process.pid)]],
    [['env', '--json', String(process.pid)]],
    [['connections']],
    [['tree', '--json']],
    [['rlimit', String(process.pid)]],
    [['completion', 'zsh']],
    [['--help']],
  ])('may close it before the first line of %j', async (args) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });
});

describe('failures', () => {
  it.each([
    { args: [], why: 'no command' },
    { args: ['scna'], why: 'an unknown command' },
    { args: ['scan', '--wide'], why: 'an unknown option' },
    { args: ['scan', '--fields'], why: 'an option without its value' },
    { args: ['scan', '--fields', 'name,rss'], why: 'an unknown field' },
    { args: ['scan', '--proc-root', ''], why: 'an empty root' },
    { args: ['scan', '1'], why: 'an argument too many' },
    { args: ['scan', '--full'], why: '--full without --name' },
    { args: ['scan', '--audit', '--fields', 'name'], why: 'two lists of fields' },
    { args: ['show', '--all', '--fields', 'name', '1'], why: 'two lists of fields' },
    { args: ['show', '--fields', 'nmae', '1'], why: 'an unknown field' },
    { args: ['fds'], why: 'no PID' },
    { args: ['fds', '1', '2'], why: 'a PID too many' },
    { args: ['tree', '--json', '--ndjson'], why: 'two formats' },
    { args: ['connections', '--port', '65536'], why: 'a port that there cannot be' },
  ])('ends with 2 and says so on stderr: $why', async ({ args }) => {
    const { code, stdout, stderr } = await psutilExtra(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('names the fields that there are where one is unknown', async () => {
    const { stderr } = await psutilExtra(['scan', '--fields', 'name,rss']);
    expect(stderr).toMatch(/^psutil-extra: .*must be one of name, ppid, .*'rss'\n$/);
  });

  it('ends with 1 and one line on stderr where the system refuses', async () => {
    const { code, stdout, stderr } = await psutilExtra(['scan', '--proc-root', '/no/such/root']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^psutil-extra: ENOENT: .*\n$/);
  });

  it.skipIf(!existsSync('/dev/full'))('ends with 1 where what it prints cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [COMMAND, 'scan'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    const [stderr, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'close')]);
    expect(stderr).toMatch(/^psutil-extra: ENOSPC: .*\n$/);
    expect(code).toBe(1);
  });
});

describe('help and version', () => {
  it('help names every field', async () => {
    const { stdout } = await psutilExtra(['scan', '--help']);
    for (const { name } of FIELDS) expect(stdout).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('--version is that of the package', async () => {
    const manifest = readFileSync(new URL('../packages/client/package.json', import.meta.url), 'utf8');
    const { stdout } = await psutilExtra(['--version']);
    expect(stdout).toBe(`${(JSON.parse(manifest) as { version: string }).version}\n`);
  });
});

function lineOf(stdout: string, pid: number): string {
  return stdout.split('\n').find((line) => Number.parseInt(line, 10) === pid) ?? '';
}

async function groupOf(pid: number): Promise<number> {
  await using client = createClient({ threads: 1 });
  return await client.pgid(pid);
}
