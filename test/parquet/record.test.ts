import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DEFAULT_RECORDED, type RecordOptions, record } from '@psutil-extra/parquet';
import { type Client, createClient } from 'psutil-extra';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { until } from '../processes/until.js';
import { counted } from './counted.js';
import { Folder, readFile, rowsOf } from './files.js';
import { Recorder } from './recorder.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());
afterEach(() => vi.restoreAllMocks());

/** Records so many readings. */
function recorded(readings: number, options: RecordOptions) {
  const { client: counting, signal } = counted(client, readings);
  return record(counting, { interval: 10, fields: ['name'], host: 'web', ...options, signal });
}

const times = (file: string) => [...new Set(rowsOf(file).map(({ time }) => Number(time)))];

describe('a recording', () => {
  it('ends by its signal and says what it has written', async () => {
    using folder = new Folder();
    const counts = await recorded(5, { directory: folder.path });
    const [file, another] = folder.files as [string, undefined];
    expect(another).toBeUndefined();
    const rows = rowsOf(file);
    const bytes = readFileSync(file).length;
    expect(counts).toEqual({
      readings: times(file).length,
      rows: rows.length,
      files: 1,
      bytes,
      recovered: 0,
      missed: expect.any(Number),
    });
    expect(counts.readings).toBe(5);
    expect(rows.filter(({ pid }) => pid === process.pid)).toHaveLength(5);
    expect(folder.names).toEqual([basename(file)]);
  });

  it('that is aborted before it begins writes nothing', async () => {
    using folder = new Folder();
    const counts = await record(client, { directory: folder.path, signal: AbortSignal.abort() });
    expect(counts).toMatchObject({ readings: 0, files: 0 });
    expect(folder.names).toEqual([]);
  });

  it('has the fields that are useful over time if none are named', async () => {
    using folder = new Folder();
    const { client: counting, signal } = counted(client, 1);
    await record(counting, { directory: folder.path, interval: 10, signal });
    const names = readFile(folder.files[0] as string).schema.fields.map(({ name }) => name);
    expect(names).toEqual(['host', 'time', 'pid', ...DEFAULT_RECORDED]);
  });

  it('makes the directory', async () => {
    using folder = new Folder();
    await recorded(1, { directory: folder.file('a/b') });
    expect(readdirSync(folder.file('a/b'))).toHaveLength(1);
  });

  it('is read by owner and group alone: command lines are in it', async () => {
    using folder = new Folder();
    await recorded(1, { directory: folder.path });
    const { statSync } = await import('node:fs');
    expect(statSync(folder.files[0] as string).mode & 0o007).toBe(0);
  });

  it('begins a new file before one is too large', async () => {
    using folder = new Folder();
    const { files, readings } = await recorded(6, { directory: folder.path, maxBytes: 1 });
    expect({ files, readings }).toEqual({ files: 6, readings: 6 });
    expect(folder.files.flatMap(times)).toEqual(folder.files.flatMap(times).toSorted((a, b) => a - b));
  });

  it('begins a new file after a time', async () => {
    using folder = new Folder();
    const { files, readings } = await recorded(8, { directory: folder.path, interval: 20, maxAge: 60 });
    expect(readings).toBe(8);
    expect(files).toBeGreaterThan(2);
    for (const file of folder.files) expect(times(file).length).toBeLessThanOrEqual(4);
  });

  it('leaves as many files of its host as `keep` says, and those of others', async () => {
    using folder = new Folder();
    await recorded(1, { directory: folder.path, host: 'other' });
    await recorded(5, { directory: folder.path, maxBytes: 1, keep: 2 });
    const hosts = folder.files.map((file) => basename(file).split('-')[0]);
    expect(hosts).toEqual(['other', 'web', 'web']);
  });

  it('counts readings that it had no time for', async () => {
    using folder = new Folder();
    const { client: counting, signal } = counted(client, 2);
    const block = vi.spyOn(performance, 'now');
    let now = 0;
    // Each look at the clock is 25 ms later.
    block.mockImplementation(() => (now += 25));
    const { missed } = await record(counting, { directory: folder.path, fields: ['name'], interval: 10, signal });
    expect(missed).toBeGreaterThan(0);
  });

  it('redacts what is on the disk at any time', async () => {
    using folder = new Folder();
    const seen: string[] = [];
    const { client: counting, signal } = counted(client, 3, () => {
      for (const name of folder.names) seen.push(readFileSync(folder.file(name), 'latin1'));
    });
    await record(counting, {
      directory: folder.path,
      fields: ['name', 'cmdline'],
      interval: 10,
      redact: [/.+/],
      signal,
    });
    const [file] = folder.files as [string];
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(rowsOf(file).map(({ name }) => name))).toEqual(new Set(['[redacted]']));
  });
});

