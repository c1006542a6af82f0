import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { record } from '@psutil-extra/parquet';
import { createClient, type Field, type ProcessTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '../../documents/markdown.js';
import { counted } from '../../parquet/counted.js';
import { Folder } from '../../parquet/files.js';
import { ContainerCgroup } from '../../processes/container-cgroup.js';
import { commAndState } from '../../processes/proc.js';
import { Python } from '../../processes/python.js';
import { sleeper } from '../../processes/sleeper.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { Database } from './database.js';

/** The SQL of the README, over the files of three recorders, compared with what the client says. */
const VIEWS = snippet(
  "packages/parquet/README.md: CREATE OR REPLACE VIEW history AS SELECT * FROM read_parquet('processes/*.parquet', union_by_name = true);",
);
const PORT = snippet('packages/parquet/README.md: SELECT host, pid, name, socket.local AS address');
const RESTART = snippet('packages/parquet/README.md: SELECT host, pid, name, list_distinct(list_concat(');
const DELETED = snippet('packages/parquet/README.md: SELECT host, pid, name, open.path');
const CONTAINER = snippet(
  'packages/parquet/README.md: SELECT host, containerId[:12] AS container, count(*) AS processes,',
);
const LARGEST = snippet(
  'packages/parquet/README.md: SELECT host, pid, name, memory.rss FROM latest ORDER BY memory.rss DESC LIMIT 10;',
);
const CAPABILITIES = snippet(
  'packages/parquet/README.md: SELECT host, pid, name, capabilities.effective AS held FROM latest',
);
const BUSY = snippet(
  'packages/parquet/README.md: SELECT host, pid, name, time, round(100 * used / elapsed, 1) AS percent',
);
const GROWTH = snippet(
  'packages/parquet/README.md: SELECT host, pid, name, max_by(memory.rss, time) - min_by(memory.rss, time) AS growth',
);
const RESTARTED = snippet(
  'packages/parquet/README.md: SELECT host, name, count(DISTINCT (pid, startTime)) AS instances, max(startTime) AS last',
);

const HOSTS = ['a', 'b', 'c/d'];
const FIELDS = [
  'name',
  'exe',
  'exeDeleted',
  'memoryMaps',
  'fds',
  'connections',
  'containerId',
  'cpuTimes',
  'memory',
  'capabilities',
  'startTime',
] as const satisfies readonly Field[];

const client = createClient();
const folder = new Folder();
let database: Database;
let server: Python;
let port: number;
let began: number;
let table: ProcessTable<(typeof FIELDS)[number]>;

beforeAll(async () => {
  mkdirSync(folder.file('processes'));
  server = await Python.start();
  await server.run('import os, socket, tempfile');
  await server.run('listening = socket.create_server(("127.0.0.1", 0))');
  await server.run('deleted = tempfile.TemporaryFile()');
  // An expression that uses so many seconds of a processor.
  await server.run('import time');
  await server.run(
    'burn = lambda seconds, end=time.process_time: (lambda until: all(iter(lambda: end() < until, False)))(end() + seconds)',
  );
  port = await server.run('listening.getsockname()[1]');
  began = Date.now();
  for (const host of HOSTS) {
    const { client: counting, signal } = counted(client, 3, (scan) =>
      scan === 2 ? server.run('burn(0.3)') : undefined,
    );
    await record(counting, {
      directory: folder.file('processes'),
      host,
      fields: FIELDS,
      interval: 20,
      maxBytes: 1,
      signal,
    });
  }
  table = await client.scan({ fields: FIELDS });
  database = await Database.open(folder.path);
  await database.rows(VIEWS.code);
}, 60_000);

afterAll(async () => {
  database[Symbol.dispose]();
  await server.end();
  await client.close();
  folder[Symbol.dispose]();
});

/** A row for each host. */
const ofEach = (row: object) => HOSTS.map((host) => ({ host, ...row }));
/** The rows of a process. */
const of = (rows: Record<string, unknown>[], pid: number) => rows.filter((row) => row['pid'] === pid);

describe('files of several hosts', () => {
  it('are three of each, and have every process that the client has', async () => {
    const rows = await database.rows(
      'SELECT host, count(DISTINCT time) AS readings FROM history GROUP BY host ORDER BY host',
    );
    expect(rows).toEqual(HOSTS.map((host) => ({ host, readings: 3n })));
    // Those that have lived all the time.
    const lasting = table.filter(({ startTime }) => startTime !== null && startTime < began).map(({ pid }) => pid);
    expect(lasting).toContain(process.pid);
    for (const host of HOSTS) {
      const found = await database.rows(`SELECT pid FROM latest WHERE host = '${host}'`);
      const pids = new Set(found.map(({ pid }) => pid));
      expect(lasting.filter((pid) => !pids.has(pid))).toEqual([]);
    }
  });
});

describe('a question of the README', () => {
  it('who listens on a port', async () => {
    const rows = await database.rows(PORT.code.replace('8080', String(port)));
    expect(rows).toEqual(
      expect.arrayContaining(ofEach({ pid: server.pid, name: expect.any(String), address: '127.0.0.1' })),
    );
    expect(rows).toHaveLength(3);
  });

  it('who has a deleted file open', async () => {
    const rows = of(await database.rows(DELETED.code), server.pid);
    const held = table.get(server.pid)?.fds?.filter(({ kind, deleted }) => kind === 'file' && deleted);
    expect(held).not.toEqual([]);
    expect(rows).toHaveLength(3 * (held?.length ?? 0));
    expect(rows.map(({ path }) => path)).toContain(held?.[0]?.path);
  });

  it('which ten take the most memory', async () => {
    const rows = await database.rows(LARGEST.code);
    expect(rows).toHaveLength(10);
    const sizes = rows.map(({ rss }) => Number(rss));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  it('who has capabilities that no service should have', async () => {
    const rows = of(await database.rows(CAPABILITIES.code), process.pid);
    const names = table.get(process.pid)?.capabilities?.effective.names() ?? [];
    const expected = names.includes('CAP_SYS_ADMIN') || names.includes('CAP_DAC_OVERRIDE') ? 3 : 0;
    expect(rows).toHaveLength(expected);
    if (expected > 0) expect(rows[0]?.['held']).toEqual(names);
  });

  it('how busy each process was', async () => {
    const rows = of(await database.rows(BUSY.code), server.pid);
    // 0.3 s between two readings, of at least a tenth of a processor.
    expect(Number(rows[0]?.['percent'])).toBeGreaterThan(10);
    // On a busy machine a process is read later than its reading says: then the part is too large, but no thousandfold.
    for (const { percent } of rows) expect(Number(percent)).toBeLessThan(400 * availableParallelism());
  });

  it('whose memory grows, and what was restarted', async () => {
    const growth = await database.rows(GROWTH.code);
    expect(growth).toHaveLength(10);
    const restarted = await database.rows(RESTARTED.code);
    expect(restarted.find(({ host }) => host === 'a')).toMatchObject({ instances: expect.any(BigInt) });
  });
});

describe('a question of the README about what must be made for it', () => {
  it('what has to be restarted after an update', async () => {
    using other = new Folder();
    mkdirSync(other.file('processes'));
    copyFileSync('/bin/sleep', other.file('sleep'));
    using running = new Spawned([other.file('sleep'), '300'], { stdio: 'ignore' });
    await until('it runs', () => commAndState(running.pid) === 'sleep S');
    rmSync(other.file('sleep'));
    await recordOnce(other);
    using its = await Database.open(other.path);
    await its.rows(VIEWS.code);
    const rows = of(await its.rows(RESTART.code), running.pid);
    expect(rows).toEqual([{ host: 'x', pid: running.pid, name: 'sleep', old: [other.file('sleep')] }]);
  });

  it('what the processes of a container use', async ({ skip }) => {
    using other = new Folder();
    mkdirSync(other.file('processes'));
    const id = randomBytes(32).toString('hex');
    using group = ContainerCgroup.of(id);
    if (group === undefined)
      return skip('a control group cannot be made here: it takes root and a writable /sys/fs/cgroup');
    const inside = await sleeper(group.wrapper);
    await recordOnce(other);
    await inside.end();
    await until('the group is empty', () => group.isEmpty);
    using its = await Database.open(other.path);
    await its.rows(VIEWS.code);
    const rows = await its.rows(CONTAINER.code);
    const row = rows.find(({ container }) => container === id.slice(0, 12));
    expect(row).toMatchObject({ host: 'x', processes: 1n });
    expect(Number(row?.['bytes'])).toBeGreaterThan(0);
  });
});

async function recordOnce(into: Folder): Promise<void> {
  const { client: counting, signal } = counted(client, 1);
  await record(counting, { directory: into.file('processes'), host: 'x', fields: FIELDS, interval: 10, signal });
}
