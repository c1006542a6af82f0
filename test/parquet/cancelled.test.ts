import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { convert } from '../../packages/parquet/dist/thread/convert.js';
import { Journal } from '../../packages/parquet/dist/thread/journal.js';
import { Folder, streamOfArrow } from './files.js';

afterEach(() => vi.restoreAllMocks());

it('a file that is not wanted any more while it is written to the disk is not put in place', async () => {
  using folder = new Folder();
  const [journal, temporary, file] = ['x.journal', 'x.tmp', 'x.parquet'].map((name) => folder.file(name)) as [
    string,
    string,
    string,
  ];
  const begun = new Journal(journal);
  begun.append(streamOfArrow(), 1, true);
  begun.close();
  fs.writeFileSync(file, 'old');
  const cancelled = new Int32Array(1);
  const sync = vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
    cancelled[0] = 1;
  });
  await expect(convert({ journal, temporary, file, cancelled })).rejects.toMatchObject({ code: 'ABORT_ERR' });
  expect(sync).toHaveBeenCalledOnce();
  expect(fs.readFileSync(file, 'utf8')).toBe('old');
  expect(folder.names).toEqual(['x.journal', 'x.parquet']);
});
