import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeParquet } from '@psutil-extra/parquet';
import { createClient, FIELDS, type Field, type ProcessRow } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, shell, withZombie } from '../cli-child.js';
import { sleeper } from '../processes/sleeper.js';
import { Folder, plain, readFile, rowsOf } from './files.js';

const client = createClient();
let deaf: Child;

beforeAll(async () => {
  deaf = await shell("trap '' TERM; ulimit -S -n 300");
});
afterAll(async () => {
  await deaf[Symbol.asyncDispose]();
  await client.close();
});

/** What a file has for a value of the library. */
const STORED: { readonly [F in Field]?: (value: never) => unknown } = {
  sigmasks: (masks: NonNullable<ProcessRow['sigmasks']>) =>
    Object.fromEntries(
      (['pending', 'blocked', 'ignored', 'caught', 'processPending'] as const).map((set) => [
        set,
        masks[set]?.names() ?? null,
      ]),
    ),
  capabilities: (sets: NonNullable<ProcessRow['capabilities']>) =>
    Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, set.names()])),
  environ: (variables: Record<string, string>) => Object.entries(variables).map(([name, value]) => ({ name, value })),
  connections: (sockets: NonNullable<ProcessRow['connections']>) =>
    sockets.map(({ local, remote, ...rest }) => ({ ...rest, ...side('local', local), ...side('remote', remote) })),
};

function side(name: string, at: unknown): object {
  if (at === null || typeof at === 'string') return { [name]: at, [`${name}Port`]: null };
  const { address, port } = at as { address: string; port: number };
  return { [name]: address, [`${name}Port`]: port };
}

/** Without members that are missing, which a file has as nulls. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && each !== undefined)
      .map(([name, each]) => [name, compact(each)]),
  );
}

describe('a file of every field', () => {
  it('has of each process what the table has', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: [...FIELDS] });
    const time = new Date('2026-01-02T03:04:05.678Z');
    const written = await writeParquet(folder.file('all.parquet'), table, { host: 'here', time });
    expect(written).toEqual({ tables: 1, rows: table.length, bytes: readFileSync(folder.file('all.parquet')).length });
    const read = rowsOf(folder.file('all.parquet'));
    expect(read).toHaveLength(table.length);
    table.toArray().forEach((row, at) => {
      expect(read[at]).toMatchObject({ host: 'here', pid: row.pid });
      expect(Number(read[at]?.['time'])).toBe(time.getTime());
      for (const field of FIELDS) {
        const value = row[field];
        const stored = value === null ? null : (STORED[field]?.(value as never) ?? value);
        const found = read[at]?.[field] ?? null;
        const there = field === 'startTime' && found !== null ? Number(found) : plain(found);
        expect({ field, pid: row.pid, value: compact(there) }).toEqual({ field, pid: row.pid, value: compact(stored) });
      }
    });
  });

  it('has 64-bit addresses whole', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: ['memoryMaps'], pids: [process.pid] });
    await writeParquet(folder.file('maps.parquet'), table);
    const [row] = rowsOf(folder.file('maps.parquet'));
    const maps = plain(row?.['memoryMaps']) as { start: bigint; end: bigint }[];
    const expected = table.at(0)?.memoryMaps?.map(({ start, end: last }) => ({ start, last })) ?? [];
    expect(maps.map(({ start, end: last }) => ({ start, last }))).toEqual(expected);
    expect(maps.every(({ start }) => typeof start === 'bigint')).toBe(true);
  });

  it('has null where a value is missing', async () => {
    using folder = new Folder();
    await using parent = await withZombie();
    const table = await client.scan({ fields: ['ppid', 'umask', 'memoryMaps'] });
    await writeParquet(folder.file('some.parquet'), table);
    const zombie = rowsOf(folder.file('some.parquet')).find(({ ppid }) => ppid === parent.pid);
    expect(zombie).toMatchObject({ umask: null, memoryMaps: null });
  });
});

describe('a file', () => {
  it('has a sample: percent and rates, null where there was no reading before', async () => {
    using folder = new Folder();
    for await (const table of client.sample({ fields: ['cpuPercent', 'ioRates', 'memory', 'name'], interval: 50 })) {
      await writeParquet(folder.file('sample.parquet'), table);
      const read = rowsOf(folder.file('sample.parquet')).map((row) => compact(plain(row['cpuPercent'])));
      expect(read).toEqual(table.toArray().map(({ cpuPercent }) => cpuPercent));
      expect(read.some((percent) => typeof percent === 'number')).toBe(true);
      const rss = rowsOf(folder.file('sample.parquet')).map(
        (row) => (plain(row['memory']) as { rss: number } | null)?.rss,
      );
      expect(rss).toEqual(table.toArray().map(({ memory }) => memory?.rss));
      break;
    }
  });

  it('has several tables, one below the other, each with its time', async () => {
    using folder = new Folder();
    const batches = client.scanBatches({ fields: ['name'], batchSize: 5 });
    const { tables, rows } = await writeParquet(folder.file('batches.parquet'), batches);
    expect(tables).toBeGreaterThan(1);
    const read = rowsOf(folder.file('batches.parquet'));
    expect(read).toHaveLength(rows);
    expect(read.map(({ pid }) => pid)).toContain(deaf.pid);
  });

  it('has the rows and the columns that were chosen, in their order', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: ['name', 'umask', 'rlimits'] });
    await writeParquet(folder.file('few.parquet'), table, { rows: [3, 1, 2], fields: ['rlimits', 'name'] });
    const { schema } = readFile(folder.file('few.parquet'));
    expect(schema.fields.map(({ name }) => name)).toEqual(['host', 'time', 'pid', 'rlimits', 'name']);
    expect(rowsOf(folder.file('few.parquet')).map(({ pid }) => pid)).toEqual([3, 1, 2].map((at) => table.pids[at]));
  });

  it('keeps its columns where there is no process', async () => {
    using folder = new Folder();
    await writeParquet(folder.file('none.parquet'), await client.scan({ fields: ['name'], pids: [] }));
    const { numRows, schema } = readFile(folder.file('none.parquet'));
    expect({ numRows, names: schema.fields.map(({ name }) => name) }).toEqual({
      numRows: 0,
      names: ['host', 'time', 'pid', 'name'],
    });
  });

  it('does not take the table away', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: ['name'] });
    await writeParquet(folder.file('a.parquet'), table);
    expect(table.get(deaf.pid)?.name).toBe('sh');
  });
});

/** A table, and then no more. */
async function* failing() {
  yield await client.scan({ fields: ['name'] });
  throw new Error('no more tables');
}

