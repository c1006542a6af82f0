import { writeParquet } from '@psutil-extra/parquet';
import { createClient, FIELDS } from 'psutil-extra';
import { afterAll, expect, it } from 'vitest';
import { Folder } from '../../parquet/files.js';
import { Database } from './database.js';

const client = createClient();
afterAll(() => client.close());

it('DuckDB finds every field of every process, of the values that the client has', async () => {
  using folder = new Folder();
  using database = await Database.open(folder.path);
  const table = await client.scan({ fields: [...FIELDS] });
  await writeParquet(folder.file('all.parquet'), table, { host: 'here', time: 1_700_000_000_123 });
  const processes = table.toArray();
  const columns = await database.rows("SELECT column_name FROM (DESCRIBE SELECT * FROM 'all.parquet')");
  expect(columns.map((row) => row['column_name'])).toEqual(['host', 'time', 'pid', ...FIELDS]);
  for (const field of FIELDS) {
    const read = await database.rows(`SELECT pid, ${field} AS value FROM 'all.parquet'`);
    const missing = processes.filter((row) => row[field] === null).map(({ pid }) => pid);
    expect({ field, missing: read.filter(({ value }) => value === null).map(({ pid }) => pid) }).toEqual({
      field,
      missing,
    });
  }
  const rows = await database.rows(
    "SELECT pid, memory.rss, startTime, umask, cmdline, len(memoryMaps) AS maps, memoryMaps[1].start AS first, memoryMaps[-1].end AS last, threadList[1].cpuTimes.user AS used, len(fds) AS open, rlimits.RLIMIT_AS.soft AS space, epoch_ms(time) AS at FROM 'all.parquet'",
  );
  for (const row of rows) {
    const is = processes.find(({ pid }) => pid === row['pid']);
    expect(row).toEqual({
      pid: is?.pid,
      rss: is?.memory?.rss ?? null,
      startTime: is?.startTime == null ? null : new Date(is.startTime),
      umask: is?.umask ?? null,
      cmdline: is?.cmdline ?? null,
      maps: is?.memoryMaps == null ? null : BigInt(is.memoryMaps.length),
      first: is?.memoryMaps?.[0]?.start ?? null,
      last: is?.memoryMaps?.at(-1)?.end ?? null,
      used: is?.threadList?.[0]?.cpuTimes.user ?? null,
      open: is?.fds == null ? null : BigInt(is.fds.length),
      space: is?.rlimits?.RLIMIT_AS?.soft ?? null,
      at: 1_700_000_000_123n,
    });
  }
});