describe('names of files', () => {
  it('have the host, encoded, and the time in UTC', async () => {
    using folder = new Folder();
    vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 2, 3, 4, 5, 6));
    await recorded(1, { directory: folder.path, host: '../web 1' });
    expect(folder.names).toEqual(['%2e.%2Fweb%201-20260102T030405.006Z.parquet']);
    expect(rowsOf(folder.files[0] as string)[0]).toMatchObject({ host: '../web 1' });
  });

  it('are in the order of recording, and none is replaced, although the clock is set back', async () => {
    using folder = new Folder();
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 2));
    await recorded(2, { directory: folder.path, maxBytes: 1 });
    clock.mockReturnValue(Date.UTC(2026, 0, 1));
    await recorded(1, { directory: folder.path });
    expect(folder.names).toEqual([
      'web-20260102T000000.000Z.parquet',
      'web-20260102T000000.001Z.parquet',
      'web-20260102T000000.002Z.parquet',
    ]);
    expect(times(folder.files[2] as string)).toEqual([Date.UTC(2026, 0, 1)]);
  });

  it('cannot be longer than a name may be', async () => {
    using folder = new Folder();
    const started = recorded(1, { directory: folder.path, host: 'x'.repeat(300) });
    await expect(started).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  });
});

describe('two recorders in one directory', () => {
  it('record two hosts', async () => {
    using folder = new Folder();
    await Promise.all([
      recorded(3, { directory: folder.path, host: 'a' }),
      recorded(3, { directory: folder.path, host: 'b' }),
    ]);
    expect(folder.files.map((file) => rowsOf(file)[0]?.['host'])).toEqual(['a', 'b']);
  });

  it('of one host are an error that says who records it', async () => {
    using folder = new Folder();
    const first = new Recorder({ directory: folder.path, host: 'web', interval: 20 });
    await first.hasBegun(2);
    const second = recorded(1, { directory: folder.path });
    await expect(second).rejects.toMatchObject({
      code: 'EEXIST',
      message: expect.stringMatching(new RegExp(`process ${first.child.pid} of .* records web into .* already`)),
    });
    expect(await first.end('SIGTERM')).toBe(0);
    expect(JSON.parse(await first.stderr)).toMatchObject({ files: 1, recovered: 0 });
  });

  it('do not touch what the other is writing', async () => {
    using folder = new Folder();
    const other = new Recorder({ directory: folder.path, host: 'other', interval: 20 });
    await other.hasBegun(3);
    const { recovered } = await recorded(2, { directory: folder.path });
    expect(recovered).toBe(0);
    expect(folder.names.some((name) => /^\.other-.*\.journal$/.test(name))).toBe(true);
    const begun = other.begun;
    expect(await other.end('SIGTERM')).toBe(0);
    expect(folder.files.filter((file) => file.includes('other-')).flatMap(times).length).toBeGreaterThanOrEqual(
      begun - 1,
    );
  });
});

/** The directory of one that was killed after so many readings. */
async function killed(folder: Folder, readings: number, host = 'web'): Promise<void> {
  const recorder = new Recorder({ directory: folder.path, host, interval: 10 });
  await recorder.hasBegun(readings + 1);
  expect(await recorder.end('SIGKILL')).toBe('SIGKILL');
}

