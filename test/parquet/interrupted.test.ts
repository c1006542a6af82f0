import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { record } from '@psutil-extra/parquet';
import { type Client, createClient } from 'psutil-extra';
import { afterAll, describe, expect, it } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { until } from '../processes/until.js';
import { Folder } from './files.js';
import { Recorder } from './recorder.js';
import { recordedBy, times } from './recordings.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const recorded = recordedBy(client);

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
    const disk = folder.file('disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      skip(true, 'a file system cannot be mounted here');
    }
    try {
      const recorder = new Recorder({ directory: disk, host: 'web', interval: 10 });
      expect(await recorder.ended()).toBe(1);
      expect(await recorder.stderr).toMatch(/ENOSPC: no space left on device, (?:write|fdatasync) '.*\.journal'/);
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

  it('is a limit of the size of files, which says nothing about a journal: it is not put aside', async () => {
    using folder = new Folder();
    await killed(folder, 4);
    const next = new Recorder({ directory: folder.path, host: 'web', interval: 10 }, ['prlimit', '--fsize=2000']);
    expect(await next.ended()).toBe(1);
    expect(await next.stderr).toMatch(/EFBIG/);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 2, recovered: 1, damaged: [] });
    expect(folder.names).toHaveLength(2);
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
