import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { record } from '@psutil-extra/parquet';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, it } from 'vitest';
import { counted } from './counted.js';
import { Folder } from './files.js';
import { Recorder } from './recorder.js';
import { damage, recordedBy, TIME } from './recordings.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const recorded = recordedBy(client);
describe('a journal that is damaged', () => {
  it('of this host gets another name, and the result says so; recording goes on', async () => {
    using folder = new Folder();
    const name = damage(folder.path, 'web');
    const bytes = readFileSync(folder.file(name));
    const counts = await recorded(1, { directory: folder.path });
    expect(counts).toMatchObject({
      files: 1,
      recovered: 0,
      damaged: [{ journal: folder.file(`${name}.bad`), reason: expect.stringMatching(/./) }],
    });
    expect(readFileSync(folder.file(`${name}.bad`))).toEqual(bytes);
    expect(folder.names).toHaveLength(2);
  });

  it('of this host that cannot be read gets another name too', async () => {
    using folder = new Folder();
    const name = `.web-${TIME}.journal`;
    mkdirSync(folder.file(name));
    const { damaged } = await recorded(1, { directory: folder.path });
    expect(damaged).toEqual([{ journal: folder.file(`${name}.bad`), reason: expect.stringContaining('EISDIR') }]);
    expect(folder.files).toHaveLength(1);
  });

  it('of this host is made a file when it is given its name again, and can be read', async () => {
    using folder = new Folder();
    const killed = new Recorder({ directory: folder.path, host: 'web', interval: 10 });
    await killed.hasBegun(3);
    await killed.end('SIGKILL');
    const name = folder.names.find((each) => each.endsWith('.journal')) as string;
    const bad = folder.file(`${name}.bad`);
    renameSync(folder.file(name), bad);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 1, recovered: 0 });
    renameSync(bad, folder.file(name));
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 2, recovered: 1, damaged: [] });
  });

  it('of this host is reported once', async () => {
    using folder = new Folder();
    damage(folder.path, 'web');
    await recorded(1, { directory: folder.path });
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ damaged: [] });
    expect(folder.files).toHaveLength(2);
  });

  it('does not keep the others of this host from being finished', async () => {
    using folder = new Folder();
    const killed = new Recorder({ directory: folder.path, host: 'web', interval: 10 });
    await killed.hasBegun(3);
    await killed.end('SIGKILL');
    damage(folder.path, 'web');
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 2, recovered: 1 });
  });

  it('does not keep the others of another host from being finished', async () => {
    using folder = new Folder();
    const killed = new Recorder({ directory: folder.path, host: 'other', interval: 10 });
    await killed.hasBegun(3);
    await killed.end('SIGKILL');
    damage(folder.path, 'other');
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 2, recovered: 1, damaged: [] });
  });

  it.each([
    ['has no Arrow', (folder: Folder) => damage(folder.path, 'other')],
    ['cannot be read', (folder: Folder) => mkdirSync(folder.file(`.other-${TIME}.journal`))],
    [
      'has a file half made that cannot be removed',
      (folder: Folder) => mkdirSync(folder.file(`.other-${TIME}.parquet.tmp`)),
    ],
  ])('of another host, or what belongs to it, is left to that one: it %s', async (_, make) => {
    using folder = new Folder();
    damage(folder.path, 'other', '20260102T030405.007Z');
    make(folder);
    const before = folder.names;
    const counts = await recorded(1, { directory: folder.path });
    expect(counts).toMatchObject({ files: 1, recovered: 0 });
    expect(counts.damaged).toEqual([]);
    expect(folder.names.filter((name) => name.startsWith('.'))).toEqual(before);
  });
});

describe('a thread that dies', () => {
  it('leaves no lock, so that the same process can record again', async () => {
    using folder = new Folder();
    let thread: Worker | undefined;
    process.once('worker', (worker) => {
      thread = worker;
    });
    const { client: counting, signal } = counted(client, 100, (scan) => (scan === 3 ? thread?.terminate() : undefined));
    const options = { directory: folder.path, host: 'web', fields: ['name'], interval: 10 } as const;
    await expect(record(counting, { ...options, signal })).rejects.toThrow('the thread that writes has ended');
    expect(folder.names).toEqual([expect.stringMatching(/^\.web-.*\.journal$/)]);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ files: 2, recovered: 1 });
  });

  it('leaves the lock that another one has meanwhile', async () => {
    using folder = new Folder();
    let thread: Worker | undefined;
    process.once('worker', (worker) => {
      thread = worker;
    });
    const lock = folder.file('.web.recorder');
    const { client: counting, signal } = counted(client, 100, async (scan) => {
      if (scan !== 3) return;
      const owner = JSON.parse(readFileSync(lock, 'utf8'));
      writeFileSync(lock, JSON.stringify({ ...owner, id: randomUUID() }));
      await thread?.terminate();
    });
    const options = { directory: folder.path, host: 'web', fields: ['name'], interval: 10, signal } as const;
    await expect(record(counting, options)).rejects.toThrow('the thread that writes has ended');
    expect(folder.names).toContain('.web.recorder');
  });
});

/** The lock of a recorder that was killed. */
async function lockOfKilled(folder: Folder): Promise<string> {
  const recorder = new Recorder({ directory: folder.path, host: 'web', interval: 10 });
  await recorder.hasBegun(1);
  await recorder.end('SIGKILL');
  return folder.file('.web.recorder');
}

describe('an attempt to take a lock', () => {
  it('that was killed is removed by the next recorder', async () => {
    using folder = new Folder();
    const lock = await lockOfKilled(folder);
    const attempt = `${lock}.${randomUUID()}`;
    writeFileSync(attempt, readFileSync(lock));
    renameSync(lock, `${attempt}.old`);
    // One that had not said yet who it is.
    const unwritten = `${lock}.${randomUUID()}`;
    writeFileSync(unwritten, '');
    utimesSync(unwritten, 1, 1);
    await recorded(1, { directory: folder.path });
    expect(folder.names.filter((name) => name.includes('.recorder'))).toEqual([]);
  });

  it('that goes on is left, and so are files of other programs', async () => {
    using folder = new Folder();
    const lock = await lockOfKilled(folder);
    const going = `.web.recorder.${randomUUID()}`;
    writeFileSync(
      folder.file(going),
      JSON.stringify({ ...JSON.parse(readFileSync(lock, 'utf8')), machine: 'elsewhere' }),
    );
    writeFileSync(folder.file(`${going}.old`), '');
    writeFileSync(folder.file('.web.recorder.bak'), '');
    await recorded(1, { directory: folder.path });
    const left = folder.names.filter((name) => name.startsWith('.'));
    expect(left).toEqual([going, `${going}.old`, '.web.recorder.bak'].sort());
  });
});