describe('what a killed recorder has left', () => {
  it('is finished by the next one of its host, but for a reading that was not whole', async () => {
    using folder = new Folder();
    await killed(folder, 4);
    expect(folder.files).toEqual([]);
    const counts = await recorded(1, { directory: folder.path });
    expect(counts).toMatchObject({ files: 2, recovered: 1 });
    expect(times(folder.files[0] as string).length).toBeGreaterThanOrEqual(4);
    expect(folder.names).toHaveLength(2);
  });

  it('is finished by one of another host too', async () => {
    using folder = new Folder();
    await killed(folder, 2, 'dead');
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 2, recovered: 1 });
    expect(folder.names.map((name) => name.split('-')[0])).toEqual(['dead', 'web']);
  });

  it('is no second file if the first was finished, and the rest not removed', async () => {
    using folder = new Folder();
    await killed(folder, 2);
    const journal = folder.names.find((name) => name.endsWith('.journal')) as string;
    copyFileSync(folder.file(journal), folder.file('copy'));
    await recorded(1, { directory: folder.path });
    renameSync(folder.file('copy'), folder.file(journal));
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 1, recovered: 0 });
    expect(folder.files).toHaveLength(3);
    expect(folder.names).toHaveLength(3);
  });

  it('is removed if it has no whole reading, or is half a file', async () => {
    using folder = new Folder();
    await killed(folder, 1);
    const [journal] = folder.names.filter((name) => name.endsWith('.journal')) as [string];
    writeFileSync(folder.file(journal), readFileSync(folder.file(journal)).subarray(0, 100));
    writeFileSync(folder.file(journal.replace('journal', 'parquet.tmp')), 'half a file');
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 1, recovered: 0 });
    expect(folder.names).toHaveLength(1);
  });

  it('does not stop one whose PID another process has now', async () => {
    using folder = new Folder();
    await killed(folder, 1);
    const [lock] = folder.names.filter((name) => name.endsWith('.recorder')) as [string];
    const owner = JSON.parse(readFileSync(folder.file(lock), 'utf8'));
    writeFileSync(folder.file(lock), JSON.stringify({ ...owner, pid: process.pid }));
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ recovered: 1 });
  });

  it('is another machine’s until that has not touched it for long', async () => {
    using folder = new Folder();
    await killed(folder, 1);
    const [lock] = folder.names.filter((name) => name.endsWith('.recorder')) as [string];
    const owner = JSON.parse(readFileSync(folder.file(lock), 'utf8'));
    writeFileSync(folder.file(lock), JSON.stringify({ ...owner, machine: 'elsewhere' }));
    await expect(recorded(1, { directory: folder.path })).rejects.toThrow(/of elsewhere records web/);
    const { utimesSync } = await import('node:fs');
    const long = Date.now() / 1000 - 61;
    utimesSync(folder.file(lock), long, long);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ recovered: 1 });
  });

  it('is left where its recorder may live, on another machine, and so is what other programs have there', async () => {
    using folder = new Folder();
    await killed(folder, 1, 'other');
    const [lock] = folder.names.filter((name) => name.endsWith('.recorder')) as [string];
    const owner = JSON.parse(readFileSync(folder.file(lock), 'utf8'));
    writeFileSync(folder.file(lock), JSON.stringify({ ...owner, machineId: 'another' }));
    writeFileSync(folder.file('.100%-20260102T030405.006Z.journal'), 'of another program');
    writeFileSync(folder.file('.yarn.lock'), '');
    const before = folder.names;
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 1, recovered: 0 });
    expect(folder.names).toEqual(expect.arrayContaining(before));
  });

  it('was on the disk before the next reading began', async () => {
    using folder = new Folder();
    const recorder = new Recorder({ directory: folder.path, host: 'web', interval: 10 });
    await recorder.hasBegun(5);
    await recorder.end('SIGKILL');
    await recorded(1, { directory: folder.path });
    expect(times(folder.files[0] as string).length).toBeGreaterThanOrEqual(recorder.begun - 1);
  });
});

