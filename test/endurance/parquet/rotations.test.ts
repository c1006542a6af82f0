import { readdirSync } from 'node:fs';
import { record } from '@psutil-extra/parquet';
import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { counted } from '../../parquet/counted.js';
import { Folder } from '../../parquet/files.js';
import { held } from '../memory.js';
import { report, scaled } from '../scale.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** As many files as a recorder makes in a day, one an hour; in a long run in two months. */
const FILES = scaled(24, 1440);
const WARM = 8;
const MOST = { values: 2 ** 20, resident: 32 * 2 ** 20 };

test(
  'memory, descriptors and threads are flat while one file follows another',
  async () => {
    using folder = new Folder();
    const seen: { values: number; resident: number; descriptors: number; threads: number }[] = [];
    const { client: counting, signal } = counted(client, FILES, async (scan) => {
      if (scan !== WARM && scan !== FILES) return;
      const descriptors = readdirSync('/proc/self/fd').length;
      const { values } = await held();
      seen.push({
        values,
        resident: process.memoryUsage().rss,
        descriptors,
        threads: readdirSync('/proc/self/task').length,
      });
    });
    const options = { directory: folder.path, fields: ['name', 'cmdline', 'memory'] as const, maxBytes: 1, keep: 5 };
    const { files } = await record(counting, { ...options, interval: 10, signal });
    expect(files).toBe(FILES);
    expect(folder.names).toHaveLength(5);
    const [before, after] = seen as [(typeof seen)[0], (typeof seen)[0]];
    report(`${FILES} files: ${JSON.stringify(before)}, then ${JSON.stringify(after)}`);
    expect(after.values - before.values).toBeLessThan(MOST.values);
    expect(after.resident - before.resident).toBeLessThan(MOST.resident);
    // A file may be in the making at either moment: its thread, and what it has open.
    expect(Math.abs(after.descriptors - before.descriptors)).toBeLessThan(20);
    expect(Math.abs(after.threads - before.threads)).toBeLessThan(10);
  },
  scaled(300_000, 3_600_000),
);
