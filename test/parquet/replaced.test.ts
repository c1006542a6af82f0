import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { record, writeParquet } from '@psutil-extra/parquet';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Folder, rowsOf } from './files.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

async function write(file: string): Promise<void> {
  await writeParquet(file, await client.scan({ fields: ['name'], pids: [process.pid] }));
}

describe('what has the name of the file', () => {
  it('is not replaced if it is a pipe, and the error names it', async () => {
    using folder = new Folder();
    const fifo = folder.file('fifo');
    execFileSync('mkfifo', [fifo]);
    await expect(write(fifo)).rejects.toMatchObject({
      code: 'EEXIST',
      message: expect.stringContaining(`${fifo} is no regular file`),
    });
    expect(lstatSync(fifo).isFIFO()).toBe(true);
    expect(folder.names).toEqual(['fifo']);
  });

  it('is not replaced if it is a device, which root could do', async ({ skip }) => {
    skip(...lacking.root);
    using folder = new Folder();
    const device = folder.file('null');
    try {
      execFileSync('mknod', [device, 'c', '1', '3'], { stdio: 'ignore' });
    } catch {
      skip(true, 'a device cannot be made here');
    }
    await expect(write(device)).rejects.toMatchObject({ code: 'EEXIST', path: device });
    expect(lstatSync(device).isCharacterDevice()).toBe(true);
    expect(folder.names).toEqual(['null']);
  });

  it('is not replaced if it becomes a pipe while the tables are read', async () => {
    using folder = new Folder();
    const fifo = folder.file('fifo');
    const tables = async function* () {
      yield await client.scan({ fields: ['name'] });
      execFileSync('mkfifo', [fifo]);
    };
    await expect(writeParquet(fifo, tables())).rejects.toMatchObject({ code: 'EEXIST' });
    expect(lstatSync(fifo).isFIFO()).toBe(true);
    expect(folder.names).toEqual(['fifo']);
  });

  it('is not replaced if it is a link to a pipe', async () => {
    using folder = new Folder();
    execFileSync('mkfifo', [folder.file('fifo')]);
    symlinkSync('fifo', folder.file('link'));
    await expect(write(folder.file('link'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(folder.names).toEqual(['fifo', 'link']);
  });

  it('is not replaced if it is a directory, and the error names it', async () => {
    using folder = new Folder();
    mkdirSync(folder.file('x'));
    await expect(write(folder.file('x'))).rejects.toMatchObject({
      code: 'EISDIR',
      message: expect.stringContaining(`${folder.file('x')} is a directory`),
    });
    expect(folder.names).toEqual(['x']);
  });

  it('stays if it is a link to a file, which is replaced', async () => {
    using folder = new Folder();
    mkdirSync(folder.file('there'));
    writeFileSync(folder.file('there/x.parquet'), 'old');
    symlinkSync('there/x.parquet', folder.file('link'));
    await write(folder.file('link'));
    expect(readlinkSync(folder.file('link'))).toBe('there/x.parquet');
    expect(lstatSync(folder.file('there/x.parquet')).isFile()).toBe(true);
    expect(rowsOf(folder.file('there/x.parquet'))).toHaveLength(1);
  });

  it('stays if it is a link to no file yet, which is made', async () => {
    using folder = new Folder();
    mkdirSync(folder.file('there'));
    symlinkSync('there/x.parquet', folder.file('link'));
    await write(folder.file('link'));
    expect(readlinkSync(folder.file('link'))).toBe('there/x.parquet');
    expect(readFileSync(folder.file('link')).subarray(0, 4).toString()).toBe('PAR1');
  });
});

describe('a relative name', () => {
  it('belongs to the directory in which the program was when it called', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: ['name'] });
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder.path);
    const writing = writeParquet('x.parquet', table);
    const recording = record(client, { directory: 'recorded', signal: AbortSignal.abort() });
    cwd.mockRestore();
    await Promise.all([writing, recording]);
    expect(folder.names).toEqual(['recorded', 'x.parquet']);
  });
});
