import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { until } from '../processes/until.js';
import { FIELDS } from './reading.js';
import { Terminal } from './terminal.js';

const COMMANDS = [
  'scan',
  'top',
  'show',
  'rlimit',
  'groups',
  'signals',
  'fds',
  'maps',
  'env',
  'connections',
  'tree',
  'kill',
  'wait',
  'events',
  'record',
  'serve',
  'completion',
];
/** Those with every way to choose processes, or every command. */
const MOST: Readonly<Record<string, number>> = { '--help': 32, scan: 44, top: 34 };
const PAGE = new URL('../../packages/client/man/psutil-extra.1', import.meta.url);

describe('completion in bash', () => {
  let script: string;

  beforeAll(async () => {
    script = (await psutilExtra(['completion', 'bash'])).stdout;
  });

  /** What bash offers for a line; the last word is the one that is being written. */
  function offered(...words: string[]): string[] {
    const program = `${script}\nCOMP_WORDS=(psutil-extra "$@"); COMP_CWORD=$#; compopt() { :; }; _psutil_extra; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const stdout = execFileSync('bash', ['--norc', '-c', program, 'bash', ...words], { encoding: 'utf8' });
    return stdout.trim().split('\n');
  }

  it.each([
    { words: ['s'], offers: ['scan', 'show', 'signals', 'serve'] },
    { words: ['serve', '--group-by', 'c'], offers: ['cgroup', 'container'] },
    { words: ['serve', '--config', '/etc/os-rel'], offers: ['/etc/os-release'] },
    { words: ['scan', '--js'], offers: ['--json'] },
    { words: ['scan', '--fields', 'um'], offers: ['umask'] },
    { words: ['scan', '--fields', 'name,um'], offers: ['name,umask'] },
    { words: ['scan', '--user', 'roo'], offers: ['root'] },
    { words: ['scan', '--sort', '-um'], offers: ['-umask'] },
    { words: ['top', '--fields', 'name,cpuP'], offers: ['name,cpuPercent'] },
    { words: ['top', '--sort', '-wr'], offers: ['-write'] },
    { words: ['show', '--fields', 'name,cmdl'], offers: ['name,cmdline'] },
    { words: ['connections', '--li'], offers: ['--listen'] },
    { words: ['l'], offers: ['list'] },
    { words: ['find', '--ig'], offers: ['--ignore-case'] },
    { words: ['list', '-o', 'name,um'], offers: ['name,umask'] },
    { words: ['scan', '--state', 'zombie,st'], offers: ['zombie,stopped'] },
    { words: ['top', '-r', 'par'], offers: ['parked'] },
    { words: ['tree', '--color', 'al'], offers: ['always'] },
    { words: ['scan', '-p', 'se'], offers: ['self'] },
    { words: ['show', 'se'], offers: ['self'] },
    { words: ['kill', 'se'], offers: [''] },
    { words: ['top', '--cou'], offers: ['--count'] },
    { words: ['rlimit', '1', 'nof'], offers: ['nofile'] },
    { words: ['rlimit', '1', 'nofile', 'cor'], offers: ['core'] },
    { words: ['completion', ''], offers: ['bash', 'zsh', 'fish'] },
  ])('of $words offers $offers', ({ words, offers }) => {
    expect(offered(...words)).toEqual(offers);
  });

  it.each(COMMANDS.filter((command) => !['scan', 'top', 'events', 'record', 'serve', 'completion'].includes(command)))(
    'of %s offers PIDs',
    (command) => {
      expect(offered(command, String(process.pid))).toContain(String(process.pid));
    },
  );

  it('offers every command that help knows', async () => {
    const { stdout } = await psutilExtra(['--help']);
    const [, commands = ''] = /^Commands:\n((?:.+\n)*)/m.exec(stdout) ?? [];
    const names = Array.from(commands.matchAll(/^ {2}(\w+)/gm), ([, name]) => name);
    expect(names).toEqual(COMMANDS);
    expect(offered('')).toEqual(['scan', 'list', 'find', ...COMMANDS.slice(1), '--help', '--version']);
  });

  it('offers every option of every command that help knows', async () => {
    for (const command of COMMANDS) {
      const { stdout } = await psutilExtra([command, '--help']);
      const flags = Array.from(stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)(?:, (--\w+))?/gm), (found) =>
        found.slice(1).filter((flag) => flag !== undefined),
      ).flat();
      expect(new Set(offered(command, '--'))).toEqual(new Set(flags));
    }
  });
});

describe('completion in other shells', () => {
  it('fish takes the script, and offers commands, fields and resources', async ({ skip }) => {
    skip(...lacking.shell('fish'));
    const { stdout: script } = await psutilExtra(['completion', 'fish']);
    const offered = (line: string) =>
      execFileSync('fish', ['--no-config', '-c', `${script}\ncomplete -C '${line}'`], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((each) => each.split('\t')[0]);
    expect(offered('psutil-extra s')).toEqual(['scan', 'show', 'signals']);
    expect(offered('psutil-extra find --st')).toEqual(['--state']);
    expect(offered('psutil-extra list -r zombie,st')).toEqual(['zombie,stopped']);
    expect(offered('psutil-extra show se')).toEqual(['self']);
    expect(offered('psutil-extra scan --fields name,um')).toEqual(['name,umask']);
    expect(offered('psutil-extra rlimit 1 nof')).toEqual(['nofile']);
    expect(offered('psutil-extra scan --js')).toEqual(['--json']);
  });

  it('zsh takes the script, and writes out what is unique', async ({ skip }) => {
    skip(...lacking.tmux);
    skip(...lacking.shell('zsh'));
    const { stdout: script } = await psutilExtra(['completion', 'zsh']);
    const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-zsh-'));
    try {
      await writeFile(join(folder, 'completion'), script);
      const zshrc = `PS1='> '; autoload -Uz compinit; compinit -u -D; source ${folder}/completion\n`;
      await writeFile(join(folder, '.zshrc'), zshrc);
      using terminal = new Terminal(120, 20, ['zsh', '-i'], { ZDOTDIR: folder });
      await until('a prompt', () => terminal.screen()[0] === '>');
      for (const [typed, whole] of [
        ['psutil-extra sig', 'psutil-extra signals'],
        ['psutil-extra scan --js', 'psutil-extra scan --json'],
        ['psutil-extra scan --fields name,um', 'psutil-extra scan --fields name,umask'],
        ['psutil-extra rlimit 1 nof', 'psutil-extra rlimit 1 nofile'],
        ['psutil-extra find --ig', 'psutil-extra find --ignore-case'],
        ['psutil-extra list -r zombie,st', 'psutil-extra list -r zombie,stopped'],
        ['psutil-extra show sel', 'psutil-extra show self'],
      ] as const) {
        terminal.press('C-u', typed, 'Tab');
        // Behind an item of a list zsh puts the comma that the next one would need.
        await until(whole, () => terminal.screen()[0]?.trimEnd().replace(/,$/, '') === `> ${whole}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a shell that it does not know, and names those that it does', async () => {
    const { code, stderr } = await psutilExtra(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish. See');
  });
});