describe('what fails', () => {
  it('leaves the file that was there, and nothing else', async () => {
    using folder = new Folder();
    writeFileSync(folder.file('old.parquet'), 'old');
    await expect(writeParquet(folder.file('old.parquet'), failing())).rejects.toThrow('no more tables');
    expect(readFileSync(folder.file('old.parquet'), 'utf8')).toBe('old');
    expect(folder.names).toEqual(['old.parquet']);
  });

  it('is a signal', async () => {
    using folder = new Folder();
    const end = new AbortController();
    const tables = async function* () {
      yield await client.scan({ fields: ['name'] });
      end.abort(new Error('enough'));
      yield await client.scan({ fields: ['name'] });
    };
    const writing = writeParquet(folder.file('x.parquet'), tables(), { signal: end.signal });
    await expect(writing).rejects.toThrow('enough');
    expect(folder.names).toEqual([]);
  });

  it('is a signal while the next table is awaited: the iterator is asked to end', async () => {
    using folder = new Folder();
    const end = new AbortController();
    const table = await client.scan({ fields: ['name'] });
    let [reads, returns] = [0, 0];
    const tables: AsyncIterableIterator<typeof table> = {
      [Symbol.asyncIterator]: () => tables,
      next: () => {
        if (reads++ === 0) return Promise.resolve({ value: table });
        setImmediate(() => end.abort(new Error('enough')));
        return new Promise(() => {});
      },
      return: () => {
        returns++;
        return new Promise(() => {});
      },
    };
    await expect(writeParquet(folder.file('x.parquet'), tables, { signal: end.signal })).rejects.toThrow('enough');
    expect({ reads, returns, names: folder.names }).toEqual({ reads: 2, returns: 1, names: [] });
  });

  it('is a signal while the file is made, which is then not put in place', async () => {
    using folder = new Folder();
    writeFileSync(folder.file('x.parquet'), 'old');
    const end = new AbortController();
    const tables = async function* () {
      yield await client.scan({ fields: ['name'] });
      // When the tables have ended, and the thread is asked for the file.
      setImmediate(() => end.abort(new Error('enough')));
    };
    const writing = writeParquet(folder.file('x.parquet'), tables(), { signal: end.signal });
    await expect(writing).rejects.toThrow('enough');
    expect(readFileSync(folder.file('x.parquet'), 'utf8')).toBe('old');
    expect(folder.names).toEqual(['x.parquet']);
  });

  it('is a table among them: the iterator is asked to end, with a signal too', async () => {
    using folder = new Folder();
    let ended = false;
    const tables = function* () {
      try {
        yield {} as never;
      } finally {
        ended = true;
      }
    };
    const { signal } = new AbortController();
    await expect(writeParquet(folder.file('x.parquet'), tables(), { signal })).rejects.toThrow(/"tables"/);
    expect(ended).toBe(true);
  });

  it('is a directory that does not exist, whose path the error names', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: ['name'] });
    const writing = writeParquet(folder.file('none/x.parquet'), table);
    await expect(writing).rejects.toMatchObject({ code: 'ENOENT', message: expect.stringContaining('none') });
    expect(existsSync(folder.file('none'))).toBe(false);
  });
});

