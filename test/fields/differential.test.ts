import { existsSync, readlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  AccessDeniedError,
  type Client,
  createClient,
  FIELDS,
  type Field,
  type ProcessTable,
  ZombieProcessError,
} from 'psutil-extra';
import { expect, test } from 'vitest';
import { UNSTEADY } from '../processes/unsteady.js';

/** Of a process that runs, these may differ from one read to the next. */
const MOVING: ReadonlySet<Field> = new Set<Field>([
  ...UNSTEADY,
  'state',
  'sigmasks',
  'threads',
  'fdCount',
  'fds',
  'connections',
]);

/** Processes of another test, whose memory map is locked. */
const HUNG = 'hung';

/** The value, or the class of the error and its code. */
const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch(({ name, code }: { name: string; code: string }) => ({ name, code }));

test.each(['auto', 'procfs'] as const)(
  'of every process of the machine, a scan by %s returns what single calls return',
  async (source) => {
    await using client = createClient({ source, threads: 2 });
    await using single = createClient({ threads: 1 });
    const table = await client.scan({ fields: FIELDS });
    expect(table.length).toBeGreaterThan(2);
    const differing: string[] = [];
    let compared = 0;
    for (const { pid, name } of table) {
      if (name === HUNG) continue;
      let found = await compare(table, single, pid);
      // A process may change between the two, as one that runs another program. It does not do so each time.
      for (let more = 0; found.differing.length > 0 && more < ROUNDS; more++) {
        found = await compare(await client.scan({ fields: FIELDS, pids: [pid] }), single, pid);
      }
      differing.push(...found.differing);
      compared += found.compared;
    }
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(2 * 20);
  },
);

/** How often a process that differs is read again. */
const ROUNDS = 5;

/** The fields of a process that single calls return differently, and how many were compared. */
async function compare(table: ProcessTable, single: Client, pid: number) {
  const nothing = { differing: [], compared: 0 };
  const row = table.get(pid);
  const held = await single.process(pid).catch(() => undefined);
  // It has ended since, or the number is another process's by now.
  if (row === undefined || held === undefined || held.startTime !== row.startTime) return nothing;
  const calls = await Promise.all(FIELDS.map((field) => outcome(single[field](pid))));
  const still = await held.state().catch(() => undefined);
  if (still === undefined || still === 'zombie') return nothing;
  const differing: string[] = [];
  let compared = 0;
  for (const [i, field] of FIELDS.entries()) {
    const error = table.error(pid, field);
    if (MOVING.has(field) && error === undefined) continue;
    const scanned = error === undefined ? row[field] : { name: error.name, code: error.code };
    compared++;
    if (isDeepStrictEqual(scanned, calls[i])) continue;
    const values = `${JSON.stringify(scanned)} and ${JSON.stringify(calls[i])}`;
    differing.push(`${field} of ${pid} (${row.name}): ${values}`);
  }
  return { differing, compared };
}

test('a scan of every field denies only what the kernel denies to this program, and loses only to zombies', async () => {
  await using client = createClient({ threads: 2 });
  const table = await client.scan({ fields: FIELDS });
  const unexplained: string[] = [];
  for (const pid of table.pids) {
    for (const field of FIELDS) {
      const error = table.error(pid, field);
      if (error === undefined || error instanceof ZombieProcessError || table.get(pid)?.name === HUNG) continue;
      // A process with capabilities that root lacks here, such as that which started this container.
      if (error instanceof AccessDeniedError && isDenied(`/proc/${pid}/exe`)) continue;
      // It has ended since, or was just ending.
      if (!existsSync(`/proc/${pid}`)) continue;
      unexplained.push(error.message);
    }
  }
  expect(unexplained).toEqual([]);
});

function isDenied(link: string): boolean {
  try {
    readlinkSync(link);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

test('while processes start and end, a row that a scan returns is complete or says why', async () => {
  await using client = createClient({ threads: 2 });
  const table = await client.scan({ fields: FIELDS });
  const nullable = new Set(['exe', 'exeDeleted', 'terminal', 'memoryDetail', 'memoryFootprint']);
  for (const field of ['cgroup', 'containerId', 'loginuid', 'securityLabel', 'wchan']) nullable.add(field);
  for (const row of table) {
    for (const field of FIELDS) {
      if (row[field] !== null || nullable.has(field)) continue;
      expect(table.error(row.pid, field), `${field} of ${row.pid}`).toBeDefined();
    }
  }
});