describe('what fails', () => {
  it('is a directory that disappears: the error names it, and nothing is made anew', async () => {
    using folder = new Folder();
    const recorder = new Recorder({ directory: folder.file('gone'), interval: 10 });
    await recorder.hasBegun(3);
    rmSync(folder.file('gone'), { recursive: true });
    expect(await recorder.ended()).toBe(1);
    expect(await recorder.stderr).toMatch(/ENOENT: .*gone.* was removed/);
    expect(folder.names).toEqual([]);
  });

  it('is a directory that is a file', async () => {
    using folder = new Folder();
    writeFileSync(folder.file('x'), '');
    await expect(recorded(1, { directory: folder.file('x') })).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('is a full disk: what was recorded before is finished when there is space again', async ({ skip }) => {
    skip(...lacking.root);
    using folder = new Folder();
    const { execFileSync } = await import('node:child_process');
    const disk = folder.file('disk');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      skip(true, 'a file system cannot be mounted here');
    }
    try {
      const recorder = new Recorder({ directory: disk, host: 'web', interval: 10 });
      expect(await recorder.ended()).toBe(1);
      expect(await recorder.stderr).toMatch(/ENOSPC/);
      const left = readdirSync(disk);
      expect(left.some((name) => /\.journal$|\.parquet$/.test(name))).toBe(true);
      execFileSync('mount', ['-o', 'remount,size=8m', disk]);
      await recorded(1, { directory: disk });
      const files = readdirSync(disk).filter((name) => name.endsWith('.parquet'));
      expect(readdirSync(disk)).toEqual(files);
      expect(files.flatMap((name) => times(`${disk}/${name}`)).length).toBeGreaterThanOrEqual(recorder.begun - 1);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('is a limit of the size of files', async () => {
    using folder = new Folder();
    const recorder = new Recorder({ directory: folder.path, host: 'web', interval: 10 }, ['prlimit', '--fsize=40000']);
    expect(await recorder.ended()).toBe(1);
    expect(await recorder.stderr).toMatch(/EFBIG/);
    await until('what it has left is finished', async () => {
      await recorded(1, { directory: folder.path });
      return true;
    });
    expect(folder.files.flatMap(times).length).toBeGreaterThanOrEqual(recorder.begun);
  });

  it('is a scan: what was recorded before is in a file', async () => {
    using folder = new Folder();
    let scans = 0;
    const failing = Object.create(client, {
      scan: {
        value: (options: object) => (++scans > 3 ? Promise.reject(new Error('no scan')) : client.scan(options)),
      },
    }) as Client;
    await expect(record(failing, { directory: folder.path, fields: ['name'], interval: 10 })).rejects.toThrow(
      'no scan',
    );
    expect(folder.files.flatMap(times)).toHaveLength(2);
    expect(folder.names).toHaveLength(1);
  });
});

describe('arguments', () => {
  it.each([
    [{ directory: 5 }, 'ERR_INVALID_ARG_TYPE', /"options.directory"/],
    [{ directory: '' }, 'ERR_INVALID_ARG_VALUE', /'options.directory'/],
    [{ fields: ['nam'] }, 'ERR_INVALID_ARG_VALUE', /'options.fields\[0\]'.*'name'/],
    [{ interval: 9 }, 'ERR_OUT_OF_RANGE', /"options.interval"/],
    [{ interval: '60' }, 'ERR_INVALID_ARG_TYPE', /"options.interval"/],
    [{ host: '' }, 'ERR_INVALID_ARG_VALUE', /'options.host'/],
    [{ maxBytes: 0.5 }, 'ERR_OUT_OF_RANGE', /"options.maxBytes"/],
    [{ maxAge: 0 }, 'ERR_OUT_OF_RANGE', /"options.maxAge"/],
    [{ keep: 0 }, 'ERR_OUT_OF_RANGE', /"options.keep"/],
    [{ redact: /x/ }, 'ERR_INVALID_ARG_TYPE', /"options.redact"/],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE', /"options.signal"/],
    [{ maxbytes: 1 }, 'ERR_INVALID_ARG_VALUE', /no 'maxbytes'/],
  ])('reject %j', async (options, code, message) => {
    using folder = new Folder();
    const started = record(client, { directory: folder.file('x'), ...options } as never);
    await expect(started).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(folder.names).toEqual([]);
  });

  it('reject what is no client', async () => {
    await expect(record({} as never, { directory: 'x' })).rejects.toThrow(/"client"/);
  });
});
