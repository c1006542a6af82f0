import { deepStrictEqual, notDeepStrictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import { createClient, type ProcessRow, type ProcessTable, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
let python: Python;
let zombie: number;
const ALL = ['name', 'ppid', 'state', 'uids', 'groups', 'umask', 'sigmasks', 'startTime', 'rlimits'] as const;
type Row = ProcessRow<(typeof ALL)[number]>;
let table: ProcessTable<(typeof ALL)[number]>;

/** A table of a living process and a zombie, whose umask is lost. */
beforeAll(async () => {
  python = await Python.start(['prlimit', '--nofile=77:88']);
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})');
  zombie = await python.run('zombie()');
  await until('the child is a zombie', () => stateOf(zombie) === 'Z');
  table = await client.scan({
    fields: ALL,
    pids: [python.pid, zombie],
  });
});
afterAll(async () => {
  python[Symbol.dispose]();
  await client.close();
});

describe('a row', () => {
  test('has exactly the fields asked for, and pid', () => {
    expect(Object.keys(table.get(python.pid) ?? {})).toEqual(['pid', ...table.fields]);
    expect(table.get(python.pid)).not.toHaveProperty('sid');
  });

  test('is found by its PID, by its position and by iteration', () => {
    const [first, second] = [...table];
    expect([first?.pid, second?.pid]).toEqual([python.pid, zombie]);
    expect(table.at(1)?.pid).toBe(zombie);
    expect(table.at(-1)?.pid).toBe(zombie);
    expect(table.get(zombie)?.pid).toBe(zombie);
  });

  test('is an ordinary object: it is spread, listed, cloned and compared as one', () => {
    const row = table.get(python.pid) as Row;
    const again = table.get(python.pid) as Row;
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.keys({ ...row })).toEqual(['pid', ...ALL]);
    expect(Object.entries(row)[0]).toEqual(['pid', python.pid]);
    expect(structuredClone(row)).toEqual(row);
    deepStrictEqual(again, row);
    notDeepStrictEqual(table.get(zombie), row);
  });

  test('has limits that are plain, and unlimited in JSON', () => {
    const limits = (table.get(python.pid) as Row).rlimits?.RLIMIT_CPU;
    deepStrictEqual(limits, { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY });
    expect(JSON.stringify(limits)).toBe('{"soft":"unlimited","hard":"unlimited"}');
  });

  test('that is not there is undefined', () => {
    expect([table.get(UNUSED_PID), table.at(2), table.at(-3), table.get(Number.NaN)]).toEqual(Array(4).fill(undefined));
  });

  test('is the single read’s values', async () => {
    const row = table.get(python.pid);
    for (const field of ALL) {
      if (field !== 'state') expect(row?.[field], field).toEqual(await client[field](python.pid));
    }
  });

  test('has null for a field that could not be read, and the table has its error', () => {
    expect(table.get(zombie)?.umask).toBe(null);
    expect(table.error(zombie, 'umask')).toBeInstanceOf(ZombieProcessError);
    expect(table.error(zombie, 'umask')).toMatchObject({ code: 'ESRCH', pid: zombie });
  });

  test('has no error for a field that could be', () => {
    expect(table.error(zombie, 'ppid')).toBe(undefined);
    expect(table.error(python.pid, 'umask')).toBe(undefined);
    expect(table.error(UNUSED_PID, 'umask')).toBe(undefined);
  });

  test('prints, and is JSON, as a plain object', () => {
    expect(inspect(table.get(zombie))).toContain("state: 'zombie'");
    expect(JSON.parse(JSON.stringify(table))[1]).toMatchObject({
      pid: zombie,
      umask: null,
      state: 'zombie',
      ppid: python.pid,
    });
  });
});

describe('a column', () => {
  test('pids is an Int32Array', () => {
    expect(table.pids).toEqual(Int32Array.of(python.pid, zombie));
    expect(table.length).toBe(2);
  });

  test('of a number is a typed array, −1 where it could not be read', () => {
    expect(table.column('umask')).toEqual(Int32Array.of(table.get(python.pid)?.umask ?? -2, -1));
    expect(table.column('ppid')).toEqual(Int32Array.of(process.pid, python.pid));
  });

  test('startTime is milliseconds', () => {
    expect([...table.column('startTime')]).toEqual([...table].map(({ startTime }) => startTime));
  });

  test('of texts is an array of them', () => {
    expect(table.column('state')).toEqual([expect.any(String), 'zombie']);
    expect(table.column('name')).toEqual([...table].map(({ name }) => name));
  });

  test('groups is offsets and values', () => {
    const { offsets, values } = table.column('groups');
    const lists = [0, 1].map((row) => [...values.subarray(offsets[row], offsets[row + 1])]);
    expect(lists).toEqual([...table].map(({ groups }) => groups));
  });

  test('uids is an array for each of the three', () => {
    const { real, effective, saved } = table.column('uids');
    const rows = [0, 1].map((row) => ({ real: real[row], effective: effective[row], saved: saved[row] }));
    expect(rows).toEqual([...table].map(({ uids }) => uids));
  });

  test('sigmasks is an array of bits for each set', () => {
    const { blocked } = table.column('sigmasks');
    expect(blocked).toEqual(BigUint64Array.from([...table], ({ sigmasks }) => sigmasks?.blocked?.mask ?? 0n));
    expect(blocked[0]).toBe(2n ** 9n);
  });

  test('rlimits is two arrays for each resource', () => {
    expect(table.column('rlimits').RLIMIT_NOFILE?.soft[0]).toBe(77);
    expect(table.column('rlimits').RLIMIT_NOFILE?.hard[0]).toBe(88);
    expect(table.column('rlimits').RLIMIT_AS?.soft[0]).toBe(Number.POSITIVE_INFINITY);
  });

  test('of a field that was not asked for throws', () => {
    expect(() => table.column('sid' as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });
});

test('PIDs in no order are found too', async () => {
  const mixed = await client.scan({ fields: ['ppid'], pids: [zombie, 1, python.pid, process.pid] });
  expect([1, zombie, process.pid, python.pid].map((pid) => mixed.get(pid)?.pid)).toEqual([
    1,
    zombie,
    process.pid,
    python.pid,
  ]);
});

describe('a table', () => {
  test('has the methods of an array', () => {
    expect(table.toArray()).toEqual([...table]);
    expect(table.map(({ pid }, index) => [index, pid])).toEqual([...table].map(({ pid }, index) => [index, pid]));
    expect(table.filter(({ pid }) => pid === zombie)).toEqual([table.get(zombie)]);
    expect(table.find(({ pid }) => pid === zombie)).toEqual(table.get(zombie));
    expect([table.some(({ pid }) => pid === zombie), table.some(({ pid }) => pid === UNUSED_PID)]).toEqual([
      true,
      false,
    ]);
    expect(table.slice(-1)).toEqual([table.at(-1)]);
    expect(table.slice(1, 0)).toEqual([]);
  });

  test('says of each row whether it has a value, a bit a row', () => {
    expect([...table.validity('umask')]).toEqual([0b01]);
    expect([...table.validity('ppid')]).toEqual([0b11]);
    expect(() => table.validity('sid' as never)).toThrow(TypeError);
  });
});

test('a table prints its length, its source and its first rows', () => {
  expect(inspect(table)).toMatch(
    /^ProcessTable\(2\) \[procfs\] \{\n {2}\{ pid: \d+, name: '.*\n {2}\{ pid: \d+, .*\n\}$/,
  );
});