describe('the manual page', () => {
  it('says what the command line says: node packages/client/man/write.mjs writes it anew', async () => {
    const { manual } = await import('../../packages/client/dist/cli/manual.mjs');
    const { program } = await import('../../packages/client/dist/cli/program.mjs');
    expect(readFileSync(PAGE, 'utf8')).toBe(manual(program(), FIELDS));
  });

  it('is in a list in the manifest: npm links no page that is named by itself', () => {
    const manifest = readFileSync(new URL('../../packages/client/package.json', import.meta.url), 'utf8');
    expect((JSON.parse(manifest) as { man: unknown }).man).toEqual(['./man/psutil-extra.1']);
  });

  it('passes mandoc, except for its missing date', ({ skip }) => {
    skip(...lacking.mandoc);
    const page = readFileSync(PAGE);
    let complaints = '';
    try {
      complaints = execFileSync('mandoc', ['-T', 'lint', '-W', 'warning'], { input: page, encoding: 'utf8' });
    } catch (error) {
      complaints = (error as { stdout: string }).stdout;
    }
    expect(complaints.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });
});

describe('help', () => {
  it.each(
    [['--help'], ...COMMANDS.map((command) => [command, '--help'])].map((args) => ({
      args,
      most: MOST[args[0] as string] ?? 24,
    })),
  )('$args has at most $most lines of 80', async ({ args, most }) => {
    const { stdout } = await psutilExtra(args);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(most);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('names every exit code', async () => {
    const { stdout } = await psutilExtra(['--help']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Exit code: 0 .*, 1 .*, 2 .*, 3 .*, 4 .*, 5 /);
  });
});
