import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Damaged, record, writeParquet } from '@psutil-extra/parquet';
import { createClient, type ProcessTable } from 'psutil-extra';
import { afterAll, describe, expect, it } from 'vitest';
import { counted } from './counted.js';
import { Folder, rowsOf } from './files.js';
import { changeByte, damagedReadings, recordedBy, TIME, times } from './recordings.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const recorded = recordedBy(client);

describe('a journal with damage between whole readings', () => {
  it.each([0, 2, 3])('becomes a file of all but reading %i, is kept, and is reported', async (damaged) => {
    using folder = new Folder();
    const name = damagedReadings(folder.path, 'web', 5, [damaged]);
    const bytes = readFileSync(folder.file(name));
    const file = folder.file(`web-${TIME}.parquet`);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({
      files: 2,
      recovered: 1,
      readings: 5,
      damaged: [
        {
          journal: folder.file(`${name}.bad`),
          reason: `1 reading in ${bytes.length / 5} bytes cannot be read; the others are in ${file}`,
        },
      ],
    });
    expect(rowsOf(file)).toHaveLength(4);
    expect(readFileSync(folder.file(`${name}.bad`))).toEqual(bytes);
    expect(folder.names).toHaveLength(3);
  });

  it('of another host becomes a file too, and is reported, because that one may never come back', async () => {
    using folder = new Folder();
    const name = damagedReadings(folder.path, 'other', 3, [1]);
    const { recovered, damaged } = await recorded(1, { directory: folder.path });
    expect({ recovered, journals: damaged.map(({ journal }) => journal) }).toEqual({
      recovered: 1,
      journals: [folder.file(`${name}.bad`)],
    });
    expect(rowsOf(folder.file(`other-${TIME}.parquet`))).toHaveLength(2);
  });

  it('is kept and reported, and no second file, if the recorder was killed when it had made the file', async () => {
    using folder = new Folder();
    const name = damagedReadings(folder.path, 'web', 3, [1]);
    copyFileSync(folder.file(name), folder.file('copy'));
    await recorded(1, { directory: folder.path });
    renameSync(folder.file('copy'), folder.file(name));
    const { recovered, damaged } = await recorded(1, { directory: folder.path });
    expect({ recovered, damaged }).toEqual({
      recovered: 0,
      damaged: [
        { journal: folder.file(`${name}.bad`), reason: expect.stringMatching(/^1 reading in .*; the others are in /) },
      ],
    });
    expect(folder.names.filter((each) => each.endsWith('.journal'))).toEqual([]);
  });

  it('of which nothing can be read is kept, and no file', async () => {
    using folder = new Folder();
    const name = damagedReadings(folder.path, 'web', 3, [0, 1, 2]);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({
      files: 1,
      damaged: [
        {
          journal: folder.file(`${name}.bad`),
          reason: expect.stringMatching(/^2 readings in \d+ bytes cannot be read; there are no others$/),
        },
      ],
    });
  });

  it('is none if only the last reading is not whole, as one that was being written', async () => {
    using folder = new Folder();
    damagedReadings(folder.path, 'web', 3, [2]);
    expect(await recorded(1, { directory: folder.path })).toMatchObject({ readings: 3, recovered: 1, damaged: [] });
    expect(folder.names).toHaveLength(2);
  });

  it('is reported by the recorder itself if it is damaged while it is written, also at its end', async () => {
    using folder = new Folder();
    const seen: Damaged[] = [];
    const { client: counting, signal } = counted(client, 3, (scan) => {
      if (scan !== 4) return;
      const journal = folder.file(folder.names.find((name) => name.endsWith('.journal')) as string);
      changeByte(journal, readFileSync(journal).length - 1);
    });
    const options = { directory: folder.path, host: 'web', fields: ['name'], interval: 10, signal } as const;
    const { readings, damaged } = await record(counting, { ...options, onDamaged: (each) => seen.push(each) });
    expect({ readings, damaged }).toEqual({
      readings: 2,
      damaged: [
        {
          journal: expect.stringMatching(/\.bad$/),
          reason: expect.stringMatching(/^1 reading in .*; the others are in /),
        },
      ],
    });
    expect(seen).toEqual(damaged);
    expect(times(folder.files[0] as string)).toHaveLength(2);
  });
});

describe('onDamaged', () => {
  it('is called once for each, before the first reading', async () => {
    using folder = new Folder();
    damagedReadings(folder.path, 'web', 3, [1]);
    const seen: (Damaged | number)[] = [];
    const { client: counting, signal } = counted(client, 2, (scan) => seen.push(scan));
    const options = { directory: folder.path, host: 'web', fields: ['name'], interval: 10, signal } as const;
    const { damaged } = await record(counting, { ...options, onDamaged: (each) => seen.push(each) });
    expect(damaged).toHaveLength(1);
    expect(seen).toEqual([...damaged, 1, 2, 3]);
  });

  it('ends the recording if it throws, and no lock is left', async () => {
    using folder = new Folder();
    damagedReadings(folder.path, 'web', 3, [1]);
    const error = new Error('of the program');
    const onDamaged = () => {
      throw error;
    };
    await expect(recorded(1, { directory: folder.path, onDamaged })).rejects.toBe(error);
    expect(folder.names).toEqual([`.web-${TIME}.journal.bad`, `web-${TIME}.parquet`]);
  });
});

describe('writeParquet()', () => {
  it('rejects, and leaves the old file, if what it has written is damaged before the file is made', async () => {
    using folder = new Folder();
    const file = folder.file('x.parquet');
    writeFileSync(file, 'old');
    async function* tables(): AsyncGenerator<ProcessTable<'name'>> {
      yield await client.scan({ fields: ['name'] });
      yield await client.scan({ fields: ['name'] });
      const journal = folder.file(folder.names.find((name) => name.endsWith('.journal')) as string);
      changeByte(journal, readFileSync(journal).length - 1);
    }
    await expect(writeParquet(file, tables())).rejects.toThrow(/is damaged: 1 reading in \d+ bytes cannot be read$/);
    expect(folder.names).toEqual(['x.parquet']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});
