import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, named } from '../cli-child.js';
import { COMMAND, outcomeOf, psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { until } from '../processes/until.js';
import { Terminal } from './terminal.js';

const MISSING = '/nowhere/psutil_extra.node';

describe('where the addon is missing', () => {
  it.each([
    [['rlimit', '1']],
    [['rlimit', '1', 'nofile']],
    [['rlimit', '1', 'nofile=5:1', 'core']],
    [['rlimit', '1', 'nofil']],
    [['show', '1']],
    [['show', '--json', '1']],
    [['groups', '1']],
    [['signals', '1']],
    [['fds', '1']],
    [['maps', '1']],
    [['env', '1']],
    [['connections', '1']],
    [['connections']],
    [['tree']],
    [['scan']],
    [['scan', '--sort', '-nofile']],
    [['scan', '--csv', '--fields', 'rlimits']],
    [['scan', '--watch']],
  ])('%j reports that, and not an error in the command line', async (args) => {
    const { code, stdout, stderr } = await psutilExtra(args, { PSUTIL_EXTRA_ADDON: MISSING });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^psutil-extra: psutil-extra's addon could not be loaded .*PSUTIL_EXTRA_ADDON.*\n$/);
  });

  it('an error in the command line is still reported', async () => {
    const { code, stderr } = await psutilExtra(['show', 'nobody'], { PSUTIL_EXTRA_ADDON: MISSING });
    expect(code).toBe(2);
    expect(stderr).toContain("argument value 'nobody' is invalid");
  });
});

describe('an error', () => {
  it('is in lines that fit the terminal, and breaks no word', async ({ skip }) => {
    skip(...lacking.tmux);
    const env = { PSUTIL_EXTRA_ADDON: MISSING };
    using terminal = new Terminal(40, 24, [process.execPath, COMMAND, 'show', '1'], env);
    const lines = await until('it has ended', () => {
      const screen = terminal.screen();
      return screen.at(-1) === 'ended with 1' ? screen : undefined;
    });
    expect(lines[0]).toBe("psutil-extra: psutil-extra's addon could");
    expect(lines).toContain('Tried:');
    expect(lines).toContain(`  ${MISSING}: there is`);
    expect(lines).toContain('  no such file');
  });

  it('is one line elsewhere', async () => {
    const { stderr } = await psutilExtra(['scan', '--fields', 'nothing'], { COLUMNS: '40' });
    expect(stderr).toMatch(/^psutil-extra: .{100,}\n$/);
  });

  it.each([
    { args: ['scan', '--proc-root', '/\x1b[31m\u202e'], code: 1 },
    { args: ['scan', '--sort', '\x1b[31m\u202e'], code: 2 },
    { args: ['--\x1b[31m\u202e'], code: 2 },
    { args: ['\x1b[31m\u202e'], code: 2 },
  ])('sends no control characters to the terminal: $args', async ({ args, code }) => {
    const outcome = await psutilExtra(args);
    expect(outcome.stderr).toContain('\\x1b[31m\\u{202e}');
    expect(outcome.stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(outcome.code).toBe(code);
  });
});

describe('names that are invisible, or that a terminal acts on', () => {
  const NAMES = ['\u3164\u2800', '\u0301\u0302', 'a\x1b[31m\r', '  ', '\u00a0'];
  const SHOWN = ['\\u{3164}\\u{2800}', '\\u{301}\\u{302}', 'a\\x1b[31m\\r', '\\x20\\x20', '\\xa0'];
  let children: Child[];
  let pids: string[];

  beforeAll(async () => {
    children = await Promise.all(NAMES.map(named));
    pids = children.map(({ pid }) => String(pid));
  });

  afterAll(() => Promise.all(children.map((child) => child[Symbol.asyncDispose]())));

  it.each([
    [['scan', '--fields', 'name']],
    [['scan', '--csv', '--fields', 'name']],
    [['scan']],
    [['tree']],
    [['show']],
    [['groups']],
    [['signals']],
  ])('are shown as escapes: %j', async (args) => {
    const { stdout } = await psutilExtra(args[0] === 'scan' || args[0] === 'tree' ? args : [...args, ...pids]);
    // CSV has quotes around spaces at an end.
    const expected = args.includes('--csv') ? SHOWN.with(SHOWN.indexOf('\\x20\\x20'), ',"  "') : SHOWN;
    for (const shown of expected) expect(stdout).toContain(shown);
    expect(stdout.replaceAll(/\r?\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{DI}\u2800\u00a0]/u);
  });

  it.each([
    ['scan', '--json'],
    ['scan', '--ndjson'],
    ['show', '--json'],
  ])('are escaped by %s %s, and parse to the same names', async (...args) => {
    const { stdout } = await psutilExtra(args[0] === 'scan' ? [...args, '--fields', 'name'] : [...args, ...pids]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{DI}\u2800\u00a0]|"\p{M}/u);
    const text = args.includes('--ndjson') ? `[${stdout.trimEnd().replaceAll('\n', ',')}]` : stdout;
    const names = new Map((JSON.parse(text) as { pid: number; name: string }[]).map(({ pid, name }) => [pid, name]));
    expect(children.map(({ pid }) => names.get(pid))).toEqual(NAMES);
  });

  it('are shown as escapes by --watch', async ({ skip }) => {
    skip(...lacking.tmux);
    await using child = await named(`\u3164w${process.pid}`);
    const watch = [
      process.execPath,
      COMMAND,
      'scan',
      '--fields',
      'name',
      '--watch',
      '60',
      '--name',
      `^\u3164w${process.pid}$`,
    ];
    using terminal = new Terminal(60, 8, watch);
    const line = await until('it is drawn', () => terminal.screen().find((each) => each.includes(`${child.pid} `)));
    expect(line).toContain(`\\u{3164}w${process.pid}`);
    terminal.press('q');
    await until('q ends it', () => terminal.screen().join() === 'ended with 0');
  });
});

describe('a --proc-root that is no proc filesystem', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'psutil-extra-no-procfs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [['scan']],
    [['scan', '--pid', '1']],
    [['scan', '--json', '--pid', '1', '--fields', 'umask']],
    [['tree']],
    [['show', '1']],
    [['show', '--json', '1']],
    [['groups', '1']],
    [['signals', '1']],
    [['rlimit', '1']],
    [['fds', '1']],
    [['maps', '1']],
    [['env', '1']],
    [['connections']],
  ])('%j ends with 1, says so, and prints no process', async (args) => {
    const { code, stdout, stderr } = await psutilExtra([...args, '--proc-root', folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${folder} is not a proc filesystem`);
  });
});

describe('in a working directory that has been removed', () => {
  it.each([
    { args: ['scan', '--json', '--fields', 'umask'], code: 0 },
    { args: ['show', '--json', String(process.pid)], code: 0 },
    { args: ['rlimit', '--json', String(process.pid)], code: 0 },
    { args: ['--help'], code: 0 },
    { args: ['scan', '--json', '--proc-root', '/proc'], code: 0 },
    { args: ['scan', '--proc-root', 'proc'], code: 2 },
  ])('$args ends with $code', async ({ args, code }) => {
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-removed-'));
    try {
      const script = 'cd "$1"; rmdir "$1"; shift; exec "$@"';
      const outcome = await outcomeOf('sh', ['-c', script, 'sh', folder, process.execPath, COMMAND, ...args]);
      expect({ ...outcome, code: outcome.code }).toMatchObject({ code });
      if (code === 0) expect(outcome.stdout).not.toBe('');
      else expect(outcome.stderr).toContain('the working directory has been removed');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
