import { record } from '@psutil-extra/parquet';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, it } from 'vitest';
import { counted } from '../../parquet/counted.js';
import { Folder } from '../../parquet/files.js';
import { Recorder } from '../../parquet/recorder.js';
import { Database } from './database.js';

const KILLS = 30;
const client = createClient({ threads: 1 });
afterAll(() => client.close());

describe(`a recorder that is killed ${KILLS} times at any moment`, () => {
  it('leaves files that DuckDB reads, and loses at most the reading that was being made', async () => {
    using folder = new Folder();
    using database = await Database.open(folder.path);
    // New files all the time, so that it is killed while it makes them too.
    const options = { directory: folder.path, host: 'web', interval: 10, maxAge: 60 };
    let begun = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const recorder = new Recorder(options);
      await recorder.hasBegun(1 + (kill % 5) * 3);
      // At a moment between two lines as well.
      const later = Math.random() * 30;
      await new Promise((resolve) => setTimeout(resolve, later));
      expect(await recorder.end('SIGKILL'), await recorder.stderr).toBe('SIGKILL');
      begun += recorder.begun;
      if (folder.files.length === 0) continue;
      const [seen] = await database.rows("SELECT count(DISTINCT time) AS readings, count(*) AS rows FROM '*.parquet'");
      // All but what is in the journal, which the next one finishes.
      expect(Number(seen?.['readings'])).toBeGreaterThan(0);
      const files = await database.rows("SELECT DISTINCT filename FROM read_parquet('*.parquet', filename = true)");
      expect(files).toHaveLength(folder.files.length);
    }
    const { client: counting, signal } = counted(client, 1);
    await record(counting, { ...options, fields: ['name', 'memory', 'cmdline'], signal });
    const [all] = await database.rows("SELECT count(DISTINCT time) AS readings FROM '*.parquet'");
    expect(Number(all?.['readings'])).toBeGreaterThanOrEqual(begun - KILLS);
    const twice = await database.rows("SELECT time, pid FROM '*.parquet' GROUP BY ALL HAVING count(*) > 1");
    expect(twice).toEqual([]);
    // Nothing is left but files.
    expect(folder.names).toHaveLength(folder.files.length);
  }, 600_000);
});
