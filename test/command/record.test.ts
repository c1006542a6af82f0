import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { COMMAND, psutilExtra } from '../cli-command.js';
import { Folder, plain, readFile, rowsOf } from '../parquet/files.js';
import { damage } from '../parquet/recordings.js';
import { until } from '../processes/until.js';
import { PASSED_ON, sentWhenOpen } from './passed-on.js';

describe('scan --parquet', () => {
  it('writes the processes that were chosen, in their order, and prints no table', async () => {
    using folder = new Folder();
    const file = folder.file('x.parquet');
    const pids = ['--pid', `self,${process.pid}`, '--sort', '-rss'];
    const { code, stdout, stderr } = await psutilExtra(['scan', '--parquet', file, '-o', 'name,umask', ...pids]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: expect.stringMatching(/^2 processes in/) });
    const { schema } = readFile(file);
    expect(schema.fields.map(({ name }) => name)).toEqual(['host', 'time', 'pid', 'name', 'umask']);
    expect(rowsOf(file).map(({ pid }) => pid)).toContain(process.pid);
  });

  it('has the fields of --audit if none are named, and redacts', async () => {
    using folder = new Folder();
    const file = folder.file('x.parquet');
    const args = ['--redact', 'vitest', '--redact', '^.*node', '-p', String(process.pid), '-o', 'name,cmdline'];
    expect(await psutilExtra(['scan', '--parquet', file, ...args])).toMatchObject({ code: 0 });
    expect(JSON.stringify(plain(rowsOf(file)[0]?.['cmdline']))).toContain('[redacted]');
    await psutilExtra(['scan', '--parquet', file, '--limit', '1']);
    expect(
      readFile(file)
        .schema.fields.map(({ name }) => name)
        .slice(3),
    ).toEqual(['name', 'pgid', 'sid', 'umask', 'groups', 'sigmasks', 'rlimits']);
  });

  it.each([
    [['scan', '--parquet', 'x', '--json'], /cannot be used with/],
    [['scan', '--parquet', 'x', '--watch'], /cannot be used with/],
    [['scan', '--redact', 'x'], /--redact is for --parquet and --arrow/],
    [['record'], /directory/],
    [['record', 'x', '--max-size', '5 miles'], /Expected a size/],
    [['record', 'x', '--max-age', 'long'], /Expected a time/],
    [['record', 'x', '--interval', '0'], /Expected a time from 0.1s to 1d/],
    [['record', 'x', '--interval', '2d'], /Expected a time from 0.1s to 1d/],
    [['record', 'x', '--interval', '5x'], /Expected a time from 0.1s to 1d/],
    [['record', 'x', '--max-age', '30', '--interval', '60'], /--max-age is less than --interval/],
    [['record', 'x', '--fields', 'nam'], /name/],
    [['record', 'x', '--redact', '('], /Invalid regular expression/],
  ])('%j is wrong', async (args, message) => {
    const { code, stdout, stderr } = await psutilExtra(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'that is interrupted by %s, which is passed on to it again, ends by it and leaves nothing',
    async (by) => {
      using folder = new Folder();
      // When the thread that writes has begun a journal.
      const flags = [...sentWhenOpen(by), ...PASSED_ON];
      const command = [COMMAND, 'scan', '--parquet', folder.file('x.parquet'), '-o', 'name'];
      const child = spawn(process.execPath, [...flags, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
      const [stdout, stderr, ended] = [text(child.stdout), text(child.stderr), once(child, 'exit')];
      expect(await ended).toEqual([null, by]);
      expect({ stdout: await stdout, stderr: await stderr, names: folder.names }).toEqual({
        stdout: '',
        stderr: '',
        names: [],
      });
    },
  );

  it('does not replace a pipe, and names it', async () => {
    using folder = new Folder();
    const fifo = folder.file('fifo');
    execFileSync('mkfifo', [fifo]);
    const { code, stderr } = await psutilExtra(['scan', '--parquet', fifo, '-o', 'name']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `psutil-extra: EEXIST: ${fifo} is no regular file, but a device, a pipe or a socket. Name another file\n`,
    });
    expect(lstatSync(fifo).isFIFO()).toBe(true);
  });

  it('fails with the system’s error where the file cannot be written', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--parquet', '/nowhere/x.parquet']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^psutil-extra: ENOENT: .*nowhere.*\n$/),
    });
  });
});

describe('record', () => {
  it('fails with the system’s error where its directory cannot be made', async () => {
    const { code, stderr } = await psutilExtra(['record', '/proc/none']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/psutil-extra: ENOENT: no such file or directory, mkdir '\/proc\/none'\n$/),
    });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes its file on %s, though that is passed on to it again, says what it has written and exits with 0',
    async (by) => {
      using folder = new Folder();
      const args = ['record', folder.path, '-d', '0.1', '--host', 'web', '-o', 'name'];
      const child = spawn(process.execPath, [...PASSED_ON, COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      const [stdout, stderr, ended] = [text(child.stdout), text(child.stderr), once(child, 'exit')];
      await until('it has begun a journal', () => folder.names.some((name) => name.endsWith('.journal')));
      child.kill(by);
      expect(await ended).toEqual([0, null]);
      expect(await stdout).toBe('');
      expect(await stderr).toMatch(
        /^recording into .* every 0\.1 s; \^C ends it\n[1-9]\d* readings? of \d+ rows in 1 file, [\d.]+K?, after \d+s(?:; .* missed: .*)?\n$/,
      );
      expect(folder.names).toEqual([expect.stringMatching(/^web-\d{8}T\d{6}\.\d{3}Z\.parquet$/)]);
      expect(rowsOf(folder.files[0] as string).map(({ pid }) => pid)).toContain(child.pid);
    },
  );

  it('says when it begins which journal is damaged, in one line without control characters', async () => {
    using folder = new Folder();
    const directory = folder.file('a\nb');
    mkdirSync(directory);
    damage(directory, 'web');
    const args = ['record', directory, '-d', '0.1', '--host', 'web', '-o', 'name'];
    const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (data) => {
      said += data;
    });
    await until('it has said it', () => said.split('\n').length > 2);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(said).toMatch(
      /^recording into .*a\\nb every .*\n.*a\\nb\/.*\.journal\.bad is damaged: [ -~]+\n\d.*; 1 journal damaged, named above(?:; .* missed: .*)?\n$/,
    );
  });
});
