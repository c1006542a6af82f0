import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DEFAULT_RECORDED, record } from '@psutil-extra/parquet';
import { createClient } from 'psutil-extra';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { arrowAt, contentOf } from '../../packages/parquet/dist/thread/journal-content.js';
import { shell } from '../cli-child.js';
import { counted } from './counted.js';
import { Folder, plain, readFile, rowsOf, rowsOfArrow } from './files.js';
import { Recorder } from './recorder.js';
import { recordedBy, times } from './recordings.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());
afterEach(() => vi.restoreAllMocks());

const recorded = recordedBy(client);

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
      damaged: [],
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
    await using secret = await shell('exec sh -c "echo ready; read line" x of-a-secret');
    const journals: ReturnType<typeof textsOf>[] = [];
    const { client: counting, signal } = counted(client, 3, () => {
      for (const name of folder.names) if (name.endsWith('.journal')) journals.push(textsOf(folder.file(name)));
    });
    await record(counting, {
      directory: folder.path,
      fields: ['name', 'cmdline'],
      interval: 10,
      redact: [/.+/s],
      signal,
    });
    const [file] = folder.files as [string];
    expect(journals.map(({ readings }) => readings)).toEqual([1, 2, 3]);
    for (const { texts, bytes } of journals) {
      expect(texts).toEqual(new Set(['[redacted]']));
      expect(bytes).not.toContain('of-a-secret');
    }
    const rows = rowsOf(file);
    expect(rows.map(({ pid }) => pid)).toContain(secret.pid);
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(['[redacted]']));
  });
});

/** Every text in a journal that is not empty, and its bytes before they were compressed. */
function textsOf(path: string) {
  const descriptor = openSync(path, 'r');
  try {
    const { readings, parts } = contentOf(descriptor);
    const streams = parts.map((part) => arrowAt(descriptor, part));
    const rows = streams.flatMap(rowsOfArrow);
    const texts = rows.flatMap(({ name, cmdline }) => [name, ...((plain(cmdline) as unknown[] | null) ?? [])]);
    return {
      readings,
      texts: new Set(texts.filter((each) => each !== '')),
      bytes: Buffer.concat(streams).toString('latin1'),
    };
  } finally {
    closeSync(descriptor);
  }
}

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
    [{ onDamaged: 'x' }, 'ERR_INVALID_ARG_TYPE', /"options.onDamaged"/],
    [{ signal: {} }, 'ERR_INVALID_ARG_TYPE', /"options.signal"/],
    [{ maxbytes: 1 }, 'ERR_INVALID_ARG_VALUE', /no option 'maxbytes'/],
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