describe('texts', () => {
  it('lose what a pattern matches, also an argument behind its option', async () => {
    using folder = new Folder();
    using child = await sleeper(['env', 'SECRET=of-the-environment']);
    await using options = await shell(
      'set -- --password hunter2; exec sh -c "echo ready; read line" x --password hunter2 --token=abc',
    );
    const table = await client.scan({ fields: ['cmdline', 'environ'], pids: [options.pid, child.pid] });
    const redact = [/(?<=--password[ =])\S+/, /(?<=--token=)\S+/, /(?<=^SECRET=).*/];
    await writeParquet(folder.file('redacted.parquet'), table, { redact });
    const [ofOptions, ofChild] = rowsOf(folder.file('redacted.parquet'));
    expect((plain(ofOptions?.['cmdline']) as string[]).slice(-3)).toEqual([
      '--password',
      '[redacted]',
      '--token=[redacted]',
    ]);
    expect(plain(ofChild?.['environ'])).toContainEqual({ name: 'SECRET', value: '[redacted]' });
    expect(readFileSync(folder.file('redacted.parquet'), 'latin1')).not.toContain('hunter2');
  });
});

describe('arguments', () => {
  it.each([
    ['a file that is no path', [5, 'table'], 'ERR_INVALID_ARG_TYPE', /"file"/],
    ['a table that is none', ['x', {}], 'ERR_INVALID_ARG_TYPE', /"tables"/],
    ['rows of a table in a list', ['x', [1]], 'ERR_INVALID_ARG_TYPE', /"tables"/],
    ['no table', ['x', []], 'ERR_INVALID_ARG_VALUE', /'tables'/],
    ['an option that is not known', ['x', [], { hots: 'a' }], 'ERR_INVALID_ARG_VALUE', /no option 'hots'/],
    ['a host that is no text', ['x', [], { host: 1 }], 'ERR_INVALID_ARG_TYPE', /"options.host"/],
    ['a time that is none', ['x', [], { time: Number.NaN }], 'ERR_OUT_OF_RANGE', /"options.time"/],
    ['a pattern that is text', ['x', [], { redact: ['a'] }], 'ERR_INVALID_ARG_TYPE', /"options.redact\[0\]"/],
    ['rows of several tables', ['x', [], { rows: [1] }], 'ERR_INVALID_ARG_VALUE', /'options.rows'/],
    ['a signal that is none', ['x', [], { signal: 1 }], 'ERR_INVALID_ARG_TYPE', /"options.signal"/],
  ])('reject %s', async (_, args, code, message) => {
    const write = writeParquet as (...given: unknown[]) => Promise<unknown>;
    using folder = new Folder();
    const [file, ...rest] = args;
    await expect(write(file === 'x' ? folder.file('x') : file, ...rest)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(folder.names).toEqual([]);
  });

  it('reject a field that the table does not have, and a row', async () => {
    using folder = new Folder();
    const table = await client.scan({ fields: ['name'] });
    const write = (options: object) => writeParquet(folder.file('x'), table, options);
    await expect(write({ fields: ['umask'] })).rejects.toThrow(/'options.fields\[0\]'/);
    await expect(write({ rows: [table.length] })).rejects.toThrow(/"options.rows\[0\]"/);
  });
});
